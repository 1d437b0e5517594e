"""The rules of evidence: its states (decision 10), how long a removal waits for it, who may have it released. Pure."""

from enum import StrEnum

from staydown.people.rules import MAY, Act, Person, Role
from staydown.states import Machine

WAIT_SECONDS = 60  # a removal waits so long for evidence, then goes out; the gap is journalled (decision 10)
LONGEST_SECONDS = 900.0  # of one fetch
LARGEST = 8 * 2**30  # bytes of one original
TRIES_WHEN_REFUSED = 4  # about 15 seconds: a platform may not know an item yet that it just registered
TRIES_WHEN_AWAY = 16  # about a day
LONGEST_WAIT = 6 * 3600.0


LARGEST_SCREENSHOT = 16 * 2**20  # bytes
MOST_SCREENSHOTS = 10  # of a report
MOST_UNREADABLE = 50  # uploads of a case that nobody can open and that are sealed all the same: a flood fills no disk


class Kind(StrEnum):
    """What is sealed. The first three are what the evidence address calls them."""

    ITEM = "item"  # the original of a post
    CHECK = "check"  # an upload that was stopped for a person, which no post shows yet
    PAGE = "page"  # the text around a post, without media
    REPORT = "report"  # what a reporter wrote, without what tells who that is
    ADDITION = "addition"  # what she wrote later
    SCREENSHOT = "screenshot"  # what she hands over herself, of what she saw


MEDIA = frozenset({Kind.ITEM, Kind.CHECK, Kind.SCREENSHOT})


class EvidenceState(StrEnum):
    """Where one piece of evidence in one case stands."""

    WANTED = "wanted"
    SEALED = "sealed"
    UNOBTAINABLE = "unobtainable"
    FORBIDDEN = "forbidden"  # by this deployment's role or country


EVIDENCE = Machine(
    EvidenceState,
    EvidenceState.WANTED,
    {
        EvidenceState.WANTED: frozenset({EvidenceState.SEALED, EvidenceState.UNOBTAINABLE, EvidenceState.FORBIDDEN}),
        EvidenceState.SEALED: frozenset({EvidenceState.UNOBTAINABLE}),  # destroyed: `Reason.DESTROYED`
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
    DESTROYED = "destroyed"  # its time was over, or two people said so: its key is gone
    NOT_OFFERED = "not-offered"  # the platform hands over no pages
    NO_TEXT = "no-text"  # what it handed over as a page is none
    ALLOWED = "allowed"  # a person let the upload pass before it was sealed
    TOO_MANY = "too-many"  # of an account's uploads that nobody can open


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
RELEASERS = frozenset(role for role in Role if Act.RELEASE in MAY[role])
READERS = frozenset(role for role in Role if Act.READ_EVIDENCE in MAY[role])


def may_release(person: Person, *, child: bool) -> bool:
    """Whether somebody may propose or agree that ciphertext leaves the server for the custodians."""
    return person.active and person.role in RELEASERS and (person.cleared or not child)


def may_know(person: Person, *, child: bool) -> bool:
    """Whether somebody may know what is sealed of a case, and who asked for it; an auditor releases nothing."""
    return person.active and person.role in READERS and (person.cleared or not child)
