"""Rectangles between long straight edges: a picture in a picture, the cells of a collage, a photograph on a page."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats

STEEP = 9.0  # of 255, from one sample to the next
SHARP = 1.5  # times the mean of its five neighbours: an edge, not a slope
OFF = 1.2  # what a sample without an edge takes from a line's score; one with an edge gives 1
SHORTEST = 0.18  # of a side
LINES = 16  # of each direction, the strongest
LEAST = 0.09  # of a side: the score of the weakest line that is looked at
BESIDE = 3  # samples: lines nearer than this are one
HELD = 0.45  # of each side of a rectangle must lie on an edge
SEAM = 0.8  # of the picture must lie on an edge for a line to part it
WHOLE = 0.97  # of the area: not a part
OVERLAP = 0.9  # of the union: the better of two rectangles stands for both
MOST = 12

Span = tuple[int, int, int, int]
Truths = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Straight lines across one direction: `at` their places, the picture's own two sides among them.

    `held[line, from, to]` is how much of the line lies on an edge between two lines of the other direction;
    NaN on the picture's own sides.
    """

    at: npt.NDArray[np.intp]
    held: Shares


def rectangles(seen: Floats) -> list[Span]:
    """Cells of a collage, then the rectangles best held by edges: left, top, right, bottom in samples."""
    height, width = seen.shape
    upright, level = _thin(np.abs(np.diff(seen, axis=1))), _thin(np.abs(np.diff(seen, axis=0)).T)
    columns, rows = _strongest(upright.T, width), _strongest(level.T, height)
    across = _Lines(columns, _held(upright.T, columns, rows))
    down = _Lines(rows, _held(level.T, rows, columns))
    return _cells(across, down) + _best(across, down)


def _cells(across: _Lines, down: _Lines) -> list[Span]:
    """The cells of a collage: between seams that run through the whole picture, where there are some."""
    columns, rows = _between_seams(across), _between_seams(down)
    if not 2 <= len(columns) * len(rows) <= MOST:
        return []
    return [(left, top, right, bottom) for top, bottom in rows for left, right in columns]


def _between_seams(lines: _Lines) -> list[tuple[int, int]]:
    """Start and end of each stretch between seams; strips too narrow for a picture (the joints) are left out."""
    seams = np.isnan(lines.held[:, 0, -1]) | (lines.held[:, 0, -1] >= SEAM)
    places = [int(place) for place in lines.at[seams]]
    return [(start, end) for start, end in pairwise(places) if end - start >= SHORTEST * places[-1]]


def _thin(steps: Floats) -> Truths:
    """Where a step is steep, sharp and the steepest of its five neighbours along the row, thickened by one."""
    padded = np.pad(steps, ((0, 0), (2, 2)))
    around = np.stack([padded[:, shift : shift + steps.shape[1]] for shift in range(5)])
    thin = (steps >= around.max(axis=0)) & (steps > STEEP) & (steps > SHARP * around.mean(axis=0))
    thin[:, 1:] |= thin[:, :-1]
    return thin


def _strongest(lines: Truths, length: int) -> npt.NDArray[np.intp]:
    """Places of the lines whose best stretch has most edge (the largest sum of a run, by running minima)."""
    score = np.cumsum(np.where(lines, 1.0, -OFF), axis=1)
    lowest = np.minimum.accumulate(np.pad(score, ((0, 0), (1, 0)))[:, :-1], axis=1)
    best = (score - lowest).max(axis=1)
    kept: list[int] = []
    for line in np.argsort(-best, kind="stable"):
        if best[line] < LEAST * lines.shape[1] or len(kept) == LINES:
            break
        if all(abs(int(line) - other) > BESIDE for other in kept):
            kept.append(int(line))
    return np.array([0, *sorted(line + 1 for line in kept), length])


def _held(lines: Truths, at: npt.NDArray[np.intp], between: npt.NDArray[np.intp]) -> Shares:
    """For each line and each two places along it, the part of the stretch that lies on an edge (see `_Lines`)."""
    sums = np.pad(np.cumsum(lines, axis=1), ((0, 0), (1, 0)))
    stretch = np.maximum(1, between[None, :] - between[:, None])
    held = np.full((len(at), len(between), len(between)), np.nan)
    for place, line in enumerate(at[1:-1], start=1):
        near = sums[max(0, line - 2) : line + 1][:, between]
        held[place] = ((near[:, None, :] - near[:, :, None]) / stretch).max(axis=0)
    return held


def _best(across: _Lines, down: _Lines) -> list[Span]:
    """Rectangles of two lines each way, scored by how well their sides are held, overlapping ones dropped."""
    left, right = np.triu_indices(len(across.at), 1)
    top, bottom = np.triu_indices(len(down.at), 1)
    sides = np.stack([
        across.held[left][:, top, bottom], across.held[right][:, top, bottom],
        down.held[top][:, left, right].T, down.held[bottom][:, left, right].T,
    ])  # fmt: skip
    real = ~np.isnan(sides)
    worst = np.where(real, sides, 1.0).min(axis=0)
    mean = np.where(real, sides, 0.0).sum(axis=0) / np.maximum(1, real.sum(axis=0))
    score = worst * np.minimum(1.0, 0.6 + 0.13 * real.sum(axis=0)) + 0.1 * mean
    wide = (across.at[right] - across.at[left])[:, None] / across.at[-1]
    high = (down.at[bottom] - down.at[top])[None, :] / down.at[-1]
    good = (worst >= HELD) & (np.minimum(wide, high) >= SHORTEST) & (wide * high <= WHOLE) & real.any(axis=0)
    order = np.argwhere(good)[np.argsort(-score[good], kind="stable")]
    spans = [(across.at[left[x]], down.at[top[y]], across.at[right[x]], down.at[bottom[y]]) for x, y in order[:200]]
    return _apart([(int(a), int(b), int(c), int(d)) for a, b, c, d in spans])


def _apart(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if len(kept) == MOST:
            break
        if all(_overlap(span, other) <= OVERLAP for other in kept):
            kept.append(span)
    return kept


def _overlap(one: Span, other: Span) -> float:
    wide = max(0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0, min(one[3], other[3]) - max(one[1], other[1]))
    return wide * high / (_area(one) + _area(other) - wide * high)


def _area(span: Span) -> int:
    return (span[2] - span[0]) * (span[3] - span[1])
