"""Operators of a picture's sides applied: of each of their rows only the band that is not zero.

In C (kernel/reduce.c), and with numpy, some ten times slower, where no compiler was there.
"""

from collections.abc import Iterator
from ctypes import CDLL
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from staydown.decoding.jarosz import Side, rows
from staydown.decoding.kernel import address, library
from staydown.decoding.samples import Place
from staydown.decoding.types import REDUCED, Floats, Pixels

BLOCK = 8  # outputs, which share most of the samples they reach
BYTES, FLOATS, COLOURS = 0, 1, 2  # kinds of samples, as in kernel/whole.h
SET = 2  # the widest instruction set that may be used, as in kernel/whole.c: 0 none, 1 AVX2, 2 AVX-512

Sides = tuple[Side, ...]
"""One side of a picture, read from one end or from both."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """n outputs: the sample at which each begins (int32), and its weights from there on (n x reach)."""

    first: npt.NDArray[np.int32]
    weights: Floats
    given: tuple[int, int, int, int] = field(init=False, repr=False)
    """To C: where both are in memory, the reach, and n."""

    def __post_init__(self) -> None:
        given = address(self.first), address(self.weights), self.weights.shape[1], len(self.first)
        object.__setattr__(self, "given", given)


@lru_cache(maxsize=64)  # of half a megabyte at most: a stranger chooses the widths
def bands(sides: Sides) -> Bands:
    """The operators of some sides of as many samples, one after the other."""
    first, weights = zip(*map(_bands, sides), strict=True)
    return Bands(np.concatenate(first), np.concatenate(weights))


def _bands(side: Side) -> tuple[npt.NDArray[np.int32], Floats]:
    begins, weights = rows(side.length)
    places = begins[:, None] + np.arange(weights.shape[1])
    if side.backwards:
        places = side.length - 1 - places
    samples = np.clip(places // side.fold, 0, side.samples - 1)  # what lies beyond weighs nothing
    reach = -(-weights.shape[1] // side.fold) + 1
    first = np.minimum(samples.min(axis=1), max(0, side.samples - reach))
    found = np.zeros((REDUCED, min(reach, side.samples)))
    np.add.at(found, (np.arange(REDUCED)[:, None], samples - first[:, None]), weights)
    return first.astype(np.int32), found.astype(np.float32)


def down(sides: Sides, lines: Pixels | Floats, start: int, total: Floats) -> None:
    """Add what some rows of a picture, from `start` on, give: `total` is (64 x sides) x width float32."""
    seen = _beside(lines)
    if compiled := library():
        _down(compiled, bands(sides), seen, start, total)
    else:
        _added(sides, seen.astype(np.float32), start, total)


def _beside(lines: Pixels | Floats) -> Pixels | Floats:
    """Lines in which the samples of each lie beside each other, copied where they do not."""
    beside = lines.strides[1] == lines.itemsize and lines.strides[0] > 0
    return lines if beside else lines.copy(order="C")


def across(sides: Sides, lines: Floats) -> Floats:
    """What each of n rows gives, C-contiguous n x width: n x (64 x sides)."""
    (height, width), some, compiled = lines.shape, bands(sides), library()
    found = np.zeros((height, len(some.first)), np.float32)
    if compiled is None:
        _added(sides, np.ascontiguousarray(lines.T), 0, found.T)
        return found
    compiled.staydown_across(address(lines), height, width, *some.given, address(found))
    return found


def reduced(rows: Sides, columns: Sides, lines: Pixels | Floats) -> Floats:
    """`down` and then `across` of all lines of a picture, as `tiles` has it."""
    seen = _beside(lines)
    if compiled := library():
        kind = FLOATS if seen.dtype == np.float32 else BYTES
        return _reduced(compiled, rows, columns, (address(seen), seen.strides[0], *seen.shape[::-1], kind))
    total = np.zeros((len(rows) * REDUCED, lines.shape[1]), np.float32)
    _added(rows, seen.astype(np.float32), 0, total)
    return tiles(across(columns, total))


def reduced_at(rows: Sides, columns: Sides, place: Place) -> Floats:
    """`reduced` of a picture's samples where they are, of colours as `staydown_brightness` sees them."""
    compiled, (height, width, *deep) = library(), place.shape
    if compiled is None:
        raise RuntimeError("a place was found without a compiled library")
    if deep:
        return _reduced(compiled, rows, columns, (place.address, width * deep[0], width, height, COLOURS))
    return _reduced(compiled, rows, columns, (place.address, width, width, height, BYTES))


