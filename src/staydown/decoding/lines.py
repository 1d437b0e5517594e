"""Long straight lines along which a picture steps, across its rows and across its columns.

A cut between two pictures steps, all along, more than what is beside it does; how much more, as a logarithm, is
the evidence for an edge there. Texture steps as much everywhere, and the edges of things are rarely straight
for long. Stretches of a line are averaged before they are compared, so that texture and grain cancel and what
differs between two pictures remains, though it may be little.

In C (kernel/lines.c) but for the logarithm, and with numpy, some four times slower, where no compiler was there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address, library
from staydown.decoding.types import Floats

CELLS = 64  # stretches, about, of a line that are averaged
GRAIN = 3.0  # of 255: what steps anyway
LEAST_EVIDENCE, MOST_EVIDENCE = -0.7, 1.2  # of a stretch: what is written over an edge does not undo the rest of it
ASKED = 0.25  # of evidence, of each stretch of a line that counts for it
BESIDE = 2  # samples: lines nearer than this are one
LINES = 18  # of each direction, the strongest
LEAST_LINE = 0.06  # of a side: the evidence, beyond what is asked, of the weakest line that is looked at

_WAYS = np.array([LEAST_EVIDENCE, MOST_EVIDENCE, ASKED, LEAST_LINE, BESIDE])  # to C, and back from there:
_FOUND = np.dtype([("count", np.int64), ("at", np.int64, LINES + 2), ("held", np.float32, (LINES + 2) ** 3)])
_NARROWEST = 8  # samples; of fewer there are too few beside a step

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Straight lines across one direction: `at` their places, the picture's own two sides among them.

    `held[line, from, to]` is the mean evidence for the line between two lines of the other direction; NaN on the
    picture's own sides.
    """

    at: Places
    held: Floats


def straight(seen: Floats) -> tuple[Lines, Lines]:
    """The lines that part columns, and those that part rows, of a luminance of about 256 samples a side."""
    return _with_numpy(seen) if library() is None or min(seen.shape) < _NARROWEST else _compiled(seen)


def _compiled(seen: Floats) -> tuple[Lines, Lines]:
    (height, width), found = seen.shape, np.empty(2, _FOUND)
    stretches = np.array([height // _fold(height), width // _fold(width)], np.uintp)
    evidence = np.empty(int(stretches @ (width - 1, height - 1)), np.float32)
    upright, level = np.split(evidence, [int(stretches[0]) * (width - 1)])
    _compared(seen, upright)
    _compared(seen.T, level)
    np.log(evidence, out=evidence)
    compiled = library()
    if compiled is None or not compiled.staydown_lines(
        address(upright), address(level), address(stretches), width, height, address(_WAYS),
        address(found[:1]), address(found[1:]),
    ):  # fmt: skip
        raise MemoryError
    columns, rows = found["count"].tolist()
    return _lines(found[0], columns, rows), _lines(found[1], rows, columns)


def _compared(seen: Floats, into: Floats) -> None:
    """What `_evidence` takes the logarithm of."""
    compiled, lines, fold = library(), np.ascontiguousarray(seen, np.float32), _fold(len(seen))
    if compiled is None or not compiled.staydown_steps(
        address(lines), lines.shape[1], len(lines) // fold, fold, GRAIN, address(into)
    ):
        raise MemoryError


def _lines(found: np.void, count: int, others: int) -> Lines:
    return Lines(found["at"][:count], found["held"][: count * others * others].reshape(count, others, others))


def _fold(length: int) -> int:
    """How many samples along a line are averaged."""
    return max(1, round(length / CELLS))


def _with_numpy(seen: Floats) -> tuple[Lines, Lines]:
    height, width = seen.shape
    upright, level = _evidence(seen), _evidence(seen.T)
    columns, rows = _strongest(upright, width), _strongest(level, height)
    return Lines(columns, _held(upright, columns, rows)), Lines(rows, _held(level, rows, columns))


def _evidence(seen: Floats) -> Floats:
    """Stretches of rows x (columns - 1): the logarithm of each step along the rows, relative to those beside it."""
    height, width = seen.shape
    fold = _fold(height)
    stretches = height // fold
    means = np.add.reduce([seen[row : stretches * fold : fold] for row in range(fold)]) / np.float32(fold)
    steps, count = np.abs(means[:, 1:] - means[:, :-1]), width - 1
    reflected = (count - 1) - np.abs((count - 1) - np.abs(np.arange(-3, count + 3)))
    padded = steps.take(reflected, axis=1)
    beside = padded[:, :count] + padded[:, 1 : count + 1] + padded[:, 5 : count + 5] + padded[:, 6:]
    found = np.log((steps + np.float32(GRAIN)) / (beside / np.float32(4) + np.float32(GRAIN)))
    within: Floats = np.minimum(np.maximum(found, np.float32(LEAST_EVIDENCE)), np.float32(MOST_EVIDENCE))
    return within


def _strongest(evidence: Floats, length: int) -> Places:
    """Places of the lines whose best stretch has most evidence (the largest sum of a run, by running minima)."""
    score = _sums(evidence - np.float32(ASKED))
    best = (score - np.minimum.accumulate(score, axis=0)).max(axis=0)
    kept: list[int] = []
    for line in np.argsort(-best, kind="stable")[: np.count_nonzero(best >= LEAST_LINE * len(evidence))].tolist():
        if all(abs(line - other) > BESIDE for other in kept):
            kept.append(line)
        if len(kept) == LINES:
            break
    return np.array([0, *sorted(line + 1 for line in kept), length])


def _held(evidence: Floats, at: Places, between: Places) -> Floats:
    """For each line and each two places along it, the mean evidence of the stretch (see `Lines`).

    An edge may lie between two samples, or lean by one: the better of a place and its neighbours counts.
    """
    lines = at[1:-1] - 1
    before, after = np.maximum(lines - 1, 0), np.minimum(lines + 1, evidence.shape[1] - 1)
    thick = np.maximum(evidence[:, lines], np.maximum(evidence[:, before], evidence[:, after]) - np.float32(0.1))
    sums = _sums(thick).T
    ends = np.rint(between * (len(evidence) / between[-1])).astype(np.intp)
    stretch = np.maximum(1, ends[None, :] - ends[:, None])
    held = np.full((len(at), len(between), len(between)), np.nan, np.float32)
    held[1:-1] = (sums[:, None, ends] - sums[:, ends, None]) / stretch
    return held


def _sums(evidence: Floats) -> Floats:
    """The sums of no stretch, of the first, of the first two and so on."""
    sums = np.zeros((len(evidence) + 1, evidence.shape[1]), np.float32)
    np.cumsum(evidence, axis=0, out=sums[1:])
    return sums
