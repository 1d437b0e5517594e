"""What became of each line of a list, where an organisation's reports stand in the queue, and how well it flags."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from django.db.models import Prefetch

from staydown.cases import misuse, seeing
from staydown.cases.models import Case, Message, Report, Subject
from staydown.cases.rules import CaseState, Record
from staydown.flaggers import actions
from staydown.flaggers.models import FlagLine, FlagList
from staydown.organisations.models import Organisation
from staydown.people.models import Staff
from staydown.platforms.rules import AccountState, ItemState
from staydown.vault import opening

FAR = 1000  # as far as a place in the queue is counted
DECIDED = (CaseState.DECIDED, CaseState.CLOSED)


class Became(StrEnum):
    """What became of a line."""

    TAKEN = "taken"  # written down, not yet taken in
    WAITS = "waits"  # for a person
    HIDDEN = "hidden"  # and waits for a person
    REMOVED = "removed"
    LIMITED = "limited"  # the account
    LEFT = "left"  # a person decided to leave it
    GONE = "gone"
    ELSEWHERE = "elsewhere"  # on no platform that is protected here: whoever hosts it is told


BY_ITEM = {ItemState.REMOVED: Became.REMOVED, ItemState.GONE: Became.GONE}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as its sender sees it. `queue`: the place of its case among all that wait, where it waits."""

    place: int
    where: str
    harm: str
    became: Became
    queue: int | None = None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of all that an organisation ever flagged."""

    sent: int
    decided: int
    acted_on: int
    unfounded: int
    hours: float | None  # median, from receipt to the decision
    record: Record  # the numbers of art. 23(3)(a) and (b), of a year
    suspended: bool


def rows(found: Iterable[FlagLine]) -> list[FlagLine]:
    """The lines with what is needed to say what became of them."""
    subjects = Prefetch("report__subjects", Subject.objects.select_related("item", "account"))
    return list(
        FlagLine.objects.filter(pk__in=[each.pk for each in found])
        .select_related("report__case")
        .prefetch_related(subjects)
        .order_by("place")
    )


def lines(sent: FlagList, now: datetime) -> list[Line]:
    """Each line of a list, in its order, and what became of it."""
    found = rows(sent.lines.all())
    queue = positions(now)
    return [_line(each, queue) for each in found]


def positions(now: datetime) -> dict[object, int]:
    """{case: place in the queue, from 1}, as far as the thousandth."""
    waiting = seeing.urgent_first(Case.objects.filter(state=CaseState.OPEN), now, 0, FAR)
    return {case.pk: place for place, case in enumerate(waiting, 1)}


def _line(row: FlagLine, queue: dict[object, int]) -> Line:
    became = became_of(row)
    waits = row.report is not None and became in (Became.WAITS, Became.HIDDEN, Became.ELSEWHERE)
    place = queue.get(row.report.case_id) if row.report and waits else None
    return Line(row.place, actions.said(row)["place"], row.harm, became, place)


def became_of(row: FlagLine) -> Became:
    """What became of one line."""
    if row.report is None:
        return Became.TAKEN
    subjects = list(row.report.subjects.all())
    items = [each.item for each in subjects if each.item]
    accounts = [each.account for each in subjects if each.account]
    decided = row.report.case.state in DECIDED
    if not items and not accounts:
        return Became.LEFT if decided else Became.ELSEWHERE
    if items and items[0].state in BY_ITEM:
        return BY_ITEM[ItemState(items[0].state)]
    if any(each.state != AccountState.ACTIVE for each in accounts):
        return Became.LIMITED
    if decided:
        return Became.LEFT
    return Became.HIDDEN if items and items[0].state == ItemState.HELD else Became.WAITS


def statistics(organisation: Organisation, now: datetime, staff: Staff | None = None) -> Statistics:
    """How well an organisation flags: as it sees it, or as one of the staff may, of what she may know of."""
    sent = FlagLine.objects.filter(flag_list__organisation=organisation)
    if staff and not staff.may_see_child_safety():
        sent = sent.filter(report__case__in=seeing.visible(staff))
    reports = Report.objects.filter(flag_line__in=sent)
    decided = reports.filter(case__state__in=DECIDED, case__decided_at__isnull=False)
    spans = decided.values_list("received_at", "case__decided_at")
    hours = [(at - since).total_seconds() / 3600 for since, at in spans if at]
    acted = [row for row in rows(sent.filter(report__in=decided)) if became_of(row) in (Became.REMOVED, Became.LIMITED)]
    ref = actions.reference(organisation)
    return Statistics(
        sent=sent.count(),
        decided=len(hours),
        acted_on=len(acted),
        unfounded=reports.exclude(unfounded_at=None).count(),
        hours=round(median(hours), 1) if hours else None,
        record=misuse.record(ref, now),
        suspended=ref in misuse.slowed(now),
    )


def counted(found: Iterable[Line]) -> dict[str, int]:
    """{what became of it: how many lines}."""
    return dict(Counter(each.became.value for each in found))


def told(organisation: Organisation) -> list[tuple[datetime, str]]:
    """What the team wrote to an organisation about its reports, the newest first."""
    sent = Message.objects.filter(report__flag_line__flag_list__organisation=organisation)
    return [(each.at, opening.read(each.words_sealed)) for each in sent.order_by("-at")[:20]]
