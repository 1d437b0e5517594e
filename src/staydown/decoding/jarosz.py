"""PDQ's smoothing and decimation as two small matrices: reduced = rows @ luminance @ columns.T.

The reference smooths with two passes of a box filter along each side (a "Jarosz" filter) and keeps 64 x 64
samples. Both steps are linear and act on each side alone, so each side is one 64 x n matrix that depends on
n only. Source: Facebook, "The TMK+PDQ Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019),
and ThreatExchange pdq/cpp/downscaling/downscaling.cpp.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import REDUCED, Floats

Places = npt.NDArray[np.intp]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a picture as it is stored in the file.

    `length` is in pixels of the whole picture; a decoder that scaled by `fold` gives ceil(length / fold)
    samples. `backwards` says that people see this side from its other end (EXIF orientation).
    """

    length: int
    fold: int = 1
    backwards: bool = False

    @property
    def samples(self) -> int:
        return -(-self.length // self.fold)


def _box(length: int) -> tuple[Places, Places]:
    """First and last index that the reference's one-dimensional box filter averages at each index."""
    window = (length + 2 * REDUCED - 1) // (2 * REDUCED)
    at = np.arange(length)
    ahead = (window + 2) // 2 - 1
    return np.maximum(0, at - (window - 1 - ahead)), np.minimum(length - 1, at + ahead)


def rows(length: int) -> tuple[Places, Weights]:
    """The operator of one side: where each of its 64 rows begins, and its weights from there on.

    Each row is the second pass's window over the first pass's windows, written as steps and summed up; beyond
    some length / 64 samples it is zero.
    """
    first, last = _box(length)
    kept = (((np.arange(REDUCED) + 0.5) * length) / REDUCED).astype(np.intp)
    counts = last[kept] - first[kept] + 1
    row = np.repeat(np.arange(REDUCED), counts)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    inner = first[kept][row] + within
    weight = 1.0 / (counts[row] * (last[inner] - first[inner] + 1))
    begins = first[first[kept]]
    ends = last[last[kept]] + 1
    steps = np.zeros((REDUCED, int((ends - begins).max()) + 1))
    np.add.at(steps, (row, first[inner] - begins[row]), weight)
    np.add.at(steps, (row, last[inner] + 1 - begins[row]), -weight)
    weights: Weights = np.cumsum(steps, axis=1)[:, :-1]
    weights[np.abs(weights) < 1e-12] = 0.0  # what is left of sums that cancel; real weights are above 1e-6
    return begins, weights


@lru_cache(maxsize=8)  # few: the widest side takes 17 MB, and a stranger chooses the widths
def operator(side: Side) -> Floats:
    """The operator of one side as stored: 64 x samples float32.

    On a scaled decode each sample stands for `fold` pixels, so their weights are added up ("matched
    operator"): hashing a small decode as if it were the picture itself moves up to 49 bits, this at most a
    few.
    """
    begins, weights = rows(side.length)
    places = begins[:, None] + np.arange(weights.shape[1])
    if side.backwards:
        places = side.length - 1 - places
    found = np.zeros(REDUCED * side.samples)
    inside = weights != 0
    row = np.broadcast_to(np.arange(REDUCED)[:, None], weights.shape)[inside]
    np.add.at(found, row * side.samples + places[inside] // side.fold, weights[inside])
    return found.reshape(REDUCED, side.samples).astype(np.float32)


def reduce(luminance: Floats) -> Floats:
    """A whole luminance (height x width, 0 to 255) reduced to 64 x 64 float32."""
    height, width = luminance.shape
    reduced: Floats = operator(Side(height)) @ luminance.astype(np.float32) @ operator(Side(width)).T
    return reduced
