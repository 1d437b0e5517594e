"""PDQ's last steps, computed beside the pixels: a reduced luminance -> 256 bits in eight orientations, and a quality.

Source: Facebook, "The TMK+PDQ Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019), and the
ThreatExchange reference pdq/cpp/hashing/pdqhashing.cpp. Everything before the last bit is linear: smoothing
and decimation (`jarosz`), then a cosine transform, then a comparison with the median.
"""

import ctypes
import struct

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address, library
from staydown.decoding.types import REDUCED, Floats, Pdq

FREQUENCIES = 16  # 1 to 16 along each side; 0, the mean, is left out
_BITS = FREQUENCIES * FREQUENCIES
_LOWER_MEDIAN = _BITS // 2 - 1
_LENGTH = _BITS // 8

_frequency = np.arange(1, FREQUENCIES + 1)
_sample = np.arange(REDUCED)
COSINES: Floats = (np.sqrt(2 / REDUCED) * np.cos(np.pi / (2 * REDUCED) * np.outer(_frequency, 2 * _sample + 1))).astype(
    np.float32
)

# Mirroring a side changes the sign of its odd frequencies, which stand at the even places.
_MIRRORED = np.where(_frequency % 2, -1, 1).astype(np.float32)
DOWN, ACROSS = _MIRRORED[:, None], _MIRRORED[None, :]


def _places() -> npt.NDArray[np.int32]:
    """Of which coefficients of four flips the bits of the eight forms are made: 8 x 256, the last coefficient first."""
    upright, upside_down, mirrored, half_turn = np.arange(4 * _BITS).reshape(4, FREQUENCIES, FREQUENCIES)
    seen = upright, mirrored.T, half_turn, upside_down.T, upside_down, mirrored, upright.T, half_turn.T
    return np.ascontiguousarray(np.stack(seen).reshape(8, _BITS)[:, ::-1], np.int32)


_PLACES = _places()
_PLACES_AT = address(_PLACES)
_FOUND = struct.Struct("B" + 8 * f"{_LENGTH}s")  # quality, forms
_Found = ctypes.c_char * _FOUND.size


def of_reduced(luma: Floats) -> Pdq:
    """The PDQ of a 64 x 64 luminance that `staydown.decoding` has smoothed and decimated."""
    return Pdq(tuple(bits(form) for form in turned(coefficients(luma))), quality(luma))


def of_flips(flips: Floats) -> Pdq:
    """The PDQ of a picture whose flips were each reduced from the picture itself (4 x 64 x 64, see `Decoded`).

    All eight forms are those that the reference gives for the turned pictures; derived from one transform,
    as the reference's own `dihedral` does it, they are off by up to 16 bits, on fine textures by 100.
    """
    compiled, seen = library(), np.ascontiguousarray(flips, np.float32)
    transformed, found = coefficients(seen), _Found()
    if compiled is None:
        forms = np.packbits(_above(transformed.reshape(-1, _BITS)).ravel()[_PLACES], axis=1)
        return Pdq(tuple(form.tobytes() for form in forms), quality(flips[0]))
    compiled.staydown_pdq(address(transformed), address(seen), _PLACES_AT, found)
    how_much, *turned = _FOUND.unpack(found)
    return Pdq(tuple(turned), how_much)


def coefficients(luma: Floats) -> Floats:
    """The 16 x 16 low frequencies (discrete cosine transform) of a 64 x 64 luminance, or of each of n."""
    transformed: Floats = COSINES @ luma.astype(np.float32, copy=False) @ COSINES.T
    return transformed


def bits(transformed: Floats) -> bytes:
    """32 bytes in the standard's hexadecimal order: the last coefficient is the first bit.

    A bit is set above the lower median (of 256 values the 128th), as the reference's `torben` finds it.
    """
    return np.packbits(_above(transformed.reshape(1, _BITS))[:, ::-1]).tobytes()


def _above(flat: Floats) -> npt.NDArray[np.bool_]:
    """Which of n x 256 coefficients are above the lower median of their 256."""
    ranked = flat.copy()
    ranked.partition(_LOWER_MEDIAN, axis=1)
    truths: npt.NDArray[np.bool_] = flat > ranked[:, _LOWER_MEDIAN, None]
    return truths


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
    compiled.staydown_quality(address(seen), len(seen), address(found))
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
