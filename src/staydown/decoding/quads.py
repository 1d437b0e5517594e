"""Four-sided places between straight tilted edges: a turned picture, one on a desk, a photographed screen.

In C (kernel/quads.c), and with numpy, some six times slower, where no compiler was there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.edges import Quad
from staydown.decoding.kernel import address, library
from staydown.decoding.types import Floats

STEEP = 7.0  # of 255, from one sample to the next
TILTS = np.linspace(-0.32, 0.32, 39)  # sideways samples for each sample along: up to 18 degrees
LINES = 8  # of each direction, the strongest
BESIDE = 3.0  # samples at both ends: lines nearer than this are one
HELD = 0.5  # of each side must lie on an edge
UPRIGHT = 0.012  # a quadrilateral that tilts less is a rectangle, and found as one
SHORTEST = 0.25  # of the picture's side
SAME = 0.03  # of a side: the better of two stands for both
MOST = 3
RANKED = 400  # places of lines that are looked at
_WAYS = np.array([BESIDE, HELD, UPRIGHT, SHORTEST, SAME])  # to C

Truths = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Lines across one direction: `middle` their place half way along it, `tilt` in samples a sample.

    `sums[line, end]` is how many samples of the line lie on an edge before `end`; NaN on the picture's own sides.
    """

    middle: Numbers
    tilt: Numbers
    sums: Numbers


def quads(seen: Floats) -> list[Quad]:
    """Quadrilaterals held by tilted edges, the best first, of a luminance of about 128 samples a side."""
    return _with_numpy(seen) if library() is None else _compiled(seen)


@dataclass(frozen=True, slots=True, eq=False)
class _Votes:
    """For lines of one direction: the `edges`, and of places (each tilt's after the other) `order`, the best first."""

    edges: npt.NDArray[np.uint8]
    order: npt.NDArray[np.int64]
    reach: int


def _compiled(seen: Floats) -> list[Quad]:
    compiled, (height, width) = library(), seen.shape
    upright, level = _votes(np.ascontiguousarray(seen, np.float32)), _votes(np.ascontiguousarray(seen.T, np.float32))
    ranked, reach = (np.array(each, np.uintp) for each in (
        (len(upright.order), len(level.order)), (upright.reach, level.reach)))  # fmt: skip
    found = np.empty((MOST, 4, 2))
    count = -1 if compiled is None else compiled.staydown_quads(
        width, height, address(upright.edges), address(level.edges), address(upright.order), address(level.order),
        address(ranked), address(reach), address(TILTS), address(_WAYS), MOST, address(found),
    )  # fmt: skip
    if count < 0:
        raise MemoryError
    return [*found[:count]]


def _votes(lines: Floats) -> _Votes:
    compiled, (count, length) = library(), (lines.shape[0], lines.shape[1] - 1)
    reach = _reach(count)
    edges, votes = np.empty((count, length), np.uint8), np.empty((len(TILTS), length + 2 * reach + 1))
    if compiled is None or not compiled.staydown_votes(
        address(lines), count, length, STEEP, address(TILTS), len(TILTS), reach, address(edges), address(votes)
    ):
        raise MemoryError
    return _Votes(edges, np.argsort(votes, axis=None)[:RANKED], reach)


def _with_numpy(seen: Floats) -> list[Quad]:
    height, width = seen.shape
    upright = _lines(_thin(np.abs(seen[:, 1:] - seen[:, :-1])))
    level = _lines(_thin(np.abs(seen[1:] - seen[:-1]).T))
    corners = _crossings(upright, level, width, height)
    left, right = np.triu_indices(len(upright.middle), 1)
    top, bottom = np.triu_indices(len(level.middle), 1)
    score = _scores(upright, level, corners, (left, right, top, bottom))
    real = np.flatnonzero(score)
    across, down = np.divmod(real[np.argsort(-score.flat[real], kind="stable")][:60], len(top))
    a, b, c, d = left[across], right[across], top[down], bottom[down]
    found = np.stack([corners[a, c], corners[b, c], corners[b, d], corners[a, d]], axis=1)
    beside = ((found >= -2) & (found <= np.array([width, height]) + 2)).all(
        axis=(1, 2)
    )  # in the picture, or just beside
    return _apart([*found[beside]], max(width, height))


def _reach(count: int) -> int:
    """By how many samples a line may leave a direction's ends."""
    return int(np.ceil(TILTS[-1] * count / 2)) + 1


def _thin(steps: Floats) -> Truths:
    """Where a step is steep, and the steepest of its five neighbours along the row."""
    around = steps.copy()
    for shift in (1, 2):
        np.maximum(around[:, shift:], steps[:, :-shift], out=around[:, shift:])
        np.maximum(around[:, :-shift], steps[:, shift:], out=around[:, :-shift])
    thin: Truths = (steps >= around) & (steps > STEEP)
    return thin


