"""What evidence is worth: the decision rules, as data with the error rates measured for them."""

from dataclasses import dataclass
from enum import Enum

from staydown.decoding.types import Box, Kind
from staydown.fingerprints.turns import Turn

CHANCE = 100  # bits: unrelated windows are farther apart, nearly always
LOOKED_UP = 64  # bits: what a lookup finds within them is a candidate, for `verify` to confirm
AGREES = 80  # bits: a window that agrees
DIFFERS = 0.3  # cosine below which descriptors speak against a match: every wrong one that was seen lay below


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
    were inverted, `tilt` by how many degrees about it was tilted clockwise. `similarity` is the best cosine of
    copy-detection descriptors over the parts of the upload, a second and independent witness; None where
    descriptors are not to be had.
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
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A verdict, and the evidence it needs: at least `score` and `agreeing` windows, at most `nearest` bits.

    A rule with a `similarity` asks for at least that as well, so it holds only where descriptors are to be had.
    `wrong` acceptances were counted in `pairs` verified pairs of unrelated pictures, each pair chosen by the
    search or by its descriptors because it looked most alike. (bench/results/fingerprints.md), before a descriptor could
    contradict windows; where one is to be had, every wrong match that the page names is contradicted.
    """

    verdict: Verdict
    score: int
    agreeing: int
    nearest: int
    wrong: int
    pairs: int
    similarity: float | None = None


# One window alone convinces nobody: the edge of a bowl came within 40 bits of a disk. With descriptors it may.
RULES = (
    Rule(Verdict.CERTAIN, score=400, agreeing=5, nearest=46, wrong=2, pairs=22701),
    Rule(Verdict.LIKELY, score=240, agreeing=4, nearest=46, wrong=8, pairs=22701),
    Rule(Verdict.LIKELY, score=350, agreeing=8, nearest=60, wrong=17, pairs=22701),  # noise, or parts covered
    Rule(Verdict.LIKELY, score=80, agreeing=1, nearest=66, wrong=0, pairs=23140, similarity=0.5),
    Rule(Verdict.POSSIBLE, score=160, agreeing=3, nearest=46, wrong=9, pairs=22701),
    Rule(Verdict.POSSIBLE, score=60, agreeing=1, nearest=62, wrong=0, pairs=23140, similarity=0.4),
    Rule(Verdict.POSSIBLE, score=75, agreeing=1, nearest=56, wrong=0, pairs=23140, similarity=0.3),
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
    return enough and evidence.nearest <= rule.nearest and _alike(evidence.similarity, rule.similarity)


def _alike(similarity: float | None, asked: float | None) -> bool:
    """Whether the second witness says what a rule asks; asked nothing, it must not contradict."""
    if similarity is None:
        return asked is None
    return similarity >= (DIFFERS if asked is None else asked)


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
    return (
        f"Found {part}, {turned}, in {evidence.region.value}: {evidence.agreeing} of {evidence.visible} "
        f"windows agree, the nearest at {evidence.nearest} of 256 bits (score {evidence.score}).{second}"
    )
