"""What is kept until when, what is due to go, and by which rule: the plan, which changes nothing.

The rules are data (`regimes.retention`). They count from moments that the rows tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Min, QuerySet

from staydown.banks import rules as bank_rules
from staydown.banks.models import Entry
from staydown.cases import details, owing
from staydown.cases.details import Detail
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState
from staydown.regimes.clocks import owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.retention import Kept, Schedule, Start, Thing, schedule
from staydown.site import deployment
from staydown.vault import opening
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import EvidenceState
from staydown.vault.retention import holding
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.rules import DestructionState

OVER = (CaseState.DECIDED, CaseState.CLOSED)
PERSONAL = (Detail.CONTACT, Detail.SIGNATURE, Detail.MANDATE)


class Standing(StrEnum):
    """How something stands at a moment."""

    KEPT = "kept"
    HELD = "held"  # a legal hold or an authority's preservation keeps it
    DUE = "due"  # to go, or (fingerprints) to be asked about
    CONFLICT = "conflict"  # two laws cannot both be kept: a person decides


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of one case, and what the rules say of it."""

    case: Case
    what: Kept
    schedule: Schedule

    @property
    def named(self) -> str:
        """What it is about, as `staydown retention plan` says it."""
        return f"{self.what.value} of case {self.case.reference}"

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`: nothing goes that a law still wants kept, or somebody holds."""
        if self.what is not Kept.FINGERPRINT and holding.running(whole(self.case), now).exists():
            return Standing.HELD
        if self.schedule.in_conflict:
            return Standing.CONFLICT
        gone_by = self.schedule.gone_by
        return Standing.DUE if gone_by and gone_by.at <= now else Standing.KEPT


def plan() -> Iterator[Line]:
    """Every case that was decided, then every entry that is banked, the oldest first; not what no rule ends yet."""
    for case in Case.objects.filter(state__in=OVER).order_by("decided_at"):
        for line in of_case(case):
            if line.schedule.gone_by or line.schedule.keep_until:
                yield line
    for entry in Entry.objects.filter(state__in=bank_rules.FOLLOWED).select_related("case").order_by("banked_at"):
        line = _line(entry.case, Kept.FINGERPRINT, {Start.BANKED: entry.banked_at})
        if line.schedule.gone_by or line.schedule.keep_until:
            yield line


def of_case(case: Case) -> Iterator[Line]:
    """What there is of a decided case, and when each of it goes. Nothing twice: not what was destroyed."""
    decided = {Start.DECIDED: case.decided_at} if case.decided_at else {}
    held = media(whole(case)).aggregate(at=Min("settled_at"))["at"]
    if held:
        yield _line(case, Kept.MEDIA, {Start.HELD: held, **decided})
    if has_contact(case):
        yield _line(case, Kept.CONTACT, decided)
    if not destroyed(case, Kept.FILE):
        yield _line(case, Kept.FILE, {**decided, **_closed(case)})


def whole(case: Case) -> list[Case]:
    """A case and those that were joined into it: their evidence stayed with them."""
    return [case, *case.joined.all()]


def media(cases: list[Case]) -> QuerySet[Evidence]:
    """What is sealed in these cases."""
    return Evidence.objects.filter(case__in=cases, state=EvidenceState.SEALED)


def has_contact(case: Case) -> bool:
    """Whether a reporter's address or name is there. Opens their answers."""
    return any(personal(report) for report in case.reports.exclude(details_sealed=None))


def personal(report: Report) -> dict[Detail, str]:
    """The reporter's address and name, where they were given."""
    told = details.unpack(opening.read(report.details_sealed)) if report.details_sealed else {}
    return {detail: text for detail, text in told.items() if detail in PERSONAL}


def destroyed(case: Case, what: Kept) -> bool:
    """Whether this was destroyed since the case was last decided."""
    gone = Destruction.objects.filter(
        case=case, what=what.value, state__in=(DestructionState.ERASED, DestructionState.DONE)
    )
    return gone.filter(erased_at__gte=case.decided_at).exists() if case.decided_at else False


def _closed(case: Case) -> dict[Start, datetime]:
    """From when nobody can complain about it any more."""
    window = owed(owing.facts(case, Event.DECISION), case.decided_at).last(Act.LISTEN) if case.decided_at else None
    return {Start.CLOSED: window.at} if window else {}


def _line(case: Case, what: Kept, moments: dict[Start, datetime]) -> Line:
    thing = Thing(what, Harm(case.harm), Tri(case.minor), deployment.here())
    return Line(case, what, schedule(thing, moments))
