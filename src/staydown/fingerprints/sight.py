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

Words = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.intp]

# Sizes of windows, as parts of a side: each about seven eighths of the one before, down to the smallest of the
# bank's. Widths and heights are combined freely, for a crop may have taken more from one side than the other.
_SIZES = (1.0, 0.87, 0.75, 0.65, 0.56, 0.48)
_OF_PARTS = 3  # how many of them are used in the parts of a picture, which are whole pictures mostly
_STEP = 0.14  # of a window, at most, from one to the next
ENOUGH_OF_UPLOAD = 30  # quality; a bank asks 50
COMMON_CONTRAST, MOST_GAIN = 50.0, 2.0  # of 255, the deviation of ordinary photographs
COARSE = 8  # frequencies of each side in the coarse part of a fingerprint: 64 bits


def _intervals(sizes: tuple[float, ...]) -> Floats:
    """Starts and ends of the windows of one side, n x 2: each size moved from end to end."""
    found = []
    for size in sizes:
        starts = np.linspace(0, 1 - size, 1 + round((1 - size) / (_STEP * size)))
        found += [(start, start + size) for start in starts]
    return np.array(found, dtype=np.float32)


_WHOLE, _PART = _intervals(_SIZES), _intervals(_SIZES[:_OF_PARTS])


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
    return Sight(tuple(region for region in regions if quality(region) >= ENOUGH_OF_UPLOAD))


def quality(region: Region) -> int:
    """PDQ's quality of an upload's region at a common contrast, 0 to 100.

    A darkened or a blurred copy is as telling as its original was, and the entry it is compared with has
    passed the full gate; so contrast, which PDQ does not see, is restored first and less is asked.
    """
    contrast = float(region.canvas.std())
    gain = np.float32(min(MOST_GAIN, COMMON_CONTRAST / max(1.0, contrast)))
    restored = (region.canvas - region.canvas.mean()) * max(np.float32(1), gain)
    return spectrum.quality(restored, (0, 0, 1, 1))


def _words(count: int) -> Words:
    return np.empty(count, np.uint64)


def _looks(place: int, region: Region) -> Looks:
    """The windows of one region: the first, all of it, in eight orientations, the others in two."""
    sides = _WHOLE if region.kind is Kind.WHOLE else _PART
    transformed = spectrum.of_grid(region.canvas, sides, sides).reshape(-1, spectrum.F, spectrum.F)
    boxes = _boxes(sides, sides)
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
