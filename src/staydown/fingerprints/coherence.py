"""Whether frames of two films that look alike also come in the same order and at one speed.

Single frames of unrelated films may look alike; a passage shows itself by pairs of frames on one straight line:
known time = speed x query time + offset. Each line is voted for by the half seconds it agrees in.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.fingerprints.footage import Times

Rows = npt.NDArray[np.intp]
Truths = npt.NDArray[np.bool_]

SPEEDS = tuple(sorted((2.0 ** (step / 24) for step in range(-24, 25)), key=lambda speed: abs(np.log(speed))))
NEAR = 0.75  # seconds by which a pair may lie beside the line
BIN = 0.5  # seconds that count once
GAP = 12.0  # seconds without a pair after which a passage has ended; key frames are up to ten apart
MOST_LINES = 32  # in two films
CLEARLY = 1.05  # times the weight of one line that another must have
VOTERS = 4000  # pairs that choose a line; all are fitted to it
AGREEING = 2  # bins, and different pictures, that make a passage


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """n pairs of frames that look alike: seconds in the query and in the known film, and which picture of each.

    Frames that stay the same are one picture, so that a still cannot agree with itself.
    """

    query: Times
    known: Times
    query_picture: Rows
    known_picture: Rows
    weight: Times  # the more alike, the more a pair says about the line

    def __len__(self) -> int:
        return len(self.query)

    def some(self, which: Truths) -> "Pairs":
        """Those pairs only."""
        pictures = self.query_picture[which], self.known_picture[which]
        return Pairs(self.query[which], self.known[which], *pictures, self.weight[which])

    @property
    def agreeing(self) -> int:
        """In how many half seconds of both films, and in how many different pictures of both, they agree."""
        bins = (len(np.unique((times / BIN).astype(np.int64))) for times in (self.query, self.known))
        pictures = (len(np.unique(each)) for each in (self.query_picture, self.known_picture))
        return min(*bins, *pictures)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Pairs on one line, and the line: known time = speed x query time + offset."""

    speed: float
    offset: float
    on: Truths


def lines(pairs: Pairs) -> list[Line]:
    """The lines that pairs agree on, the one with the most first; no second of the query is on two."""
    left = np.ones(len(pairs), bool)
    found: list[Line] = []
    while left.sum() >= AGREEING and len(found) < MOST_LINES:
        best = _best(pairs, left)
        if best is None:
            break
        found.append(best)
        left &= ~_explained(pairs, best.on)
    return found


def _best(pairs: Pairs, left: Truths) -> Line | None:
    """The line with the most weight of some pairs near it, of a speed farther from one only where it is clearly more."""
    places = np.flatnonzero(left)
    places = places[:: -(-len(places) // VOTERS)]
    best, most = None, 0.0
    for speed in SPEEDS:
        offsets = pairs.known[places] - speed * pairs.query[places]
        order = np.argsort(offsets)
        ends = np.searchsorted(offsets[order], offsets[order] + 2 * NEAR, side="right")
        sums = np.concatenate([[0.0], np.cumsum(pairs.weight[places][order])])
        votes = sums[ends] - sums[:-1]
        start = int(np.argmax(votes))
        if votes[start] > most * CLEARLY:
            best, most = (speed, float(offsets[order[start]]) + NEAR), float(votes[start])
    return _fitted(pairs, left, *best) if best else None


def _fitted(pairs: Pairs, left: Truths, speed: float, offset: float) -> Line | None:
    """The pairs near a line, the line drawn again through them, and its longest unbroken part."""
    on = _near(pairs, left, speed, offset)
    for _ in range(3):
        if np.ptp(pairs.query[on]) < 2:
            break
        slope, height = np.polyfit(pairs.query[on], pairs.known[on], 1, w=pairs.weight[on])
        if not 0.45 <= slope <= 2.2:
            break
        speed, offset = float(slope), float(height)
        on = _near(pairs, left, speed, offset)
        if not on.any():
            return None
    on = _longest_part(pairs, on)
    return Line(speed, offset, on) if on.any() else None


def _near(pairs: Pairs, left: Truths, speed: float, offset: float) -> Truths:
    near: Truths = left & (np.abs(pairs.known - speed * pairs.query - offset) <= NEAR)
    return near


def _longest_part(pairs: Pairs, on: Truths) -> Truths:
    places = np.flatnonzero(on)
    places = places[np.argsort(pairs.query[places], kind="stable")]
    parts = np.split(places, np.flatnonzero(np.diff(pairs.query[places]) > GAP) + 1)
    kept = np.zeros(len(on), bool)
    kept[max(parts, key=len)] = True
    return kept


def _explained(pairs: Pairs, on: Truths) -> Truths:
    """Every pair in the same seconds of the query as a line: one explanation of them is enough."""
    first, last = pairs.query[on].min() - NEAR, pairs.query[on].max() + NEAR
    inside: Truths = (pairs.query >= first) & (pairs.query <= last)
    return inside
