"""What people decided about what was recognised -> how much a number is worth here. No picture is needed for it.

Only uploads that something followed from were decided on, so nothing is said of what lies below a policy's first step: how
much is missed there nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

STEADY = 1.96  # standard deviations: intervals of 95 %
ENOUGH = 50  # decisions, before advice is given
THRESHOLDS = tuple(round(0.2 + 0.05 * step, 2) for step in range(16))  # 0.2 to 0.95
DRIFTED = 1.36  # Kolmogorov and Smirnov's statistic at 5 %


@dataclass(frozen=True, slots=True)
class Decided:
    """One number, and whether a person then said that it may not be published. In the order of time."""

    score: float
    blocked: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold would have done: `found` of what people blocked, `wrongly` of what they let pass, 0 to 1.

    `precision` is the part blocked of what lies over it, `low` and `high` its 95 % interval, of `over` decisions.
    """

    threshold: float
    found: float
    wrongly: float
    precision: float
    low: float
    high: float
    over: int


def wilson(some: int, among: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927); 0 to 1 where nothing was counted."""
    if not among:
        return 0.0, 1.0
    share, square = some / among, STEADY**2
    middle = (share + square / (2 * among)) / (1 + square / among)
    reach = STEADY * sqrt(share * (1 - share) / among + square / (4 * among**2)) / (1 + square / among)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def points(decided: Sequence[Decided]) -> tuple[Point, ...]:
    """The receiver operating characteristic at each threshold, with precision."""
    return tuple(_point(threshold, decided) for threshold in THRESHOLDS)


def _point(threshold: float, decided: Sequence[Decided]) -> Point:
    over = [each for each in decided if each.score >= threshold]
    right = sum(each.blocked for each in over)
    blocked = sum(each.blocked for each in decided)
    low, high = wilson(right, len(over))
    return Point(
        threshold=threshold,
        found=right / blocked if blocked else 0.0,
        wrongly=(len(over) - right) / max(1, len(decided) - blocked),
        precision=right / len(over) if over else 0.0,
        low=low,
        high=high,
        over=len(over),
    )


def area(decided: Sequence[Decided]) -> float | None:
    """How often a blocked one has the higher number of a pair, 0.5 for chance; None without both kinds."""
    blocked = np.array([each.score for each in decided if each.blocked])
    passed = np.array([each.score for each in decided if not each.blocked])
    if not len(blocked) or not len(passed):
        return None
    apart = blocked[:, None] - passed[None, :]
    return float((apart > 0).mean() + 0.5 * (apart == 0).mean())


def advice(decided: Sequence[Decided], precision: float) -> float | None:
    """The lowest threshold of which the precision is at least so high, at the low end of its interval; None if unknown."""
    if len(decided) < ENOUGH:
        return None
    return next((point.threshold for point in points(decided) if point.over and point.low >= precision), None)


def drifts(decided: Sequence[Decided]) -> bool | None:
    """Whether the newer half's numbers are of another kind than the older half's; None where there are too few."""
    half = len(decided) // 2
    if half < ENOUGH // 2:
        return None
    older, newer = (np.sort([each.score for each in part]) for part in (decided[:half], decided[half:]))
    every = np.concatenate([older, newer])
    below = [np.searchsorted(part, every, side="right") / len(part) for part in (older, newer)]
    apart = float(np.abs(below[0] - below[1]).max())
    return apart > DRIFTED * sqrt((len(older) + len(newer)) / (len(older) * len(newer)))
