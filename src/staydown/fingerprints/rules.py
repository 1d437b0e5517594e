"""What evidence is worth: the decision rules, as data with the error rates measured for them."""

from dataclasses import dataclass
from enum import Enum

from staydown.decoding.types import Box, Kind
from staydown.fingerprints.turns import Turn

CHANCE = 100  # bits: unrelated windows are farther apart, nearly always
LOOKED_UP = 64  # bits: what a lookup finds within them is a candidate, for `verify` to confirm
AGREES = 80  # bits: a window that agrees
SAME = 31  # bits: a window that shows the very same
DIFFERS = 0.15  # likeness below which descriptors speak against a match
OPPOSED = 2  # times that the distance of wholes counts in a negative: a bright sky is a dark ground's negative
OVERWHELMING = 1000  # points that no descriptor contradicts: it fails on what is blurred, windows fail on what is plain


class Verdict(Enum):
    """The strength of a match; the value is what a person reads."""

    CERTAIN = "the same picture"
    LIKELY = "very likely the same picture"
    POSSIBLE = "perhaps the same picture; a person should look"
    NONE = "no match"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an entry's picture being in an upload.

    Distances are in bits, with more added the plainer a window is (`windows.Entry.handicap`). `score` is the sum
    of max(0, 100 - distance) over the entry's windows at their places; `agreeing` of the `visible` windows are
    within 80 bits, the `nearest` is so many bits away; `region` says in which part of the upload (None: nowhere),
    `turn` how it was turned, `frame` where the whole picture lies in that part so turned (left, top, right,
    bottom as parts of its sides; beyond 0 to 1 where it was cropped away); `negative` says whether its colours
    were inverted, `tilt` by how many degrees about it was tilted clockwise. `whole` is the smallest distance in bits
    between the fingerprint of the whole known picture and that of any part of the upload, in any orientation.
    `similarity` is the best cosine of copy-detection descriptors over the parts of the upload, a second and
    independent witness, and `likeness` what is left of it when what both have in common with benign pictures is taken
    off (`background`); None where descriptors are not to be had. `same` names the windows that are within 31 bits.
    """

    score: int
    agreeing: int
    visible: int
    nearest: int
    region: Kind | None
    turn: Turn
    frame: Box
    negative: bool = False
    tilt: int = 0
    whole: int = 256
    similarity: float | None = None
    likeness: float | None = None
    same: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A verdict, and the evidence it needs: at least `score`, `agreeing` and `likeness`, at most `nearest` and `whole`.

    What a rule does not name it does not ask. `wrong` is how many unrelated pictures it accepted in the millions of
    pairs of which bench/results/fingerprints.md tells. A rule with a `likeness` holds only where descriptors are to be
    had; one without is contradicted by descriptors that differ (`contradicted`).
    """

    verdict: Verdict
    score: int = 0
    agreeing: int = 0
    nearest: int = 256
    whole: int = 256
    likeness: float | None = None
    wrong: int = 0

    @property
    def holds(self) -> bool:
        """Whether it is enough to hide something until a person has looked: it is sure, or was never wrong."""
        return self.verdict is not Verdict.POSSIBLE or not self.wrong


# Without descriptors windows convince only where there are many or they are near: one edge across a plain ground looks
# like another. With them fewer do; and descriptors alone, above what unrelated pictures reach: 0.435 was the most in the
# first 55 million pairs of the bench, after which three rules that had each been wrong once were given more margin.
RULES: tuple[Rule, ...] = (
    Rule(Verdict.CERTAIN, score=900, agreeing=10, nearest=40),
    Rule(Verdict.CERTAIN, score=160, agreeing=3, nearest=46, likeness=0.4),
    Rule(Verdict.CERTAIN, whole=48, likeness=0.4),
    Rule(Verdict.LIKELY, score=700, agreeing=8, nearest=50),
    Rule(Verdict.LIKELY, score=160, agreeing=3, nearest=26),
    Rule(Verdict.LIKELY, whole=31),
    Rule(Verdict.LIKELY, whole=64, likeness=0.25),
    Rule(Verdict.LIKELY, score=60, agreeing=1, nearest=66, likeness=0.3),
    Rule(Verdict.LIKELY, score=120, agreeing=3, nearest=76, likeness=0.3),
    Rule(Verdict.POSSIBLE, score=160, agreeing=3, nearest=60, likeness=0.22),
    Rule(Verdict.POSSIBLE, score=40, nearest=74, likeness=0.28),
    Rule(Verdict.POSSIBLE, nearest=84, likeness=0.35),
    Rule(Verdict.POSSIBLE, whole=94, likeness=0.32),
    Rule(Verdict.POSSIBLE, likeness=0.45),
)


def verdict(evidence: Evidence) -> Verdict:
    """What the evidence is worth under the rules, the strictest first."""
    for rule in RULES:
        if satisfied(evidence, rule):
            return rule.verdict
    return Verdict.NONE


def satisfied(evidence: Evidence, rule: Rule) -> bool:
    """Whether the evidence is what a rule asks."""
    enough = evidence.score >= rule.score and evidence.agreeing >= rule.agreeing
    whole = min(256, evidence.whole * OPPOSED) if evidence.negative else evidence.whole
    near = evidence.nearest <= rule.nearest and whole <= rule.whole
    if rule.likeness is None:
        return enough and near and not contradicted(evidence)
    return enough and near and evidence.likeness is not None and evidence.likeness >= rule.likeness


def contradicted(evidence: Evidence) -> bool:
    """Whether the second witness speaks against a match.

    Of a negative it says nothing, for it does not recognise negatives; and overwhelming evidence of windows stands
    against it, for it fails on what was blurred much.
    """
    if evidence.negative or evidence.score >= OVERWHELMING:
        return False
    return differs(evidence)


def differs(evidence: Evidence) -> bool:
    """Whether there are descriptors, and they differ."""
    return evidence.likeness is not None and evidence.likeness < DIFFERS


def in_words(evidence: Evidence) -> str:
    """How a match was found, for the person who decides."""
    if evidence.region is None or verdict(evidence) is Verdict.NONE:
        return "No part of the upload resembles the known picture enough."
    cropped = min(evidence.frame[:2]) < -0.02 or max(evidence.frame[2:]) > 1.02
    part = "a part of the known picture" if cropped else "the known picture"
    turned = evidence.turn.words
    if evidence.tilt:
        turned += f", tilted by about {abs(evidence.tilt)} degrees"
    if evidence.negative:
        turned += ", with its colours inverted"
    second = "" if evidence.similarity is None else f" Similarity of descriptors: {evidence.similarity:.2f} of 1."
    if not evidence.agreeing:
        return (
            f"Found {part} in {evidence.region.value} as a whole, which differs in {evidence.whole} of 256 bits; its windows "
            f"say nothing for it.{second}"
        )
    return (
        f"Found {part}, {turned}, in {evidence.region.value}: {evidence.agreeing} of {evidence.visible} "
        f"windows agree, the nearest at {evidence.nearest} of 256 bits (score {evidence.score}).{second}"
    )
