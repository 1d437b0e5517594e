"""Rectangles between long straight edges: a picture in a picture, the cells of a collage, a photograph on a page.

In C (kernel/rectangles.c), and with numpy, some ten times slower, where no compiler was there.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address, library
from staydown.decoding.lines import Lines, Places, straight
from staydown.decoding.types import Floats

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
_ASKED = np.array([HELD, SHORTEST, WHOLE, OVERLAP])  # to C, as is
_WAYS = np.array([SEAM, CLEAR, JOINT, MIDDLE, SHORTEST, DEEP])
_MOST_CELLS = 256 + MOST

Span = tuple[int, int, int, int]
Cell = tuple[int, int, int, int]
"""Places in the lines: left and right among those across, top and bottom among those down."""


def rectangles(seen: Floats) -> tuple[list[Span], list[Span], list[Span]]:
    """Cells of a collage, the cells within these, the rectangles best held by edges: left, top, right, bottom in samples.

    `seen` is height x width, of about 256 samples a side.
    """
    across, down = straight(seen)
    if library() is None:
        return *_cells(across, down), _best(across, down)
    lines = _Given.of(across, down)
    return *lines.cells(), lines.best()


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    """Lines as C takes them: where those across are, how many, how they are held, and the same of those down."""

    kept: tuple[Places | Floats, ...]
    given: tuple[int, ...]

    @classmethod
    def of(cls, *both: Lines) -> "_Given":
        kept = [(np.ascontiguousarray(lines.at), np.ascontiguousarray(lines.held)) for lines in both]
        given = [(address(at), len(at), address(held)) for at, held in kept]
        return cls((*kept[0], *kept[1]), (*given[0], *given[1]))

    def cells(self) -> tuple[list[Span], list[Span]]:
        """`_cells`."""
        compiled, found, counts = library(), np.empty((_MOST_CELLS, 4), np.int64), np.empty(2, np.int64)
        if compiled is None or not compiled.staydown_cells(
            *self.given, address(_WAYS), address(found), address(counts)
        ):
            raise MemoryError
        first, further = counts.tolist()
        return _listed(found[:first]), _listed(found[first : first + further])

    def best(self) -> list[Span]:
        """`_best`."""
        compiled, found = library(), np.empty((MOST, 4), np.int64)
        count = compiled.staydown_rectangles(*self.given, address(_ASKED), address(found)) if compiled else -1
        if count < 0:
            raise MemoryError
        return _listed(found[:count])


def _listed(spans: npt.NDArray[np.int64]) -> list[Span]:
    return [(left, top, right, bottom) for left, top, right, bottom in spans.tolist()]


def _cells(across: Lines, down: Lines) -> tuple[list[Span], list[Span]]:
    """The cells of a collage: those that the clearest seams through the whole picture part, and into what these are cut.

    Four equal cells are among the first: where two are each other's reflection, no seam is seen between them.
    """
    first = _cut(across, down, (0, len(across.at) - 1, 0, len(down.at) - 1))
    further, outer = [], first
    for _ in range(DEEP):
        outer = [part for cell in outer for part in _cut(across, down, cell)]
        further += outer
    return _spans(first + _quarters(across, down), across, down), _spans(further, across, down)[:MOST]


def _spans(cells: list[Cell], across: Lines, down: Lines) -> list[Span]:
    return [(int(across.at[a]), int(down.at[c]), int(across.at[b]), int(down.at[d])) for a, b, c, d in cells]


def _cut(across: Lines, down: Lines, cell: Cell) -> list[Cell]:
    """The parts into which the clearest seams through all of a cell cut it; none where there is no seam."""
    left, right, top, bottom = cell
    upright, level = across.held[:, top, bottom], down.held[:, left, right]
    some = np.concatenate([upright[left + 1 : right], level[top + 1 : bottom]])
    least = max(SEAM, CLEAR * some.max(initial=0.0))
    columns = _between(across, upright, left, right, least)
    rows = _between(down, level, top, bottom, least)
    parts = [(*column, *row) for row in rows for column in columns]
    return [part for part in parts if part != cell]


def _between(lines: Lines, held: Floats, first: int, last: int, least: float) -> list[tuple[int, int]]:
    """Pairs of seams, or of the cell's own sides, between which there is room for a picture; what is between others is not."""
    room, joint = SHORTEST * lines.at[-1], JOINT * lines.at[-1]
    clear = first + 1 + np.flatnonzero(held[first + 1 : last] >= least)
    seams: list[int] = []
    for line in clear[np.argsort(-held[clear], kind="stable")].tolist():
        apart = np.abs(lines.at[seams] - lines.at[line])
        if ((apart >= room) | (apart <= joint)).all():
            seams.append(line)
    pairs = pairwise([first, *sorted(seams), last])
    return [pair for pair in pairs if lines.at[pair[1]] - lines.at[pair[0]] >= room]


def _quarters(across: Lines, down: Lines) -> list[Cell]:
    """The quarters of the picture whose two inner sides are seams."""
    found: list[Cell] = []
    for column in _middle(across):
        for row in _middle(down):
            for left, right in ((0, column), (column, len(across.at) - 1)):
                for top, bottom in ((0, row), (row, len(down.at) - 1)):
                    if min(across.held[column, top, bottom], down.held[row, left, right]) >= SEAM:
                        found.append((left, right, top, bottom))
    return found


def _middle(lines: Lines) -> list[int]:
    """The lines in the middle of the picture."""
    return [int(line) for line in np.flatnonzero(np.abs(lines.at - lines.at[-1] / 2) <= MIDDLE)]


def _best(across: Lines, down: Lines) -> list[Span]:
    """Rectangles of two lines each way, scored by how well their sides are held, overlapping ones dropped."""
    left, right = _apart_enough(across.at)
    top, bottom = _apart_enough(down.at)
    held = (
        across.held[left][:, top, bottom], across.held[right][:, top, bottom],
        down.held[top][:, left, right].T, down.held[bottom][:, left, right].T,
    )  # fmt: skip
    wide = (across.at[right] - across.at[left])[:, None] / across.at[-1]
    high = (down.at[bottom] - down.at[top])[None, :] / down.at[-1]
    worst = np.fmin(np.fmin(held[0], held[1]), np.fmin(held[2], held[3]))
    good = (worst >= HELD) & (wide * high <= WHOLE)
    x, y = np.nonzero(good)
    order = np.argsort(-_score(worst[good], np.stack([each[good] for each in held])), kind="stable")[:300]
    x, y = x[order], y[order]
    spans = np.stack([across.at[left[x]], down.at[top[y]], across.at[right[x]], down.at[bottom[y]]], axis=1)
    return _apart([(a, b, c, d) for a, b, c, d in spans.tolist()])


def _score(worst: Floats, sides: Floats) -> npt.NDArray[np.float64]:
    """How well rectangles are held by their sides (4 x n), of which the picture's own count for little."""
    count = 4 - np.isnan(sides).sum(axis=0)
    score: npt.NDArray[np.float64] = (worst + np.nansum(sides, axis=0) / count) / 2 * (0.6 + 0.1 * count)
    return score


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
