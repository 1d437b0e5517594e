"""The 7 x 7 map of the network -> the parts of a picture that its number comes from."""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Box
from staydown.recognition.model import GRID
from staydown.recognition.preprocess import MARGIN, MIDDLE, WHOLE
from staydown.recognition.signals import Place

Floats = npt.NDArray[np.float32]
Cells = list[tuple[int, int]]

SHARE = 0.5  # of the strongest place, for another to be told, too


def places(seen: Floats) -> tuple[Place, ...]:
    """The connected parts of the map at least half as strong as its strongest place, the strongest first.

    The network sees the middle of the picture only, so what lies at its edge is never told.
    """
    strongest = float(seen.max())
    if strongest <= 0:
        return ()
    left = {(int(row), int(column)) for row, column in np.argwhere(seen >= SHARE * strongest)}
    found = []
    while left:
        cells = _connected(left)
        share = max(float(seen[cell]) for cell in cells) / strongest
        found.append(Place(_box(cells), round(share, 3)))
    return tuple(sorted(found, key=lambda place: -place.share))


def _connected(left: set[tuple[int, int]]) -> Cells:
    """Some cell and all that hang together with it, side by side; they are taken out of `left`."""
    cells, waiting = [], [left.pop()]
    while waiting:
        row, column = cell = waiting.pop()
        cells.append(cell)
        beside = {(row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)} & left
        left -= beside
        waiting += beside
    return cells


def _box(cells: Cells) -> Box:
    rows, columns = zip(*cells, strict=True)
    return _at(min(columns)), _at(min(rows)), _at(max(columns) + 1), _at(max(rows) + 1)


def _at(line: int) -> float:
    return round((MARGIN + MIDDLE * line / GRID) / WHOLE, 4)
