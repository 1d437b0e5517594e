"""What a person of the staff may see: enforced in the query, so that no address, count or search leads around it."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Case as Conditional
from django.db.models import CharField, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.cases import misuse
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState
from staydown.cases.severity import SEVERITY
from staydown.people import exposures
from staydown.people.models import Staff
from staydown.people.rules import Act
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import CheckState, ItemState
from staydown.regimes.harms import CHILD_HARMS, Harm, Tri

CERTAINLY_CHILDS = Q(harm__in=[harm.value for harm in CHILD_HARMS]) | Q(minor=Tri.YES)
REFERENCE = 6  # signs of a case's id that people say
GRAVEST = [harm.value for harm in (*CHILD_HARMS, Harm.SEXUAL_VIOLENCE_RECORDING)]  # as `exposure.weight` has it
SPANS = (timedelta(0), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def may_know(staff: Staff, path: str = "") -> Q:
    """That a case is one this person may know of: without clearance, only where no child is shown for certain.

    `path` leads to the case by foreign keys that are never null ("entry__case__"): a condition on a join finds its rows by their
    indexes, where "is among all these cases" reads a hundred thousand first.
    """
    if not staff.may(Act.READ):
        return Q(pk__in=[])
    known = ~Q(**{f"{path}state": CaseState.JOINED})
    return known if staff.may_see_child_safety() else known & _certainly_no_childs(path)


def _certainly_no_childs(path: str) -> Q:
    return Q(**{f"{path}minor": Tri.NO}) & ~Q(**{f"{path}harm__in": [harm.value for harm in CHILD_HARMS]})


def may_be_childs(path: str = "") -> Q:
    """That a case may be about a child, as only cleared people see it; `path` as above, or from one to many."""
    harms, minor = [harm.value for harm in CHILD_HARMS], [Tri.YES.value, Tri.UNKNOWN.value]
    return Q(**{f"{path}harm__in": harms}) | Q(**{f"{path}minor__in": minor})


def visible(staff: Staff) -> QuerySet[Case]:
    """The cases this person may know of."""
    return Case.objects.filter(may_know(staff))


def by_reference(staff: Staff, said: str) -> Case | None:
    """The open case that people call by this reference, the youngest where there are two; None for what is not one."""
    tail = said.strip().lower()
    if len(tail) != REFERENCE or set(tail) - set("0123456789abcdef"):
        return None
    named = visible(staff).annotate(name=Cast("pk", CharField())).filter(state=CaseState.OPEN, name__endswith=tail)
    return named.order_by("-opened_at").first()


def joined_into(staff: Staff, case_id: UUID) -> Case | None:
    """The case that a joined one is worked on with now, if this person may know of it."""
    return visible(staff).filter(joined__pk=case_id, joined__state=CaseState.JOINED).first()


def unknown(staff: Staff) -> QuerySet[Case]:
    """The cases that this person must not know of, wherever they touch what she may see."""
    return Case.objects.none() if staff.may_see_child_safety() else Case.objects.filter(may_be_childs())


def posts_of_unknown(staff: Staff) -> QuerySet[Item]:
    """Posts that belong to such a case, or met an entry of one."""
    if staff.may_see_child_safety():
        return Item.objects.none()
    return Item.objects.filter(may_be_childs("subjects__case__") | may_be_childs("matches__entry__case__"))


def uploads_of_unknown(staff: Staff) -> QuerySet[Check]:
    """The same of uploads."""
    if staff.may_see_child_safety():
        return Check.objects.none()
    return Check.objects.filter(may_be_childs("case__") | may_be_childs("matches__entry__case__"))


def urgent_first(cases: QuerySet[Case], now: datetime, start: int, count: int) -> list[Case]:
    """`count` of the cases that wait, from the `start`th on: what is late, then what is due within an hour, six hours, a day, and
    later; in each the gravest harm first, and of one harm what is due first. Never by how many reported, nor by who did, but that
    within one harm and span what only a pseudonym that misuses reporting has sent comes last (EU law, art. 23), never where a
    child may be concerned.

    One small query for each span, the nearest first, until there are enough: a hundred thousand cases are never sorted. What
    waits in decided ones stands by their old deadlines, among what is late.
    """
    found: list[UUID] = []
    open_ones, left = cases.filter(state=CaseState.OPEN), cases.exclude(state=CaseState.OPEN).filter(pk__in=_left())
    edges = [None, *(now + span for span in SPANS), None]
    grave = [When(harm=harm.value, then=Value(place)) for place, harm in enumerate(SEVERITY)]
    gravity = Conditional(*grave, default=Value(len(SEVERITY)), output_field=IntegerField())
    slowed = misuse.slowed(now)
    late = {"behind": _behind(slowed)} if slowed else {}
    for since, until in pairwise(edges):
        if len(found) >= start + count:
            break
        within = Q(due_at__gte=since) if since else Q()
        within &= Q(due_at__lt=until) if until else Q()
        columns = ("gravity", *late, "due_at", "pk")
        both = [one.filter(within).annotate(gravity=gravity, **late).values_list(*columns) for one in (open_ones, left)]
        ordered = both[0].union(both[1], all=True).order_by(*columns)
        found += [row[-1] for row in ordered[: start + count - len(found)]]
    wanted = found[start : start + count]
    rows = Case.objects.in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]


def _behind(slowed: list[bytes]) -> Conditional:
    """1 for what only a pseudonym that misuses reporting has sent."""
    theirs = Report.objects.filter(case=OuterRef("pk"), reporter_ref__in=slowed)
    others = Report.objects.filter(case=OuterRef("pk")).exclude(reporter_ref__isnull=False, reporter_ref__in=slowed)
    behind = Q(minor=Tri.NO) & ~Q(harm__in=CHILD_HARMS) & Exists(theirs) & ~Exists(others)
    return Conditional(When(behind, then=Value(1)), default=Value(0), output_field=IntegerField())


def hers(staff: Staff, now: datetime) -> QuerySet[Case]:
    """The cases this person may know of, without the harms that she is spared, and what is gravest when her turn is over."""
    mine = visible(staff).exclude(harm__in=staff.spared)
    return (
        mine.filter(minor__in=[Tri.NO, Tri.UNKNOWN]).exclude(harm__in=GRAVEST) if exposures.away(staff, now) else mine
    )


def _left() -> QuerySet[Any]:
    """The cases, open or not, in which copies, uploads or a frozen entry wait for somebody."""
    hinted = Match.objects.filter(waits__in=[True])  # an equality: for a bare truth SQLite takes no index
    copies = hinted.filter(item__state=ItemState.HELD).values("entry__case")
    uploads = Check.objects.filter(state=CheckState.PENDING, case__isnull=False).values("case")
    frozen = Entry.objects.filter(state=EntryState.FROZEN).values("case")
    return copies.union(uploads, frozen)


def waiting(cases: QuerySet[Case], most: int) -> int:
    """In how many of the cases somebody has to do something, counted no further than one beyond `most`."""
    undecided = at_most(cases.filter(state=CaseState.OPEN), most)
    if undecided > most:
        return undecided
    return min(most + 1, undecided + at_most(cases.exclude(state=CaseState.OPEN).filter(pk__in=_left()), most))


def at_most(cases: QuerySet[Case], most: int) -> int:
    """How many there are, counted no further than one beyond `most`."""
    return cases.order_by()[: most + 1].count()
