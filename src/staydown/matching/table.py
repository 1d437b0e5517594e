"""Multi-index hashing: a few buckets hold everything within 31 bits, so only they are looked at.

A fingerprint is cut into 16 chunks of 16 bits. Two fingerprints that differ in at most 31 bits differ in at
most one bit in some chunk (if every chunk differed in two, that would be 32). So each of the query's 16
chunks, as it is and with each one bit changed, is looked up: 272 buckets. Source: Norouzi, Punjani, Fleet,
"Fast Exact Search in Hamming Space with Multi-Index Hashing" (IEEE TPAMI 36(6), 2014).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.types import WIDTH, Rows, Words

CHUNKS = 16
REACH = 2 * CHUNKS - 1  # bits: the largest radius this finds everything within
_VALUES = 1 << 16

# Neighbouring bits of a PDQ are alike, which makes some buckets large; a chunk takes two bytes from far
# apart.
_APART = np.arange(WIDTH).reshape(2, CHUNKS).T.ravel()
_NEARBY = np.array([0] + [1 << bit for bit in range(16)], dtype=np.uint16)
_EACH = np.arange(CHUNKS)[:, None] * (_VALUES + 1)


def _chunks(words: Words) -> npt.NDArray[np.uint16]:
    apart = np.ascontiguousarray(words).view(np.uint8).reshape(-1, WIDTH)[:, _APART]
    return np.ascontiguousarray(apart).view(np.uint16).reshape(-1, CHUNKS)


@dataclass(frozen=True, slots=True)
class Table:
    """For each chunk, the rows in the order of their chunk's value, and where each value begins. Never
    changed.
    """

    rows: npt.NDArray[np.uint32]  # 16 x n, flat
    begins: Rows  # 16 x 65537, flat; places in `rows`
    length: int

    @classmethod
    def of(cls, words: Words) -> "Table":
        """The table of n x 4 words; takes about 0.3 s and 64 MB a million."""
        chunks = _chunks(words)
        rows = np.empty((CHUNKS, len(words)), dtype=np.uint32)
        begins = np.zeros((CHUNKS, _VALUES + 1), dtype=np.int64)
        for chunk in range(CHUNKS):
            values = np.ascontiguousarray(chunks[:, chunk])
            rows[chunk] = np.argsort(values, kind="stable")  # for 16 bits numpy sorts by counting
            np.cumsum(np.bincount(values, minlength=_VALUES), out=begins[chunk, 1:])
            begins[chunk] += chunk * len(words)
        return cls(rows.ravel(), begins.ravel(), len(words))

    def candidates(self, query: Words) -> npt.NDArray[np.uint32]:
        """Rows among which is every one within 31 bits of a query of 4 words; some more, and some repeated."""
        buckets = ((_chunks(query)[0][:, None] ^ _NEARBY) + _EACH).ravel()
        first = self.begins[buckets]
        sizes = self.begins[buckets + 1] - first
        ends = np.cumsum(sizes)
        places = np.arange(ends[-1]) + np.repeat(first - ends + sizes, sizes)
        found: npt.NDArray[np.uint32] = self.rows[places]
        return found
