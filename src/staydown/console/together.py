"""What a case page shows of cases that are one: what was joined, where it was split from, and what may be split."""

from dataclasses import dataclass
from typing import Any

from staydown.cases.actions import joining
from staydown.cases.models import Case
from staydown.cases.rules import RULED, CaseState


@dataclass(frozen=True, slots=True)
class Part:
    """A case that was joined to this one."""

    case: Case
    can_go: bool  # nothing was ruled on the whole since


def context(case: Case) -> dict[str, Any]:
    """The parts of a case, and what a person may do about them; three queries."""
    parts = [Part(part, joining.can_be_taken_apart(part, case)) for part in case.joined.order_by("joined_at")]
    former = case.split_from
    while former and former.joined_into:
        former = former.joined_into
    ruled = case.decisions.filter(state__in=RULED).exists()
    return {
        "parts": parts,
        "former": former,
        "may_join": case.state == CaseState.OPEN and not case.decisions.exists(),
        "may_split": case.state == CaseState.OPEN and not ruled,
    }
