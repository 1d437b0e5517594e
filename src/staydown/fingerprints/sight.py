"""An upload as the copy detector sees it: its regions, and the fingerprints of many windows of them.

The windows of an upload have to lie where the bank's twenty lie, whatever was cropped away. So there are many
of them, of several sizes and shapes; the coarse part of a fingerprint still matches when a window is off by a
twentieth of its side, and `align` moves it into place.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats, Kind, Region
from staydown.fingerprints import spectrum
from staydown.fingerprints.spectrum import Bits
from staydown.fingerprints.turns import MIRRORED, TURNS, UPRIGHT
from staydown.fingerprints.windows import ENOUGH

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.intp]

# Width, height (of the region's) and number of places along each side.
_WHOLE_SIZES = (
    (1.0, 1.0, 1), (0.93, 0.93, 3), (0.86, 0.86, 4), (0.79, 0.79, 5), (0.72, 0.72, 6), (0.65, 0.65, 6), (0.58, 0.58, 7),
    (0.9, 1.0, 3), (1.0, 0.9, 3), (0.8, 1.0, 4), (1.0, 0.8, 4), (0.64, 0.8, 5), (0.8, 0.64, 5), (0.5, 0.7, 5), (0.7, 0.5, 5),
)  # fmt: skip
_PART_SIZES = ((1.0, 1.0, 1), (0.88, 0.88, 3), (0.76, 0.76, 3))
COARSE = 8  # frequencies of each side in the coarse part of a fingerprint: 64 bits


def _grid(sizes: tuple[tuple[float, float, int], ...]) -> tuple[tuple[Floats, Floats], ...]:
    """The column and row intervals of each size."""
    return tuple((_intervals(width, count), _intervals(height, count)) for width, height, count in sizes)


def _intervals(length: float, count: int) -> Floats:
    starts = np.unique(np.linspace(0, 1 - length, count).astype(np.float32))
    return np.stack([starts, starts + np.float32(length)], axis=1)


_WHOLE, _PART = _grid(_WHOLE_SIZES), _grid(_PART_SIZES)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Windows of an upload, n of them: where they are, how they are turned, and their fingerprints.

    `region` and `turn` are places in `Sight.regions` and `turns.TURNS`; `boxes` n x 4 on the canvas of the
    region as it is; `hashes` n x 32 uint8 of the window as turned; `coarse` n words of 64 bits.
    """

    region: Numbers
    turn: Numbers
    boxes: Floats
    hashes: Bits
    coarse: Words


@dataclass(frozen=True, eq=False)
class Sight:
    """What is compared of an upload: its telling regions, the whole picture first. Never stored."""

    regions: tuple[Region, ...]

    @cached_property
    def looks(self) -> Looks:
        """All windows, made when first needed: about 15 ms, and only for uploads that resemble something."""
        parts = [_looks(place, region) for place, region in enumerate(self.regions)]
        if not parts:
            nothing = np.empty(0, np.intp)
            return Looks(nothing, nothing, np.empty((0, 4), np.float32), np.empty((0, 32), np.uint8), _words(0))
        return Looks(*(np.concatenate([getattr(part, name) for part in parts]) for name in Looks.__slots__))


def of_regions(regions: tuple[Region, ...]) -> Sight:
    """The sight of a decoded picture: regions too flat to be compared are left out."""
    return Sight(tuple(region for region in regions if spectrum.quality(region.canvas, (0, 0, 1, 1)) >= ENOUGH))


def _words(count: int) -> Words:
    return np.empty(count, np.uint64)


def _looks(place: int, region: Region) -> Looks:
    """The windows of one region: the first, all of it, in eight orientations, the others in two."""
    sizes = _WHOLE if region.kind is Kind.WHOLE else _PART
    found = [spectrum.of_grid(region.canvas, columns, rows).reshape(-1, 16, 16) for columns, rows in sizes]
    transformed = np.concatenate(found)
    boxes = np.concatenate([_boxes(columns, rows) for columns, rows in sizes])
    turn, row = np.array([
        (number, at) for number, turn in enumerate(TURNS) for at in range(len(boxes))
        if at == 0 or turn in (UPRIGHT, MIRRORED)
    ]).T  # fmt: skip
    forms = np.concatenate([TURNS[number].of_coefficients(transformed[row[turn == number]]) for number in range(8)])
    hashes = spectrum.packed(forms)
    return Looks(np.full(len(row), place), turn, boxes[row], hashes, coarse(hashes))


def _boxes(columns: Floats, rows: Floats) -> Floats:
    across, down = np.tile(columns, (len(rows), 1)), np.repeat(rows, len(columns), axis=0)
    return np.stack([across[:, 0], down[:, 0], across[:, 1], down[:, 1]], axis=1)


def coarse(hashes: Bits) -> Words:
    """The 64 bits of the eight lowest frequencies of each side, from n x 32 uint8: n words.

    They tolerate a window that is off by about twice as much as the whole fingerprint does.
    """
    low = spectrum.unpacked(hashes).reshape(-1, spectrum.F, spectrum.F)[:, :COARSE, :COARSE]
    return np.packbits(low.reshape(-1, COARSE * COARSE), axis=1).view(np.uint64).reshape(-1)
