"""An upload as the copy detector sees it: its regions, and the fingerprints of many windows of them.

The windows of an upload have to lie where the bank's twenty lie, whatever was cropped away. So there are many
of them, of several sizes and shapes; the coarse part of a fingerprint still matches when a window is off by a
twentieth of its side, and `align` moves it into place.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import CANVAS, Floats, Kind, Region
from staydown.fingerprints import pdq, spectrum
from staydown.fingerprints.spectrum import Bits, Words
from staydown.fingerprints.turns import MIRRORED, TURNS, UPRIGHT
from staydown.fingerprints.views import SMALL, View

Numbers = npt.NDArray[np.intp]

# Sizes of windows, as parts of a side: each about seven eighths of the one before, down to the smallest of the
# bank's. Widths and heights are combined freely, for a crop may have taken more from one side than the other.
_SIZES = (1.0, 0.87, 0.75, 0.65, 0.56, 0.48)
_OF_PARTS = (1.0, 0.87, 0.75)  # parts of a picture are whole pictures mostly
_OF_TILTED = (0.8, 0.65, 0.52)  # what a tilted picture shows of an upright one is smaller
TILTS = (-16, -8, 8, 16)  # degrees by which the whole upload is tilted; windows are found some degrees off
_STEP = 0.14  # of a window, at most, from one to the next
ENOUGH_OF_UPLOAD = 30  # quality; a bank asks 50
COMMON_CONTRAST, MOST_GAIN = 50.0, 2.0  # of 255, the deviation of ordinary photographs


def _intervals(sizes: tuple[float, ...]) -> Floats:
    """Starts and ends of the windows of one side, n x 2: each size moved from end to end."""
    found = []
    for size in sizes:
        starts = np.linspace(0, 1 - size, 1 + round((1 - size) / (_STEP * size)))
        found += [(start, start + size) for start in starts]
    return np.array(found, dtype=np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Windows of some sizes all over a view: their boxes, n x 4, and the operators of the sides they share."""

    boxes: Floats
    operators: Floats

    @classmethod
    def of(cls, sizes: tuple[float, ...]) -> "_Grid":
        sides = _intervals(sizes)
        return cls(_boxes(sides, sides), spectrum.sides(sides[:, 0], sides[:, 1], SMALL))

    def coefficients(self, view: View) -> Floats:
        """Of each window, those of one row after the other: n x n x 16 x 16."""
        return spectrum.of_grid(view.small, self.operators, self.operators)


def _boxes(columns: Floats, rows: Floats) -> Floats:
    across, down = np.tile(columns, (len(rows), 1)), np.repeat(rows, len(columns), axis=0)
    return np.stack([across[:, 0], down[:, 0], across[:, 1], down[:, 1]], axis=1)


_WHOLE, _PART, _TILTED = _Grid.of(_SIZES), _Grid.of(_OF_PARTS), _Grid.of(_OF_TILTED)


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """Windows of an upload, n of them: where they are, how they are turned, and the coarse part of their bits.

    `region`, `tilt` (degrees) say which view (see `Sight.view`), `turn` is a place in `turns.TURNS`; `boxes`
    n x 4 on the view as it is; `coarse` n words of 64 bits, turned; `row` the place of each one's 16 x 16 among
    `coefficients`, a grid (m x m x 16 x 16) of each view, which are not turned and stay where they were made: copying
    them costs more than making them; `whole` their fingerprints (n x 32) as far as they are `made`.
    """

    region: Numbers
    tilt: Numbers
    turn: Numbers
    boxes: Floats
    coarse: Words
    row: Numbers
    coefficients: tuple[Floats, ...]
    whole: Bits = field(init=False, repr=False)
    made: npt.NDArray[np.bool_] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "whole", np.empty((len(self.row), 32), np.uint8))
        object.__setattr__(self, "made", np.zeros(len(self.row), bool))

    def hashes(self, some: Numbers) -> Bits:
        """The whole fingerprints of some looks, as turned: m x 32 uint8. Each is made once, at its first candidate."""
        new = some[~self.made[some]]
        for turn in range(len(TURNS)) if len(new) else ():
            rows = new[self.turn[new] == turn]
            if len(rows):
                self.whole[rows] = spectrum.packed(TURNS[turn].of_coefficients(self._coefficients(self.row[rows])))
        self.made[new] = True
        return self.whole[some]

    def _coefficients(self, rows: Numbers) -> Floats:
        found, first = np.empty((len(rows), spectrum.F, spectrum.F), np.float32), 0
        for grid in self.coefficients:
            many, across = _size(grid), grid.shape[1]
            here = np.flatnonzero((first <= rows) & (rows < first + many))
            found[here] = grid[np.divmod(rows[here] - first, across)]
            first += many
        return found


