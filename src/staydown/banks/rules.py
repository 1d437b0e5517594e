"""The rules of the bank: how strong an entry is, what a match does, and when an entry stops itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from staydown.banks.policy import DEFAULT, RADIUS, BlastRadius, Policy
from staydown.fingerprints import RULES, Evidence, Passage, satisfied
from staydown.fingerprints import Verdict as Likeness
from staydown.fingerprints.rules import Rule
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
CONFIRMED = (EntryState.HOLDING, EntryState.BLOCKING)  # by a person who saw the picture: only these are swept
# What two algorithms that know nothing of each other must say of one match before nobody needs to (decision 17): PDQ of
# the whole pictures, and a copy-detection descriptor above all that it said of unrelated pictures (`fingerprints.rules`).
AGREEMENT = Rule(Likeness.CERTAIN, whole=RADIUS, likeness=0.42)
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
    forgeable: bool = False  # an MD5 or SHA-1 in common, which another file may have been made to share
    passage: Passage | None = None  # the longest one of the entry's film, where it is in this one
    settling: bool = False  # raised to block so short a time ago that what resembles it is held still


def counts(hit: Hit) -> bool:
    """Whether a hit is a match at all: the same bytes, or near enough, or verified."""
    return (hit.exact and hit.state in FOLLOWED) or named(hit) or resembles(hit) or verified(hit) or on_trial(hit)


def named(hit: Hit) -> bool:
    """Whether an entry that is not frozen has the same MD5 or SHA-1: a freeze must stop a flood of forged ones."""
    return hit.forgeable and hit.state in ACTIVE


def resembles(hit: Hit) -> bool:
    """Whether whole pictures with enough in them are within the distance."""
    return _within(hit, hit.policy.distance)


def on_trial(hit: Hit) -> bool:
    """Whether they are within a wider distance that is only watched."""
    return _within(hit, hit.policy.trial)


def _within(hit: Hit, distance: int) -> bool:
    return hit.state in ACTIVE and hit.distance <= distance and hit.quality >= QUALITY


def verified(hit: Hit) -> bool:
    """Whether a passage, or the evidence of windows alone, makes a match.

    Also with what is only watched for: a crop may be the first that is put up. It holds one thing at a time and blocks
    none (decision 18), so that whoever sends the windows of others' pictures hides one post until a person has looked.
    """
    found = hit.passage is not None or (hit.evidence is not None and holds(hit.evidence))
    return hit.state in ACTIVE and found


def holds(evidence: Evidence) -> bool:
    """Whether evidence is enough to hide something until a person has looked."""
    return any(rule.holds and satisfied(evidence, rule) for rule in RULES)


def agreed(hit: Hit) -> bool:
    """Whether two independent algorithms say that it is the very picture of an entry that a person confirmed."""
    sure = hit.evidence is not None and satisfied(hit.evidence, AGREEMENT)
    return sure and hit.state in CONFIRMED and resembles(hit)


def strength(hit: Hit) -> Verdict:
    """What one hit does (decision 17): what one algorithm alone found is never more than held, unless two people agreed.

    What is only verified is held, whoever confirmed the entry: windows and wholes are one algorithm, PDQ, and not
    the two that would have to agree. So is what has only an MD5 or SHA-1 in common, whoever confirmed: two files can
    be made to share one (Wang and Yu, 2005; Stevens et al., 2017). No such pair comes about by chance, so a harm that
    is only watched holds it, too.
    """
    same = (hit.exact and hit.state in FOLLOWED) or named(hit)
    if not same and (hit.policy.shadow or not (resembles(hit) or verified(hit))):
        return Verdict.ALLOW
    if hit.state is EntryState.HOLDING and hit.exact:
        return Verdict.BLOCK
    if hit.state is EntryState.BLOCKING and (hit.exact or (resembles(hit) and not hit.settling)):
        return Verdict.BLOCK
    return Verdict.BLOCK if agreed(hit) else Verdict.HOLD


ORDER_OF_STRENGTH = (Verdict.ALLOW, Verdict.LABEL, Verdict.HOLD, Verdict.BLOCK)


def verdict(hits: Sequence[Hit], recognised: Verdict = Verdict.ALLOW) -> Verdict:
    """The strictest of what the hits do and of what a platform's policy made of a signal, which never blocks.

    No hit and no signal allows.
    """
    signalled = min(recognised, Verdict.HOLD, key=ORDER_OF_STRENGTH.index)
    return max((*map(strength, hits), signalled), key=ORDER_OF_STRENGTH.index)


def too_much(items: int, accounts: int, limit: BlastRadius) -> bool:
    """Whether an entry hits more than the same picture plausibly would: likely poisoned, or a picture everyone has."""
    return items > limit.items or accounts > limit.accounts
