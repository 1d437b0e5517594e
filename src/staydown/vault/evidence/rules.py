"""The rules of evidence: its states (decision 10), how long a removal waits for it, who may have it released. Pure."""

from enum import StrEnum

from staydown.people.rules import Person, Role
from staydown.states import Machine

WAIT_SECONDS = 60  # a removal waits so long for evidence, then goes out; the gap is journalled (decision 10)
LONGEST_SECONDS = 900.0  # of one fetch
LARGEST = 8 * 2**30  # bytes of one original
TRIES_WHEN_REFUSED = 4  # about 15 seconds: a platform may not know an item yet that it just registered
TRIES_WHEN_AWAY = 16  # about a day
LONGEST_WAIT = 6 * 3600.0


class EvidenceState(StrEnum):
    """Where the evidence of one item in one case stands."""

    WANTED = "wanted"
    SEALED = "sealed"
    UNOBTAINABLE = "unobtainable"
    FORBIDDEN = "forbidden"  # by this deployment's role or country


EVIDENCE = Machine(
    EvidenceState,
    EvidenceState.WANTED,
    {
        EvidenceState.WANTED: frozenset({EvidenceState.SEALED, EvidenceState.UNOBTAINABLE, EvidenceState.FORBIDDEN}),
        EvidenceState.SEALED: frozenset(),
        EvidenceState.UNOBTAINABLE: frozenset({EvidenceState.WANTED}),  # custodians were named, or the platform mended
        EvidenceState.FORBIDDEN: frozenset(),
    },
)


class Reason(StrEnum):
    """Why evidence is not there."""

    NO_CUSTODIANS = "no-custodians"  # nobody was named who could open it: it is not taken
    NO_ADDRESS = "no-address"  # the platform has no evidence address, or no secret to sign with
    REFUSED = "refused"  # the platform did not hand it over
    AWAY = "away"  # the platform was not reached for a day, or broke off each time
    TOO_LARGE = "too-large"
    ROLE = "role"


def wait_before(attempts: int) -> float:
    """Seconds until the next attempt after so many."""
    return min(2.0**attempts, LONGEST_WAIT)


class ReleaseState(StrEnum):
    """Where a wish to have evidence released stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"


RELEASE = Machine(
    ReleaseState,
    ReleaseState.PROPOSED,
    {
        ReleaseState.PROPOSED: frozenset({ReleaseState.AGREED, ReleaseState.DECLINED}),
        ReleaseState.AGREED: frozenset(),
        ReleaseState.DECLINED: frozenset(),
    },
)
RELEASERS = frozenset({Role.LEAD, Role.CUSTODIAN, Role.MODERATOR})


def may_release(person: Person, *, child: bool) -> bool:
    """Whether somebody may propose or agree that ciphertext leaves the server for the custodians."""
    return person.active and person.role in RELEASERS and (person.cleared or not child)
