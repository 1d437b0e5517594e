"""The way of a referral, and who of the staff may move it. Pure."""

from enum import StrEnum

from staydown.people.rules import Person, may_confirm, may_decide
from staydown.states import Machine


class Form(StrEnum):
    """How an authority is told."""

    CYBERTIP = "cybertip"  # by its interface
    DOSSIER = "dossier"  # by a person, who copies a text into its form


class ReferralState(StrEnum):
    PREPARED = "prepared"
    APPROVED = "approved"  # a person stands for the text
    OPENED = "opened"  # the authority has given it a number, and nothing is filed yet
    TRIED = "tried"  # NOT REPORTED: sent to a test environment, which satisfies no duty
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"  # the authority's receipt is kept
    REFUSED = "refused"  # the authority's interface does not take it as it is: a person mends it
    DISMISSED = "dismissed"


REFERRAL = Machine(
    ReferralState,
    ReferralState.PREPARED,
    {
        ReferralState.PREPARED: frozenset({ReferralState.APPROVED, ReferralState.DISMISSED}),
        ReferralState.APPROVED: frozenset(
            {ReferralState.OPENED, ReferralState.SENT, ReferralState.REFUSED, ReferralState.PREPARED}
        ),
        ReferralState.OPENED: frozenset(
            {ReferralState.SENT, ReferralState.TRIED, ReferralState.REFUSED, ReferralState.APPROVED}
        ),
        ReferralState.TRIED: frozenset({ReferralState.PREPARED}),
        ReferralState.SENT: frozenset({ReferralState.ACKNOWLEDGED}),
        ReferralState.ACKNOWLEDGED: frozenset(),
        ReferralState.REFUSED: frozenset({ReferralState.PREPARED, ReferralState.DISMISSED}),
        ReferralState.DISMISSED: frozenset(),
    },
)
DONE = frozenset({ReferralState.SENT, ReferralState.ACKNOWLEDGED, ReferralState.DISMISSED})
OWED = frozenset(ReferralState) - DONE


class Environment(StrEnum):
    """Where reports go. There is none unless an operator names one (decision 23)."""

    TEST = "test"
    PRODUCTION = "production"


def may_see(person: Person, *, child: bool) -> bool:
    """Whether a referral exists for this person."""
    return person.active and (person.cleared or not child)


def may_approve(person: Person, *, child: bool) -> bool:
    """Whether a person's approval counts as the first one."""
    return may_decide(person, child)


def may_file(person: Person, *, child: bool) -> bool:
    """Whether a person's approval counts as the second one, after which nothing is taken back."""
    return may_confirm(person, child)
