"""Multi-index hashing on a ring: a few buckets hold everything within 31 bits, so only they are looked at.

A fingerprint is cut into 16 chunks of 16 bits. Two fingerprints that differ in at most 31 bits differ in at
most one bit in some chunk (if every chunk differed in two, that would be 32), and for one such chunk in at
most three in it and the next together. So each of the query's 16 chunks, as it is and with each one bit
changed, is looked up: 272 buckets, in which the next chunk is beside each row. Sources: Norouzi, Punjani,
Fleet, "Fast Exact Search in Hamming Space with Multi-Index Hashing" (IEEE TPAMI 36(6), 2014); Qin, Xiao,
"Pigeonring" (VLDB 12(1), 2018).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.types import Rows, Words

CHUNKS = 16
REACH = 2 * CHUNKS - 1  # bits: the largest radius this finds everything within
VALUES = 1 << 16
STRIDE = VALUES + 16  # bounds of one table, on to a whole line of the cache
BEYOND = 32  # next chunks that may be read, and are not looked at, after the last

_NEARBY = np.array([0] + [1 << bit for bit in range(16)], dtype=np.uint16)
_TOGETHER = np.array([3] + [2] * 16)  # bits the next chunk may differ in: three less what this one does
_EACH = np.arange(CHUNKS)[:, None]


def room_for[Kind: np.generic](count: int, kind: type[Kind]) -> npt.NDArray[Kind]:
    """An array that begins where a line of the cache does, so that no row lies across two."""
    size = np.dtype(kind).itemsize
    if count * size < 64:
        return np.empty(count, kind)
    whole = np.empty(count * size + 64, np.uint8)
    first = -whole.ctypes.data % 64
    return whole[first : first + count * size].view(kind)


@dataclass(frozen=True, slots=True)
class Tables:
    """For each chunk, the rows in the order of their chunk's value, the next chunk beside each, and where each
    value begins. Never changed.
    """

    begins: npt.NDArray[np.uint32]  # 16 x 65552
    beside: npt.NDArray[np.uint16]  # 16 * n + 32
    places: npt.NDArray[np.uint32]  # 16 * n

    @classmethod
    def empty(cls, count: int) -> "Tables":
        """Room for the tables of so many rows."""
        begins = room_for(CHUNKS * STRIDE, np.uint32).reshape(CHUNKS, STRIDE)
        begins[:, VALUES:] = 0
        beside = room_for(CHUNKS * count + BEYOND, np.uint16)
        beside[CHUNKS * count :] = 0
        return cls(begins, beside, room_for(CHUNKS * count, np.uint32))

    @classmethod
    def of(cls, words: Words, room: "Tables | None" = None) -> "Tables":
        """The tables of n x 4 words, in `room` if some was made for them."""
        tables, count = room or cls.empty(len(words)), len(words)
        chunks = words.view(np.uint16).reshape(-1, CHUNKS)
        for chunk in range(CHUNKS):
            values = np.ascontiguousarray(chunks[:, chunk])
            rows = np.argsort(values, kind="stable")  # for 16 bits numpy sorts by counting
            tables.places[chunk * count : (chunk + 1) * count] = rows
            tables.beside[chunk * count : (chunk + 1) * count] = chunks[rows, (chunk + 1) % CHUNKS]
            tables.begins[chunk, 0] = 0
            np.cumsum(np.bincount(values, minlength=VALUES), out=tables.begins[chunk, 1 : VALUES + 1])
        return tables

    @property
    def nbytes(self) -> int:
        return self.begins.nbytes + self.beside.nbytes + self.places.nbytes

    def candidates(self, query: Words) -> Rows:
        """Rows among which is every one within 31 bits of a query of 4 words; a few more, and some repeated."""
        chunks = query.view(np.uint16)
        values = (chunks[:, None] ^ _NEARBY).astype(np.int64)
        first = self.begins[_EACH, values].astype(np.int64)
        sizes = (self.begins[_EACH, values + 1] - first).ravel()
        first += _EACH * (len(self.places) // CHUNKS)
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1]) + np.repeat(first.ravel() - ends + sizes, sizes)
        next_chunk = np.repeat(np.repeat(np.roll(chunks, -1), 17), sizes)
        together = np.repeat(np.tile(_TOGETHER, CHUNKS), sizes)
        passed = np.bitwise_count(self.beside[places] ^ next_chunk) <= together
        rows: Rows = self.places[places[passed]].astype(np.int64)
        return rows
