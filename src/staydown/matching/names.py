"""Under which ids the rows of a shelf or a tail are known, and until which version of the index each of them counts."""

import struct
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from staydown.matching.ids import SortedIds
from staydown.matching.types import Ids, Rows

LASTS = 65_000  # versions after which the ends are written anew: what is in two bytes goes to 65,535
_TOLD = struct.Struct("=10Q")  # a names_t (ring.c)


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Entry k of n rows is the lowest id of row k; then come the further ids of rows that have several.

    `ended` is how far beyond the version `since` an entry ended, 0 for one that counts. A reader keeps to one version;
    the writer writes only versions that no reader has yet.
    """

    ids: SortedIds
    further: Ids
    further_rows: Rows
    several: npt.NDArray[np.uint8]  # a bit for each row: whether it has further ids; empty where there are none
    ended: npt.NDArray[np.uint16]
    since: int
    told: bytes = field(init=False)  # all of this as ring.c wants it told

    @classmethod
    def of(cls, ids: SortedIds, further: Ids, further_rows: Rows) -> "Names":
        """All of them counting from the first version on."""
        ended = np.zeros(len(ids.offsets) + len(further), np.uint16)
        return cls(ids, further, further_rows, _several(len(ids.offsets), further_rows), ended, 0)

    def __post_init__(self) -> None:
        ids, further = self.ids.offsets, (self.further.ctypes.data, self.further_rows.ctypes.data, len(self.further))
        shape = int(self.ids.lowest), int(ids.itemsize == 8), len(ids)
        told = _TOLD.pack(
            ids.ctypes.data, *shape, *further, self.several.ctypes.data, self.ended.ctypes.data, self.since
        )
        object.__setattr__(self, "told", told)

    def __len__(self) -> int:
        return len(self.ended)

    @property
    def nbytes(self) -> int:
        further = self.further.nbytes + self.further_rows.nbytes + self.several.nbytes
        return self.ids.offsets.nbytes + further + self.ended.nbytes

    def end(self, entries: Rows, version: int) -> None:
        """Let entries not count from a version on, which is after `since`."""
        self.ended[entries] = version - self.since

    def counting(self, entries: Rows | slice, version: int) -> npt.NDArray[np.bool_]:
        """Which of some entries count at a version."""
        ended = self.ended[entries]
        counts: npt.NDArray[np.bool_] = (ended == 0) | (ended > version - self.since)
        return counts

    def shown(self, version: int) -> "Names":
        """These, of which no reader knows yet, for those who begin at a version."""
        return replace(self, since=max(version, 1) - 1)

    def renewed(self, version: int) -> "Names":
        """These for readers that begin at a version: what has ended by then has ended."""
        return replace(self, ended=(self.ended != 0).astype(np.uint16), since=version - 1)

    def named(self, rows: Rows, version: int) -> tuple[Rows, Ids]:
        """The ids of some rows that count at a version: for each the place in `rows`, and the id."""
        begins = np.searchsorted(self.further_rows, rows)
        counts = np.searchsorted(self.further_rows, rows, side="right") - begins
        more = np.repeat(begins - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        places = np.concatenate([np.arange(len(rows)), np.repeat(np.arange(len(rows)), counts)])
        entries = np.concatenate([rows, len(self.ids.offsets) + more])
        ids = np.concatenate([self.ids.at(rows), self.further[more]])
        counts_now = self.counting(entries, version)
        return places[counts_now], ids[counts_now]


def _several(count: int, further_rows: Rows) -> npt.NDArray[np.uint8]:
    """A bit for each of so many rows, lowest first."""
    if not len(further_rows):
        return np.empty(0, np.uint8)
    have = np.zeros(count, np.bool_)
    have[further_rows] = True
    return np.packbits(have, bitorder="little")
