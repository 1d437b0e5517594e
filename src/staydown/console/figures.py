"""What the trust lead looks at: counts of the cases that she may know of, by day or class. Nobody of the staff is in them."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staydown.banks.models import Match
from staydown.cases.models import Case, Complaint, Decision, Line, Report, Subject
from staydown.cases.rules import CaseState, DecisionState
from staydown.console import grades
from staydown.journal.models import Entry as JournalEntry
from staydown.people.models import Exposed, Staff
from staydown.platforms.rules import ItemState

DAYS, MONTH = 14, timedelta(days=30)
FEWEST = 3  # people; a sum over fewer would tell of one
Said = str | Promise
Count = Callable[[QuerySet[Case], datetime], list[tuple[Said, int | None]]]
AGES = ((1, _("under 1 hour")), (6, _("1 to 6 hours")), (24, _("6 to 24 hours")), (72, _("1 to 3 days")),
        (168, _("3 to 7 days")))  # fmt: skip
MARGINS = ((0.0, _("late")), (0.1, _("in the last tenth of the time")), (0.5, _("in the second half")))


@dataclass(frozen=True, slots=True)
class Figure:
    """One table of the board, and what its numbers count. A value that would tell of one person is None."""

    name: str
    title: Said
    unit: Said
    count: Count
    for_cleared: bool = False  # counts what cannot be told apart by case


def ages(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Open cases by how long ago they were opened."""
    found = Counter[Said]()
    for opened in cases.filter(state=CaseState.OPEN).values_list("opened_at", flat=True).iterator():
        hours = (now - opened).total_seconds() / 3600
        found[next((said for most, said in AGES if hours < most), _OLDER)] += 1
    return [(said, found[said]) for said in (*(said for _most, said in AGES), _OLDER)]


_OLDER, _EARLY = _("over 7 days"), _("in the first half")


def margins(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Cases decided in the last 30 days by how much of their time was left."""
    found = Counter[Said]()
    decided = cases.filter(decided_at__gt=now - MONTH).values_list("opened_at", "decided_at", "due_at")
    for opened, made, due in decided.iterator():
        left = (due - made) / max(due - opened, timedelta(seconds=1)) if made else 0.0
        found[next((said for most, said in MARGINS if left < most or left == most == 0), _EARLY)] += 1
    return [(said, found[said]) for said in (*(said for _most, said in MARGINS), _EARLY)]


def inflow(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Reports received."""
    return _by_day(Report.objects.filter(case__in=cases), "received_at", now)


def breaches(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Cases whose deadline passed undecided."""
    return _by_day(cases.all(), "escalated_at", now)


def copies(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Copies and uploads that matching stopped."""
    return _by_day(Match.objects.filter(entry__case__in=cases, watched=False), "found_at", now)


def _by_day(rows: QuerySet, column: str, now: datetime) -> list[tuple[Said, int | None]]:  # type: ignore[type-arg]
    """How many of the rows fall on each of the last days, in UTC, the earliest first."""
    first = (now - timedelta(days=DAYS - 1)).date()
    since = datetime(first.year, first.month, first.day, tzinfo=now.tzinfo)
    times: Iterable[datetime] = rows.filter(**{f"{column}__gte": since}).values_list(column, flat=True).iterator()
    found = Counter(at.date() for at in times)
    days = [first + timedelta(days=each) for each in range(DAYS)]
    return [(day.isoformat(), found[day]) for day in days]


def overturns(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Decisions of the last 30 days, how many of them were contested, and how many then fell out otherwise."""
    made = Decision.objects.filter(case__in=cases, state=DecisionState.MADE, made_at__gt=now - MONTH)
    contested = Complaint.objects.filter(decision__in=made).values_list("decision_id", flat=True).distinct()
    changed = sum(_overturned(each) for each in Decision.objects.filter(pk__in=contested))
    return [(_("decided"), made.count()), (_("contested"), len(contested)), (_("decided otherwise then"), changed)]


def _overturned(decision: Decision) -> bool:
    after = Decision.objects.filter(case=decision.case_id, state=DecisionState.MADE, made_at__gt=decision.made_at)
    last = after.order_by("made_at").first()
    return last is not None and _rulings(last) != _rulings(decision)


def _rulings(decision: Decision) -> set[tuple[object, str]]:
    return set(Line.objects.filter(decision=decision).values_list("item_id", "ruling"))


def views(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """How often posts of open cases were seen since they were reported, as their platforms count it."""
    posts = Subject.objects.filter(case__in=cases.filter(state=CaseState.OPEN), item__isnull=False)
    since = posts.exclude(views_before=None).values_list("item__state")
    sums = dict(since.annotate(n=Sum(F("item__views") - F("views_before"))).order_by())
    return [(_("still up"), sums.get(ItemState.UP, 0)), (_("hidden"), sums.get(ItemState.HELD, 0))]


def unviewed(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Cases decided in the last 30 days whose pictures nobody saw as they are."""
    decided = {str(pk) for pk in cases.filter(decided_at__gt=now - MONTH).values_list("pk", flat=True)}
    looked = JournalEntry.objects.filter(act__in=grades.FOUND_OUT, facts__isnull=False)
    seen = decided & {str((facts or {}).get("case")) for facts in looked.values_list("facts", flat=True).iterator()}
    return [(_("decided without viewing"), len(decided) - len(seen)), (_("viewed"), len(seen))]


def exposure(cases: QuerySet[Case], now: datetime) -> list[tuple[Said, int | None]]:
    """Weighted seconds of looking, of all people together."""
    found, people = Counter[str](), dict[str, set[object]]()
    rows = Exposed.objects.filter(at__gt=now - timedelta(days=DAYS)).values_list("at", "seconds", "weight", "staff_id")
    for at, seconds, weight, who in rows.iterator():
        day = at.date().isoformat()
        found[day] += seconds * weight
        people.setdefault(day, set()).add(who)
    days = [(now - timedelta(days=each)).date().isoformat() for each in reversed(range(DAYS))]
    return [(day, found[day] if not found[day] or len(people[day]) >= FEWEST else None) for day in days]


ALL = (
    Figure("ages", _("How old open cases are"), _("cases"), ages),
    Figure("margins", _("When within their time cases were decided"), _("cases"), margins),
    Figure("inflow", _("Reports received"), _("reports"), inflow),
    Figure("breaches", _("Deadlines missed"), _("cases"), breaches),
    Figure("copies", _("Copies and uploads stopped"), _("copies"), copies),
    Figure("views", _("Views after the report, open cases"), _("views"), views),
    Figure("overturns", _("Decisions contested and overturned"), _("decisions"), overturns),
    Figure("unviewed", _("Decided without viewing"), _("cases"), unviewed),
    Figure("exposure", _("Looking, all people together"), _("weighted seconds"), exposure, for_cleared=True),
)
BY_NAME = {figure.name: figure for figure in ALL}


def of(staff: Staff) -> list[Figure]:
    """The figures that this person may have."""
    return [figure for figure in ALL if staff.may_see_child_safety() or not figure.for_cleared]
