"""PDQ: 256 bits that change little when a picture is resized, recompressed or recoloured.

Source: Facebook, "The TMK+PDQ Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019), and the
ThreatExchange reference pdq/cpp/hashing/pdqhashing.cpp. Everything before the last bit is linear: smoothing
and decimation (`staydown.decoding.jarosz`), then a cosine transform, then a comparison with the median.
"""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from staydown.decoding.jarosz import reduce
from staydown.decoding.kernel import library
from staydown.decoding.types import REDUCED, Floats
from staydown.fingerprints.errors import Malformed

FREQUENCIES = 16  # 1 to 16 along each side; 0, the mean, is left out
_BITS = FREQUENCIES * FREQUENCIES
_LOWER_MEDIAN = _BITS // 2 - 1
_HEX = re.compile(r"[0-9a-fA-F]{64}")

_frequency = np.arange(1, FREQUENCIES + 1)
_sample = np.arange(REDUCED)
COSINES: Floats = (np.sqrt(2 / REDUCED) * np.cos(np.pi / (2 * REDUCED) * np.outer(_frequency, 2 * _sample + 1))).astype(
    np.float32
)

# Mirroring a side changes the sign of its odd frequencies, which stand at the even places.
_MIRRORED = np.where(_frequency % 2, -1, 1).astype(np.float32)
DOWN, ACROSS = _MIRRORED[:, None], _MIRRORED[None, :]


@dataclass(frozen=True, slots=True)
class Pdq:
    """One picture's PDQ: `quality` 0 to 100, and 32 bytes for each of its eight orientations, upright
    first.
    """

    turned: tuple[bytes, ...]
    quality: int

    @property
    def upright(self) -> bytes:
        return self.turned[0]


def of_luminance(luminance: npt.NDArray[Any]) -> Pdq:
    """The PDQ of a whole picture's luminance: height x width, 0 to 255, any number type (hence Any)."""
    return of_reduced(reduce(luminance))


def of_reduced(luma: Floats) -> Pdq:
    """The PDQ of a 64 x 64 luminance that `staydown.decoding` has smoothed and decimated."""
    return Pdq(tuple(bits(form) for form in turned(coefficients(luma))), quality(luma))


def of_flips(flips: Floats) -> Pdq:
    """The PDQ of a picture whose flips were each reduced from the picture itself (4 x 64 x 64, see `Decoded`).

    All eight forms are those that the reference gives for the turned pictures; derived from one transform,
    as the reference's own `dihedral` does it, they are off by up to 16 bits, on fine textures by 100.
    """
    upright, upside_down, mirrored, half_turn = coefficients(flips)
    seen = upright, mirrored.T, half_turn, upside_down.T, upside_down, mirrored, upright.T, half_turn.T
    forms = _packed(np.stack(seen).reshape(8, _BITS))
    return Pdq(tuple(form.tobytes() for form in forms), quality(flips[0]))


def coefficients(luma: Floats) -> Floats:
    """The 16 x 16 low frequencies (discrete cosine transform) of a 64 x 64 luminance, or of each of n."""
    transformed: Floats = COSINES @ luma.astype(np.float32) @ COSINES.T
    return transformed


def bits(transformed: Floats) -> bytes:
    """32 bytes in the standard's hexadecimal order: the last coefficient is the first bit.

    A bit is set above the lower median (of 256 values the 128th), as the reference's `torben` finds it.
    """
    return _packed(transformed.reshape(1, _BITS)).tobytes()


def _packed(flat: Floats) -> npt.NDArray[np.uint8]:
    """`bits` of n x 256 coefficients: n x 32."""
    median = np.partition(flat, _LOWER_MEDIAN, axis=1)[:, _LOWER_MEDIAN, None]
    return np.packbits((flat > median)[:, ::-1], axis=1)


def quality(luma: Floats) -> int:
    """How much there is to compare, 0 (flat) to 100: the sum of steps between neighbours, in whole per
    cent.
    """
    return int(qualities(luma[None])[0])


def qualities(lumas: Floats) -> npt.NDArray[np.uint8]:
    """`quality` of n x 64 x 64 luminances: in C, and where no compiler was there with numpy."""
    compiled, found = library(), np.empty(len(lumas), np.uint8)
    if compiled is None:
        return _qualities(lumas)
    seen = np.ascontiguousarray(lumas, np.float32)
    compiled.staydown_quality(seen.ctypes.data, len(seen), found.ctypes.data)
    return found


def _qualities(lumas: Floats) -> npt.NDArray[np.uint8]:
    steps = np.zeros(len(lumas), np.int64)
    for axis in (1, 2):
        per_cent = np.diff(lumas, axis=axis) * np.float32(100) / np.float32(255)
        steps += np.abs(per_cent.astype(np.int32)).sum(axis=(1, 2))
    return np.minimum(100, steps // 90).astype(np.uint8)


def turned(transformed: Floats) -> tuple[Floats, ...]:
    """The coefficients of a picture's eight orientations from those of one; no pixel is looked at again.

    In the reference's order: as it is, turned by 90, 180 and 270 degrees anticlockwise, upside down,
    mirrored, and flipped at each of the two diagonals.
    """
    flipped = transformed * DOWN, transformed * ACROSS, transformed * DOWN * ACROSS
    upside_down, mirrored, half_turn = flipped
    return (
        transformed, mirrored.T, half_turn, upside_down.T, upside_down, mirrored, transformed.T, half_turn.T,
    )  # fmt: skip


def parse_pdq(text: str) -> bytes:
    """The 32 bytes of a fingerprint written as 64 hexadecimal characters, in either case. Raises
    `Malformed`.
    """
    if not _HEX.fullmatch(text.strip()):
        raise Malformed
    return bytes.fromhex(text.strip())


def distance(one: bytes, other: bytes) -> int:
    """In how many of 256 bits two fingerprints of 32 bytes differ: up to 31 is taken for the same picture.

    Raises `Malformed`.
    """
    if len(one) != _BITS // 8 or len(other) != _BITS // 8:
        raise Malformed
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