def _size(grid: Floats) -> int:
    return int(grid.shape[0] * grid.shape[1])


_NO = np.empty(0, np.intp)
_NONE = Looks(_NO, _NO, _NO, np.empty((0, 4), np.float32), np.empty(0, np.uint64), _NO, ())


@dataclass(frozen=True, eq=False)
class Sight:
    """What is compared of an upload: its telling regions, the whole picture first. Never stored."""

    regions: tuple[Region, ...]
    _views: dict[tuple[int, int], View] = field(default_factory=dict, init=False, repr=False)

    def view(self, region: int, tilt: int) -> View:
        """A region as it is (0 degrees) or tilted, made when first needed."""
        if (region, tilt) not in self._views:
            seen = self.regions[region]
            self._views[region, tilt] = View(region, tilt, seen.aspect, seen.canvas)
        return self._views[region, tilt]

    @cached_property
    def looks(self) -> Looks:
        """All windows, made when first needed: a few ms, and only for uploads that resemble something."""
        parts = [_looks(self.view(place, 0), region.kind) for place, region in enumerate(self.regions)]
        parts += [_tilted_looks(self.view(0, tilt)) for tilt in TILTS if parts]
        return _together(parts) if parts else _NONE


def of_regions(regions: tuple[Region, ...]) -> Sight:
    """The sight of a decoded picture: regions too flat to be compared are left out."""
    return Sight(telling(regions, ENOUGH_OF_UPLOAD))


def telling(regions: tuple[Region, ...], enough: int) -> tuple[Region, ...]:
    """The regions of at least such a quality at a common contrast, 0 to 100 (see `qualities`)."""
    found = qualities(canvases(regions))
    return tuple(region for region, quality in zip(regions, found, strict=True) if quality >= enough)


def canvases(regions: tuple[Region, ...]) -> Floats:
    """Those of n regions: n x 128 x 128."""
    return np.array([region.canvas for region in regions], np.float32).reshape(-1, CANVAS, CANVAS)


def qualities(canvases: Floats) -> Bits:
    """PDQ's quality of each of an upload's regions at a common contrast, 0 to 100.

    A darkened or a blurred copy is as telling as its original was, and the entry it is compared with has
    passed the full gate; so contrast, which PDQ does not see, is restored first and less is asked.
    """
    contrast = canvases.std(axis=(1, 2), keepdims=True)
    gain = np.clip(COMMON_CONTRAST / np.maximum(1, contrast), 1, MOST_GAIN)
    rows = canvases[:, ::2] + canvases[:, 1::2]
    return pdq.qualities(np.multiply(rows[..., ::2] + rows[..., 1::2], gain / 4, dtype=np.float32))


def _looks(view: View, kind: Kind) -> Looks:
    """The windows of one region: the first, all of it, in eight orientations, the others in two."""
    grid = _WHOLE if kind is Kind.WHOLE else _PART
    rows = [np.arange(len(grid.boxes) if turn in (UPRIGHT, MIRRORED) else 1) for turn in TURNS]
    return _turned(view, grid.boxes, grid.coefficients(view), rows)


def _tilted_looks(view: View) -> Looks:
    """The windows of a tilted view that lie on the picture, upright and mirrored."""
    shown = np.flatnonzero(view.shows(_TILTED.boxes))
    rows = [shown if turn in (UPRIGHT, MIRRORED) else _NO for turn in TURNS]
    return _turned(view, _TILTED.boxes, _TILTED.coefficients(view), rows)


def _turned(view: View, boxes: Floats, grid: Floats, rows: list[Numbers]) -> Looks:
    """`rows` says for each of the eight turns which boxes are looked at so."""
    low = grid[..., : spectrum.COARSE, : spectrum.COARSE].reshape(-1, spectrum.COARSE, spectrum.COARSE)
    words = [spectrum.words(turn.of_coefficients(low[some]) > 0) for turn, some in zip(TURNS, rows, strict=True)]
    row, turns = np.concatenate(rows), np.repeat(np.arange(len(TURNS)), [len(some) for some in rows])
    same = np.ones(len(row), np.intp)
    return Looks(view.region * same, view.tilt * same, turns, boxes[row], np.concatenate(words), row, (grid,))


def _together(parts: list[Looks]) -> Looks:
    grids = tuple(grid for part in parts for grid in part.coefficients)
    first = np.cumsum([0, *map(_size, grids)])  # each part has one
    return Looks(
        region=np.concatenate([part.region for part in parts]),
        tilt=np.concatenate([part.tilt for part in parts]),
        turn=np.concatenate([part.turn for part in parts]),
        boxes=np.concatenate([part.boxes for part in parts]),
        coarse=np.concatenate([part.coarse for part in parts]),
        row=np.concatenate([part.row + at for part, at in zip(parts, first[:-1], strict=True)]),
        coefficients=grids,
    )
