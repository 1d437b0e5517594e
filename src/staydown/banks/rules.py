"""The rules of the bank: how strong an entry is, what a match does, and when an entry stops itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from staydown.banks.policy import DEFAULT, Policy
from staydown.fingerprints import RULES, Evidence, satisfied
from staydown.fingerprints import Verdict as Likeness
from staydown.platforms.rules import Verdict
from staydown.states import Machine

QUALITY = 50  # below it a picture is too flat for its fingerprint to name it (the same source)
KNOWN = "known_material"  # the one reason an uploader may learn


class EntryState(StrEnum):
    PROPOSED = "proposed"  # watch: a match makes a hold and a case, never more
    HOLDING = "holding"  # one person decided: exact copies are blocked, resembling ones held
    BLOCKING = "blocking"  # a second person agreed: resembling ones are blocked, too
    FROZEN = "frozen"
    WITHDRAWN = "withdrawn"


ACTIVE = (EntryState.PROPOSED, EntryState.HOLDING, EntryState.BLOCKING)
FOLLOWED = (*ACTIVE, EntryState.FROZEN)  # what the indexes hold: a frozen entry still holds the very same bytes
CONFIRMED = (EntryState.HOLDING, EntryState.BLOCKING)  # by a person who saw the picture: only these are verified
SURE = (Likeness.CERTAIN, Likeness.LIKELY)
ENTRY = Machine(
    EntryState,
    EntryState.PROPOSED,
    {
        EntryState.PROPOSED: frozenset({EntryState.HOLDING, EntryState.FROZEN, EntryState.WITHDRAWN}),
        EntryState.HOLDING: frozenset({EntryState.BLOCKING, EntryState.FROZEN, EntryState.WITHDRAWN}),
        EntryState.BLOCKING: frozenset({EntryState.HOLDING, EntryState.FROZEN, EntryState.WITHDRAWN}),
        EntryState.FROZEN: frozenset({EntryState.HOLDING, EntryState.WITHDRAWN}),
        EntryState.WITHDRAWN: frozenset(),
    },
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One bank entry that an upload or item resembles, as the verdict rule sees it."""

    state: EntryState
    exact: bool
    distance: int
    quality: int  # the lower of the two pictures' qualities
    evidence: Evidence | None = None  # where the entry was a candidate
    policy: Policy = DEFAULT  # of the entry's harm


def counts(hit: Hit) -> bool:
    """Whether a hit is a match at all: the same bytes, or near enough, or verified."""
    return (hit.exact and hit.state in FOLLOWED) or resembles(hit) or verified(hit)


def resembles(hit: Hit) -> bool:
    """Whether whole pictures with enough in them are within the distance."""
    return hit.state in ACTIVE and hit.distance <= hit.policy.distance and hit.quality >= QUALITY


def verified(hit: Hit) -> bool:
    """Whether the evidence of windows alone makes a match, with an entry that a person confirmed."""
    return hit.state in CONFIRMED and hit.evidence is not None and holds(hit.evidence)


def holds(evidence: Evidence) -> bool:
    """Whether evidence is enough to hide something until a person has looked: a rule that is sure, or was never wrong."""
    return any(satisfied(evidence, rule) and (rule.verdict in SURE or not rule.wrong) for rule in RULES)


def strength(hit: Hit) -> Verdict:
    """What one hit does (decision 17): what one algorithm alone found is never more than held.

    What is only verified is held, whoever confirmed the entry: windows and wholes are one algorithm, PDQ, and not
    the two that would have to agree.
    """
    if not counts(hit) or (hit.policy.shadow and not hit.exact):
        return Verdict.ALLOW
    if hit.state is EntryState.HOLDING and hit.exact:
        return Verdict.BLOCK
    if hit.state is EntryState.BLOCKING and (hit.exact or resembles(hit)):
        return Verdict.BLOCK
    return Verdict.HOLD


ORDER_OF_STRENGTH = (Verdict.ALLOW, Verdict.LABEL, Verdict.HOLD, Verdict.BLOCK)


def verdict(hits: Sequence[Hit]) -> Verdict:
    """The strictest of what the hits do; no hit allows."""
    return max((strength(hit) for hit in hits), key=ORDER_OF_STRENGTH.index, default=Verdict.ALLOW)


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """How much one entry may hit in a window before it freezes itself and calls a person (promise P12)."""

    items: int = 500
    accounts: int = 100


def too_much(items: int, accounts: int, limit: BlastRadius = BlastRadius()) -> bool:
    """Whether an entry hits more than the same picture plausibly would: likely poisoned, or a picture everyone has."""
    return items > limit.items or accounts > limit.accounts