def _reduced(compiled: CDLL, rows: Sides, columns: Sides, plane: tuple[int, int, int, int, int]) -> Floats:
    found = np.empty((len(columns), len(rows), REDUCED, REDUCED), np.float32)
    if not compiled.staydown_reduced(SET, *plane, *bands(rows).given, *bands(columns).given, address(found)):
        raise MemoryError
    return found


def tiles(found: Floats) -> Floats:
    """What `across` gives of what `down` gives: for each side of the columns, and for each of the rows, 64 x 64."""
    height, width = found.shape
    apart = found.reshape(height // REDUCED, REDUCED, width // REDUCED, REDUCED).transpose(2, 0, 1, 3)
    return np.ascontiguousarray(apart)


@lru_cache(maxsize=64)
def cells(samples: int, intervals: tuple[tuple[float, float], ...], count: int) -> Bands:
    """The means over `count` equal cells of each of some intervals of a side (0 to 1), one after the other."""
    starts, ends = np.array(intervals).T
    edges = np.linspace(starts, ends, count + 1, axis=1) * samples
    low, high = edges[:, :-1].reshape(-1, 1), edges[:, 1:].reshape(-1, 1)
    reach = min(samples, int((high - low).max()) + 2)
    first = np.minimum(low[:, 0].astype(np.int32), samples - reach)
    places = first[:, None] + np.arange(reach)
    covered = np.maximum(0, np.minimum(high, places + 1) - np.maximum(low, places))
    shares = covered * np.repeat(count / ((ends - starts) * samples), count)[:, None]
    return Bands(first, shares.astype(np.float32))


def through(rows: Bands, columns: Bands, plane: Floats) -> Floats:
    """A whole plane (C-contiguous) down its columns and along its rows: n x m."""
    return _of_columns(columns, _of_columns(rows, plane).T).T


def _of_columns(some: Bands, plane: Floats) -> Floats:
    """n x width."""
    if compiled := library():
        total = np.zeros((len(some.first), plane.shape[1]), np.float32)
        _down(compiled, some, np.ascontiguousarray(plane), 0, total)
        return total
    whole = np.zeros((len(some.first), len(plane)), np.float32)
    np.put_along_axis(whole, some.first[:, None] + np.arange(some.weights.shape[1]), some.weights, axis=1)
    found: Floats = np.matmul(whole, plane)
    return found


def _down(compiled: CDLL, some: Bands, lines: Pixels | Floats, start: int, total: Floats) -> None:
    height, width = lines.shape
    compiled.staydown_down(
        address(lines), lines.strides[0], width, start, height, lines.dtype == np.float32, *some.given,
        address(total),
    )  # fmt: skip


def _added(sides: Sides, lines: Floats, start: int, total: Floats) -> None:
    end = start + len(lines)
    for row, first, weights in _blocks(sides):
        low, high = max(first, start), min(first + weights.shape[1], end)
        if low < high:
            total[row : row + BLOCK] += weights[:, low - first : high - first] @ lines[low - start : high - start]


@lru_cache(maxsize=24)  # of five megabytes at most for each side
def _blocks(sides: Sides) -> tuple[tuple[int, int, Floats], ...]:
    """Some outputs after the others: the first of them, the first sample that they reach, their weights from there on."""
    return tuple(_each_block(bands(sides)))


def _each_block(some: Bands) -> Iterator[tuple[int, int, Floats]]:
    reach = some.weights.shape[1]
    for row in range(0, len(some.first), BLOCK):
        first = some.first[row : row + BLOCK]
        begin = int(first.min())
        weights = np.zeros((BLOCK, int(first.max()) + reach - begin), np.float32)
        for output, at in enumerate(first - begin):
            weights[output, at : at + reach] = some.weights[row + output]
        yield row, begin, weights
