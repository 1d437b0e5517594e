"""What a bank keeps of a picture: the PDQ of twenty fixed windows, with which a copy is confirmed.

660 bytes an entry and no pixel: for each window its PDQ (32 bytes), then its quality (1 byte). Windows
overlap, so that what a crop leaves, or a caption leaves free, holds some whole.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from staydown.decoding.bands import cells, through
from staydown.decoding.kernel import address, library
from staydown.decoding.types import CANVAS, REDUCED, Box, Floats, Region
from staydown.fingerprints import pdq, spectrum
from staydown.fingerprints.errors import MalformedWindows
from staydown.fingerprints.spectrum import Bits, Words

ENOUGH = 50  # quality from which a fingerprint says anything; PDQ's authors recommend the same
TEXTURED = 0.4  # of a picture; see `spectrum.texture`
HANDICAP = 80  # bits, for what is perfectly plain; see `spectrum.plainness`
_WINDOW = 33


def _at(scale: float, places: tuple[tuple[float, float], ...]) -> list[Box]:
    free = 1 - scale
    return [(x * free, y * free, x * free + scale, y * free + scale) for x, y in places]


_CORNERS = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5))
_NINE = tuple((x / 2, y / 2) for y in range(3) for x in range(3))

# Four sizes, each about four fifths of the one before: whatever a crop leaves, one size fits into it.
WINDOWS: tuple[Box, ...] = ((0.0, 0.0, 1.0, 1.0), *_at(0.79, _CORNERS), *_at(0.62, _CORNERS), *_at(0.48, _NINE))
PLACES: Floats = np.array(WINDOWS, dtype=np.float32)
_OPERATORS = spectrum.operators(PLACES)
# The windows are crossings of few intervals, the same in both directions: n x 2, and of each window its (column, row).
INTERVALS: Floats = np.unique(PLACES[:, [0, 2]], axis=0)
CROSSED = np.stack([(PLACES[:, None, [at, at + 2]] == INTERVALS).all(axis=2).argmax(axis=1) for at in (0, 1)], axis=1)
_CELLS = cells(CANVAS, tuple((start, end) for start, end in INTERVALS.tolist()), REDUCED)
LENGTH = len(WINDOWS) * _WINDOW


@dataclass(frozen=True, eq=False)
class Entry:
    """Twenty windows as `verify` uses them: `hashes` 20 x 32 uint8, `qualities` 20 uint8."""

    hashes: Bits
    qualities: Bits

    @cached_property
    def bits(self) -> npt.NDArray[np.bool_]:
        """20 x 256 truths, first coefficient first."""
        return spectrum.unpacked(self.hashes)

    @cached_property
    def coarse(self) -> Words:
        """20 words (see `spectrum.coarse`)."""
        return spectrum.coarse(self.hashes)

    @cached_property
    def handicap(self) -> npt.NDArray[np.int64]:
        """Bits that are added to each window's distance, because what is plain resembles much that is unrelated."""
        bits: npt.NDArray[np.int64] = np.round(HANDICAP * np.maximum(0, spectrum.plainness(self.hashes))).astype(int)
        return bits

    @cached_property
    def telling(self) -> npt.NDArray[np.bool_]:
        """Which windows are not too flat to be compared: 20 truths.

        A part of a picture steps less from cell to cell than its whole, in proportion to its side; so less
        is asked of it.
        """
        truths: npt.NDArray[np.bool_] = self.qualities >= ENOUGH * (PLACES[:, 2] - PLACES[:, 0])
        return truths


def of_region(region: Region) -> Entry:
    """The twenty windows of a picture's whole region.

    Of a drawing, or a shape on plain ground, no window tells: many pictures share an outline, and such
    windows made nearly all wrong matches. It is found by its whole fingerprint alone.
    """
    hashes = spectrum.packed(spectrum.through(region.canvas, _OPERATORS))
    drawn = spectrum.texture(region.canvas) < TEXTURED
    return Entry(hashes, np.zeros(len(WINDOWS), np.uint8) if drawn else _qualities(region.canvas))


def _qualities(canvas: Floats) -> Bits:
    """PDQ's quality of each window: every interval of rows with every one of columns, of which the windows are some.

    In C only of the windows, and none is copied.
    """
    if (compiled := library()) is None:
        return _with_numpy(canvas)
    seen, found = np.ascontiguousarray(canvas, np.float32), np.empty(len(CROSSED), np.uint8)
    first, weights, reach, _ = _CELLS.given
    if not compiled.staydown_windows(
        address(seen), first, weights, reach, len(INTERVALS), address(CROSSED), len(CROSSED), address(found)
    ):
        raise MemoryError
    return found


def _with_numpy(canvas: Floats) -> Bits:
    count = len(INTERVALS)
    crossings = through(_CELLS, _CELLS, canvas).reshape(count, REDUCED, count, REDUCED)
    return pdq.qualities(crossings[CROSSED[:, 1], :, CROSSED[:, 0]])


def wholes(canvases: Floats) -> Floats:
    """The coefficients of n canvases, n x 16 x 16, as their first windows have them."""
    down, across = _OPERATORS
    return spectrum.through(canvases, (down[:1], across[:1]))


def pack(entry: Entry) -> bytes:
    """The 660 bytes of an entry."""
    return np.concatenate([entry.hashes, entry.qualities[:, None]], axis=1).tobytes()


@lru_cache(maxsize=4096)
def unpack(stored: bytes) -> Entry:
    """The entry in 660 bytes. Raises `MalformedWindows`."""
    if len(stored) != LENGTH:
        raise MalformedWindows
    rows = np.frombuffer(stored, np.uint8).reshape(len(WINDOWS), _WINDOW)
    if rows[:, 32].max() > 100:
        raise MalformedWindows
    return Entry(np.ascontiguousarray(rows[:, :32]), rows[:, 32].copy())