def _lines(edges: Truths) -> _Lines:
    """The lines, nearly along the columns, on which most edges lie (a Hough transform of few tilts)."""
    count, length = edges.shape
    row, column = np.nonzero(edges)
    reach = _reach(count)
    places = np.rint(column + 1 - TILTS[:, None] * (row + 0.5 - count / 2)).astype(np.intp) + reach
    wide = length + 2 * reach + 1
    votes = np.bincount((places + np.arange(len(TILTS))[:, None] * wide).ravel(), minlength=wide * len(TILTS))
    near = votes.reshape(len(TILTS), wide).astype(float)
    near[:, 1:-1] += 0.6 * (near[:, :-2] + near[:, 2:])
    kept: list[tuple[float, float]] = []
    for at in np.argsort(-near, axis=None)[:RANKED]:
        tilt, place = TILTS[at // wide], float(at % wide - reach)
        half = tilt * count / 2
        if all(max(abs(place - other - half + lean * count / 2), abs(place - other + half - lean * count / 2)) > BESIDE
               for other, lean in kept):  # fmt: skip
            kept.append((place, tilt))
        if len(kept) == LINES:
            break
    kept.sort()
    middle = np.array([0.0, *(place for place, _ in kept), float(length + 1)])
    tilt = np.array([0.0, *(lean for _, lean in kept), 0.0])
    return _Lines(middle, tilt, _sums(edges, middle, tilt))


def _sums(edges: Truths, middle: Numbers, tilt: Numbers) -> Numbers:
    count, length = edges.shape
    thick = np.zeros((count, length + 2), np.bool_)  # place p of `edges` is column p + 1
    for shift in range(3):
        thick[:, shift : shift + length] |= edges
    along = np.arange(count)
    at = np.rint(middle[:, None] + tilt[:, None] * (along + 0.5 - count / 2)).astype(np.intp)
    held = thick[along, np.minimum(np.maximum(at, 0), length + 1)] & (at >= 0) & (at <= length + 1)
    sums = np.zeros((len(at), count + 1))
    np.cumsum(held, axis=1, out=sums[:, 1:])
    sums[[0, -1]] = np.nan
    return sums


def _crossings(upright: _Lines, level: _Lines, width: int, height: int) -> Numbers:
    """Where lines of both directions meet: uprights x levels x 2."""
    x, b = upright.middle[:, None], upright.tilt[:, None]
    y, d = level.middle[None, :], level.tilt[None, :]
    across = (x + b * (y - d * width / 2 - height / 2)) / (1 - b * d)
    down = y + d * (across - width / 2)
    return np.stack([across, down], axis=2)


def _scores(upright: _Lines, level: _Lines, corners: Numbers, pairs: tuple[Places, ...]) -> Numbers:
    """How well each quadrilateral is held (pairs of uprights x pairs of levels); 0 for those that are none."""
    a, b, c, d = pairs[0][:, None], pairs[1][:, None], pairs[2][None, :], pairs[3][None, :]
    sides = np.stack([
        _held(upright, a, corners[a, c, 1], corners[a, d, 1]), _held(upright, b, corners[b, c, 1], corners[b, d, 1]),
        _held(level, c, corners[a, c, 0], corners[b, c, 0]), _held(level, d, corners[a, d, 0], corners[b, d, 0]),
    ])  # fmt: skip
    count = (~np.isnan(sides)).sum(axis=0)
    worst = np.where(np.isnan(sides), 1.0, sides).min(axis=0)
    mean = np.nansum(sides, axis=0) / np.maximum(1, count)
    tilts = np.maximum(
        np.maximum(np.abs(upright.tilt[a]), np.abs(upright.tilt[b])),
        np.maximum(np.abs(level.tilt[c]), np.abs(level.tilt[d])),
    )
    good = (worst >= HELD) & (count >= 3) & (tilts > UPRIGHT)
    return np.where(good, (worst + mean) * (0.7 + 0.075 * count), 0.0)


def _held(lines: _Lines, line: Places, start: Numbers, end: Numbers) -> Numbers:
    """The part of a stretch of a line that lies on an edge; 0 when it is short, NaN on the picture's own sides."""
    count = lines.sums.shape[1] - 1
    first, last = (np.minimum(np.maximum(np.rint(each), 0), count).astype(np.intp) for each in (start, end))
    share = (lines.sums[line, last] - lines.sums[line, first]) / np.maximum(1, last - first)
    return np.where(last - first >= SHORTEST * count, share, 0.0)


def _apart(found: list[Quad], side: int) -> list[Quad]:
    kept: list[Quad] = []
    for quad in found:
        if len(kept) == MOST:
            break
        if all(np.abs(quad - other).max() > SAME * side for other in kept):
            kept.append(quad)
    return kept
