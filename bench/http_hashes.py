"""The hashes of the bench: the same for both services, uniform random ones, of which no two are near one another."""

from functools import cache

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.uint8]
BEYOND = 40  # bits: nobody calls this a match


@cache
def known(number: int) -> Rows:
    """What is banked: n x 32."""
    return np.random.default_rng(1).integers(0, 256, (number, 32), dtype=np.uint8)


def strangers(count: int, seed: int = 2) -> list[str]:
    """Hashes, as hex digits, that resemble nothing: random ones are about 128 bits from everything."""
    return [row.tobytes().hex() for row in np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)]


def near(row: npt.NDArray[np.uint8], bits: int, seed: int) -> str:
    """A hash so many bits from a known one."""
    flips = np.zeros(256, np.uint8)
    flips[np.random.default_rng(seed).permutation(256)[:bits]] = 1
    return (row ^ np.packbits(flips)).tobytes().hex()
