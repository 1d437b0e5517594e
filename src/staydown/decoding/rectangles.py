"""Rectangles between long straight edges: a picture in a picture, the cells of a collage, a photograph on a page.

A cut between two pictures steps, all along, more than what is beside it does; how much more, as a logarithm, is
the evidence for an edge there. Texture steps as much everywhere, and the edges of things are rarely straight
for long. Stretches of a line are averaged before they are compared, so that texture and grain cancel and what
differs between two pictures remains, though it may be little.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats

CELLS = 64  # stretches, about, of a line that are averaged
GRAIN = 3.0  # of 255: what steps anyway
LEAST_EVIDENCE, MOST_EVIDENCE = -0.7, 1.2  # of a stretch: what is written over an edge does not undo the rest of it
ASKED = 0.25  # of evidence, of each stretch of a line that counts for it
BESIDE = 2  # samples: lines nearer than this are one
LINES = 18  # of each direction, the strongest
LEAST_LINE = 0.06  # of a side: the evidence, beyond what is asked, of the weakest line that is looked at
HELD = 0.15  # of evidence, of each side of a rectangle
SEAM = 0.3  # of evidence, of the whole length of a line that parts the picture, or a cell
CLEAR = 0.75  # of the evidence of the clearest seam: others of one collage are nearly as clear
JOINT = 0.04  # of a side, at most, between the two seams of a joint
DEEP = 2  # times that cells are cut again
MIDDLE = 2.0  # samples from it
SHORTEST = 0.16  # of a side
WHOLE = 0.97  # of the area: not a part
OVERLAP = 0.85  # of the union: the better of two rectangles stands for both
MOST = 12

Span = tuple[int, int, int, int]
Cell = tuple[int, int, int, int]
"""Places in the lines: left and right among those across, top and bottom among those down."""
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Straight lines across one direction: `at` their places, the picture's own two sides among them.

    `held[line, from, to]` is the mean evidence for the line between two lines of the other direction; NaN on the
    picture's own sides.
    """

    at: Places
    held: Floats


def rectangles(seen: Floats) -> tuple[list[Span], list[Span], list[Span]]:
    """Cells of a collage, the cells within these, the rectangles best held by edges: left, top, right, bottom in samples.

    `seen` is height x width, of about 256 samples a side.
    """
    height, width = seen.shape
    upright, level = _evidence(seen), _evidence(seen.T)
    columns, rows = _strongest(upright, width), _strongest(level, height)
    across = _Lines(columns, _held(upright, columns, rows))
    down = _Lines(rows, _held(level, rows, columns))
    return *_cells(across, down), _best(across, down)


def _evidence(seen: Floats) -> Floats:
    """Stretches of rows x (columns - 1): the logarithm of each step along the rows, relative to those beside it."""
    height, width = seen.shape
    fold = max(1, round(height / CELLS))
    stretches = height // fold
    means = np.add.reduce([seen[row : stretches * fold : fold] for row in range(fold)]) / np.float32(fold)
    steps = np.abs(np.diff(means, axis=1))
    padded, count = np.pad(steps, ((0, 0), (3, 3)), mode="reflect"), width - 1
    beside = np.add.reduce([padded[:, shift : shift + count] for shift in (0, 1, 5, 6)]) / np.float32(4)
    found: Floats = np.log((steps + np.float32(GRAIN)) / (beside + np.float32(GRAIN)))
    return found.clip(LEAST_EVIDENCE, MOST_EVIDENCE)


def _strongest(evidence: Floats, length: int) -> Places:
    """Places of the lines whose best stretch has most evidence (the largest sum of a run, by running minima)."""
    score = np.pad(np.cumsum(evidence - np.float32(ASKED), axis=0), ((1, 0), (0, 0)))
    best = (score - np.minimum.accumulate(score, axis=0)).max(axis=0)
    kept: list[int] = []
    for line in np.argsort(-best, kind="stable"):
        if best[line] < LEAST_LINE * len(evidence) or len(kept) == LINES:
            break
        if all(abs(int(line) - other) > BESIDE for other in kept):
            kept.append(int(line))
    return np.array([0, *sorted(line + 1 for line in kept), length])


def _held(evidence: Floats, at: Places, between: Places) -> Floats:
    """For each line and each two places along it, the mean evidence of the stretch (see `_Lines`).

    An edge may lie between two samples, or lean by one: the better of a place and its neighbours counts.
    """
    padded = np.pad(evidence, ((0, 0), (1, 1)), mode="edge")
    lines = at[1:-1] - 1
    thick = np.maximum(padded[:, lines + 1], np.maximum(padded[:, lines], padded[:, lines + 2]) - np.float32(0.1))
    sums = np.pad(np.cumsum(thick, axis=0), ((1, 0), (0, 0))).T
    ends = np.rint(between * (len(evidence) / between[-1])).astype(np.intp)
    stretch = np.maximum(1, ends[None, :] - ends[:, None])
    held = np.full((len(at), len(between), len(between)), np.nan, np.float32)
    held[1:-1] = (sums[:, None, ends] - sums[:, ends, None]) / stretch
    return held


