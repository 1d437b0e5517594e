"""Fifteen small pictures for each second of a film -> its TMK+PDQF hash.

Of each picture the 256 numbers whose signs against their median would be its PDQ ("PDQF"); of all of them the mean, and
sums in which each has the weight of a cosine or a sine of its time, for four periods and 32 frequencies. Sources:
Facebook, "The TMK+PDQ Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019); Poullot et al., "Temporal
Matching Kernel with Explicit Feature Maps" (2015); ThreatExchange tmk/cpp/algo/tmkfv.cpp.
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import REDUCED, Floats, Pixels
from staydown.fingerprints.tmk import LEVELS, PERIODS, WIDTH, Tmk

RED, GREEN, BLUE = np.float32(0.299), np.float32(0.587), np.float32(0.114)
AT_ONCE = 256  # pictures, so that a long film needs no memory
_FREQUENCIES = 16

_angles = np.pi / (2 * REDUCED) * np.outer(np.arange(1, _FREQUENCIES + 1), 2 * np.arange(REDUCED) + 1)
COSINES: Floats = (float(np.float32(np.sqrt(2 / REDUCED))) * np.cos(_angles)).astype(np.float32)
"""As the reference has them: the factor is rounded before it is used."""

_steps = 2 * np.pi * np.outer(1 / np.array(PERIODS), np.arange(len(LEVELS))).reshape(-1, 1)
"""By how much each of the 4 x 32 angles grows from one picture to the next."""


class Sums:
    """What is remembered of a film while its pictures pass: 4 x 32 sums with cosines, as many with sines, and one."""

    def __init__(self) -> None:
        self.frames = 0
        self._plain = np.zeros(WIDTH)
        self._cosines = np.zeros((_steps.size, WIDTH))
        self._sines = np.zeros((_steps.size, WIDTH))
        self._waiting: list[tuple[Floats, int]] = []

    def see(self, pictures: Pixels, times: npt.NDArray[np.intp]) -> None:
        """The next pictures (n x 64 x 64 x 3, RGB), each shown so many times, one after the other."""
        shown = np.repeat(of_pictures(pictures), times, axis=0)
        for first in range(0, len(shown), AT_ONCE):
            self._add(shown[first : first + AT_ONCE].astype(np.float64))

    def ended(self) -> Tmk:
        """The hash. Of pictures without any contrast there is nothing, and zeros stay zeros."""
        strengths = np.sqrt(np.array(LEVELS)).reshape(1, -1, 1)
        shape = len(PERIODS), len(LEVELS), WIDTH
        cosines, sines = (_directions(each).reshape(shape) * strengths for each in (self._cosines, self._sines))
        mean = self._plain / max(1, self.frames)
        return Tmk(self.frames, mean.astype(np.float32), cosines.astype(np.float32), sines.astype(np.float32))

    def _add(self, shown: npt.NDArray[np.float64]) -> None:
        angles = _steps * (self.frames + np.arange(len(shown)))
        directions = _directions(shown)
        self._plain += shown.sum(axis=0)
        self._cosines += np.cos(angles) @ directions
        self._sines += np.sin(angles) @ directions
        self.frames += len(shown)


def of_pictures(pictures: Pixels) -> Floats:
    """PDQF of n x 64 x 64 x 3: n x 256.

    Summed in the reference's order and width, one product after the other. It matters for a white or grey picture, of
    which nothing is left but what was lost in rounding: the reference takes that for a picture like any other.
    """
    red, green, blue = np.moveaxis(pictures, 3, 0).astype(np.float32)
    luma = RED * red + GREEN * green + BLUE * blue
    half = np.zeros((len(luma), _FREQUENCIES, REDUCED), np.float32)
    for row in range(REDUCED):
        half += COSINES[:, row, None] * luma[:, row, None, :]
    found = np.zeros((len(luma), _FREQUENCIES, _FREQUENCIES), np.float32)
    for column in range(REDUCED):
        found += half[:, :, column, None] * COSINES[:, column]
    return found.reshape(-1, WIDTH)


def _directions(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Vectors of length 1; what is zero stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
