"""What is kept until when, what is due to go, and by which rule: the plan, which changes nothing.

The rules are data (`regimes.retention`). They count from moments that the rows tell. Media is not kept here yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from staydown.banks import rules as bank_rules
from staydown.banks.models import Entry
from staydown.cases import owing
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.regimes.clocks import owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.retention import Kept, Schedule, Start, Thing, schedule
from staydown.site import deployment


class Standing(StrEnum):
    """How something stands at a moment."""

    KEPT = "kept"
    DUE = "due"  # to go, or (fingerprints) to be asked about
    CONFLICT = "conflict"  # two laws cannot both be kept: a person decides


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of one case, and what the rules say of it."""

    case: Case
    what: Kept
    schedule: Schedule

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`: nothing goes that a law still wants kept."""
        if self.schedule.in_conflict:
            return Standing.CONFLICT
        gone_by = self.schedule.gone_by
        return Standing.DUE if gone_by and gone_by.at <= now else Standing.KEPT


def plan() -> Iterator[Line]:
    """Every case that was decided, then every entry that is banked, the oldest first; not what no rule ends yet."""
    for case in Case.objects.filter(state__in=(CaseState.DECIDED, CaseState.CLOSED)).order_by("decided_at"):
        yield from _ends(_file(case))
    for entry in Entry.objects.filter(state__in=bank_rules.FOLLOWED).select_related("case").order_by("banked_at"):
        yield from _ends(_line(entry.case, Kept.FINGERPRINT, {Start.BANKED: entry.banked_at}))


def _ends(line: Line) -> Iterator[Line]:
    if line.schedule.gone_by or line.schedule.keep_until:
        yield line


def _file(case: Case) -> Line:
    """The reports, words, decisions and answers of a case, from when nobody can complain about it any more."""
    moments: dict[Start, datetime] = {}
    if case.decided_at:
        moments[Start.DECIDED] = case.decided_at
        window = owed(owing.facts(case, Event.DECISION), case.decided_at).last(Act.LISTEN)
        if window:
            moments[Start.CLOSED] = window.at
    return _line(case, Kept.FILE, moments)


def _line(case: Case, what: Kept, moments: dict[Start, datetime]) -> Line:
    thing = Thing(what, Harm(case.harm), Tri(case.minor), deployment.here())
    return Line(case, what, schedule(thing, moments))
