"""A secret order of the bits, under which an index keeps its fingerprints.

Distances do not change when both sides are shuffled alike. Neighbouring bits of a PDQ do: kept in their order,
they make some buckets large, and whoever knew the order could aim many fingerprints at one bucket.
"""

import secrets
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.errors import Misshapen
from staydown.matching.types import WIDTH, WORDS, Bytes

BITS = 8 * WIDTH

Permutation = npt.NDArray[np.uint8]  # 256; bit `k` of what is kept is bit `permutation[k]` of what was given


@dataclass(frozen=True, slots=True)
class Shuffle:
    """A permutation, and 64 x 16 x 4 words: what each value of each half byte becomes, to be put together by xor."""

    permutation: Permutation
    tables: npt.NDArray[np.uint64]
    tables_at: int  # where in memory

    @classmethod
    def of(cls, permutation: npt.ArrayLike) -> "Shuffle":
        """The shuffle by a permutation of 0 to 255; bits are counted from each byte's lowest. Raises `Misshapen`."""
        order = np.asarray(permutation)
        if order.shape != (BITS,) or not np.array_equal(np.sort(order), np.arange(BITS)):
            raise Misshapen
        alone = np.zeros((BITS, BITS), np.uint8)  # each bit by itself, and where it goes
        alone[order, np.arange(BITS)] = 1
        words = np.packbits(alone, axis=1, bitorder="little").view(np.uint64).reshape(-1, 4, WORDS)
        tables = np.zeros((len(words), 16, WORDS), np.uint64)
        for bit in range(4):
            tables[:, (np.arange(16) >> bit) & 1 == 1] |= words[:, None, bit]
        return cls(order.astype(np.uint8), tables, tables.ctypes.data)

    @classmethod
    def drawn(cls) -> "Shuffle":
        """A shuffle nobody has seen: good for an index that lives in one process."""
        return cls.of(np.argsort(np.frombuffer(secrets.token_bytes(8 * BITS), np.uint64)))

    def undone(self) -> "Shuffle":
        """The shuffle that gives back what was given."""
        return Shuffle.of(np.argsort(self.permutation))


def shuffled(fingerprints: Bytes, shuffle: Shuffle) -> npt.NDArray[np.uint64]:
    """n x 32 uint8 as n x 4 shuffled words, bit by bit: slow, plainly right."""
    bits = np.unpackbits(fingerprints, axis=1, bitorder="little")[:, shuffle.permutation]
    return np.ascontiguousarray(np.packbits(bits, axis=1, bitorder="little")).view(np.uint64).reshape(-1, WORDS)