def _cells(across: _Lines, down: _Lines) -> tuple[list[Span], list[Span]]:
    """The cells of a collage: those that the clearest seams through the whole picture part, and into what these are cut.

    Four equal cells are among the first: where two are each other's reflection, no seam is seen between them.
    """
    first = _cut(across, down, (0, len(across.at) - 1, 0, len(down.at) - 1))
    further, outer = [], first
    for _ in range(DEEP):
        outer = [part for cell in outer for part in _cut(across, down, cell)]
        further += outer
    return _spans(first + _quarters(across, down), across, down), _spans(further, across, down)[:MOST]


def _spans(cells: list[Cell], across: _Lines, down: _Lines) -> list[Span]:
    return [(int(across.at[a]), int(down.at[c]), int(across.at[b]), int(down.at[d])) for a, b, c, d in cells]


def _cut(across: _Lines, down: _Lines, cell: Cell) -> list[Cell]:
    """The parts into which the clearest seams through all of a cell cut it; none where there is no seam."""
    left, right, top, bottom = cell
    upright, level = across.held[:, top, bottom], down.held[:, left, right]
    some = [*upright[left + 1 : right], *level[top + 1 : bottom]]
    least = max(SEAM, CLEAR * max(some, default=0.0))
    columns = _between(across, upright, left, right, least)
    rows = _between(down, level, top, bottom, least)
    parts = [(*column, *row) for row in rows for column in columns]
    return [part for part in parts if part != cell]


def _between(lines: _Lines, held: Floats, first: int, last: int, least: float) -> list[tuple[int, int]]:
    """Pairs of seams, or of the cell's own sides, between which there is room for a picture; what is between others is not."""
    room, joint = SHORTEST * lines.at[-1], JOINT * lines.at[-1]
    seams: list[int] = []
    for line in first + 1 + np.argsort(-held[first + 1 : last], kind="stable"):
        apart = np.abs(lines.at[seams] - lines.at[line])
        if held[line] >= least and ((apart >= room) | (apart <= joint)).all():
            seams.append(int(line))
    pairs = pairwise([first, *sorted(seams), last])
    return [pair for pair in pairs if lines.at[pair[1]] - lines.at[pair[0]] >= room]


def _quarters(across: _Lines, down: _Lines) -> list[Cell]:
    """The quarters of the picture whose two inner sides are seams."""
    found: list[Cell] = []
    for column in _middle(across):
        for row in _middle(down):
            for left, right in ((0, column), (column, len(across.at) - 1)):
                for top, bottom in ((0, row), (row, len(down.at) - 1)):
                    if min(across.held[column, top, bottom], down.held[row, left, right]) >= SEAM:
                        found.append((left, right, top, bottom))
    return found


def _middle(lines: _Lines) -> list[int]:
    """The lines in the middle of the picture."""
    return [int(line) for line in np.flatnonzero(np.abs(lines.at - lines.at[-1] / 2) <= MIDDLE)]


def _best(across: _Lines, down: _Lines) -> list[Span]:
    """Rectangles of two lines each way, scored by how well their sides are held, overlapping ones dropped."""
    left, right = _apart_enough(across.at)
    top, bottom = _apart_enough(down.at)
    sides = np.stack([
        across.held[left][:, top, bottom], across.held[right][:, top, bottom],
        down.held[top][:, left, right].T, down.held[bottom][:, left, right].T,
    ])  # fmt: skip
    real = ~np.isnan(sides)
    count = real.sum(axis=0)
    worst = np.where(real, sides, np.inf).min(axis=0)
    mean = np.where(real, sides, 0.0).sum(axis=0) / np.maximum(1, count)
    score = (worst + mean) / 2 * (0.6 + 0.1 * count)
    wide = (across.at[right] - across.at[left])[:, None] / across.at[-1]
    high = (down.at[bottom] - down.at[top])[None, :] / down.at[-1]
    good = (worst >= HELD) & (wide * high <= WHOLE) & (count > 0)
    order = np.argwhere(good)[np.argsort(-score[good], kind="stable")][:300]
    spans = [(across.at[left[x]], down.at[top[y]], across.at[right[x]], down.at[bottom[y]]) for x, y in order]
    return _apart([(int(a), int(b), int(c), int(d)) for a, b, c, d in spans])


def _apart_enough(at: Places) -> tuple[Places, Places]:
    """Pairs of lines between which there is room for a picture."""
    first, last = np.triu_indices(len(at), 1)
    room = at[last] - at[first] >= SHORTEST * at[-1]
    return first[room], last[room]


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
