"""The fingerprints of many small luminances at once, the same as `pdq` gives them one by one."""

import numpy as np

from staydown.decoding.types import Floats
from staydown.fingerprints.footage import Hashes, Numbers
from staydown.fingerprints.pdq import FREQUENCIES, coefficients, qualities

_BITS = FREQUENCIES * FREQUENCIES
_LOWER_MEDIAN = _BITS // 2 - 1

Looks = tuple[Hashes, Hashes, Numbers]
"""n x 32 upright, n x 32 mirrored, n qualities."""


def looks(reduced: Floats) -> Looks:
    """PDQ and quality of n frames that were each reduced upright and mirrored: n x 2 x 64 x 64, 0 to 255."""
    return _hashes(reduced[:, 0]), _hashes(reduced[:, 1]), qualities(reduced[:, 0])


def _hashes(lumas: Floats) -> Hashes:
    flat = coefficients(lumas).reshape(-1, _BITS)
    median = np.partition(flat, _LOWER_MEDIAN, axis=1)[:, _LOWER_MEDIAN, None]
    return np.packbits((flat > median)[:, ::-1], axis=1)
