"""The rules of allow entries: what a person has said is not what must stay down. Pure.

Loosening is where a bank is attacked from within, so an allow entry is narrow. It speaks of the very file; or, where two
people agreed, of what looks just like it, and then only against what resembles an entry as a whole and less than it
resembles the allowed picture. It never speaks of a child's entry unless two people cleared for child safety agreed.
"""

from dataclasses import dataclass
from enum import StrEnum

from staydown.banks.rules import Hit, verified
from staydown.states import Machine

ALIKE = 8  # bits of 256: a picture saved again and made smaller stays within them, another one does not


class AllowState(StrEnum):
    PROPOSED = "proposed"  # waits for a second person, and allows nothing
    ALLOWING = "allowing"
    REVOKED = "revoked"


ALLOW = Machine(
    AllowState,
    AllowState.PROPOSED,
    {
        AllowState.PROPOSED: frozenset({AllowState.ALLOWING, AllowState.REVOKED}),
        AllowState.ALLOWING: frozenset({AllowState.REVOKED}),
        AllowState.REVOKED: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """One allow entry that speaks of a picture: by its very bytes, or by its likeness at a distance in bits."""

    same_file: bool
    cleared: bool  # two people cleared for child safety agreed
    distance: int = 0


def needs_second_person(*, alike: bool, child_safety: bool) -> bool:
    """Whether two people must agree to an allow entry."""
    return alike or child_safety


def sets_aside(allowed: Allowed, hit: Hit, *, child_safety: bool) -> bool:
    """Whether an allow entry takes a hit away, `child_safety` where the hit's entry is of such a case.

    What shows parts of an entry, or shares a digest with it, is not set aside by its likeness to another picture:
    somebody may have put the one into the other, or made the one for the other's digest.
    """
    if child_safety and not allowed.cleared:
        return False
    if allowed.same_file:
        return True
    whole = not hit.exact and not hit.forgeable and not verified(hit)
    return whole and allowed.distance <= ALIKE and allowed.distance < hit.distance
