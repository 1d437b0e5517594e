"""The rules of keeping and destroying: what a hold is, the states of a destruction, who may do what. Pure."""

from enum import StrEnum

from staydown.people.rules import Person, Role
from staydown.regimes.retention import Kept
from staydown.states import Machine

DESTROYABLE = (Kept.MEDIA, Kept.CONTACT, Kept.FILE)  # what of a case can be destroyed; a file takes all the rest along
BY_TIMER = (*DESTROYABLE, Kept.ORDER)  # what goes without a person where a rule of it was named
TIMER = "timer"
SENIORS = frozenset({Role.LEAD, Role.CUSTODIAN})


class HoldKind(StrEnum):
    """Why something is kept beyond its time."""

    LEGAL = "legal-hold"  # our own: a proceeding, a claim
    PRESERVATION = "preservation"  # an authority's request or order


class DestructionState(StrEnum):
    """Where a destruction stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"  # by a second person, or by the policy of the timer
    DECLINED = "declined"
    STOPPED = "stopped"  # a hold came, or it was no longer allowed when its turn came
    ERASED = "erased"  # keys and words are gone in one transaction; what is left of ciphertext is being deleted
    DONE = "done"


DESTRUCTION = Machine(
    DestructionState,
    DestructionState.PROPOSED,
    {
        DestructionState.PROPOSED: frozenset(
            {DestructionState.AGREED, DestructionState.DECLINED, DestructionState.STOPPED}
        ),
        DestructionState.AGREED: frozenset({DestructionState.ERASED, DestructionState.STOPPED}),
        DestructionState.DECLINED: frozenset(),
        DestructionState.STOPPED: frozenset(),
        DestructionState.ERASED: frozenset({DestructionState.DONE}),
        DestructionState.DONE: frozenset(),
    },
)


def may_hold(person: Person, *, child: bool) -> bool:
    """Whether somebody may have a case kept."""
    return person.active and person.role in SENIORS and (person.cleared or not child)


def may_lift(person: Person, *, child: bool) -> bool:
    """Whether somebody may end that: a lead, because what is no longer kept may be destroyed."""
    return may_hold(person, child=child) and person.role is Role.LEAD


def may_destroy(person: Person, *, child: bool) -> bool:
    """Whether somebody may propose a destruction or agree to one; it takes two of them."""
    return may_hold(person, child=child)
