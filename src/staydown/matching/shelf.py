"""Rows that are kept together: a shelf, which is never added to, and a tail, which is.

A row is a fingerprint, an entry an id of it: equal fingerprints are one row of a shelf with many entries. An
entry that was removed carries the version at which it ended. A search keeps to the version it began with, so
it sees each batch of changes whole or not at all, and needs no lock.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.distinct import Distinct
from staydown.matching.kernel import Engine, Part
from staydown.matching.table import Tables, room_for
from staydown.matching.types import WORDS, Ids, Rows, Words

Versions = npt.NDArray[np.uint64]  # 0: not ended


@dataclass(eq=False, slots=True)
class Shelf:
    """Rows found by tables; entry k of n rows is the lowest id of row k, then come the further ids of rows."""

    part: Part
    rows: Distinct
    further_order: Rows  # how the further ids come by id
    ends: Versions
    gone: int = 0

    @classmethod
    def of(cls, engine: Engine, ids: Ids, words: Words, threads: int = 1) -> "Shelf":
        """A shelf of n ascending ids and their n x 4 shuffled words, some of which may be equal."""
        rows = Distinct.of(engine, ids, words)
        return cls.tabled(rows, engine.tables(rows.words, threads), np.argsort(rows.further))

    @classmethod
    def tabled(cls, rows: Distinct, tables: Tables, further_order: Rows) -> "Shelf":
        """A shelf of rows whose tables are built."""
        return cls(Part(rows.words, tables), rows, further_order, np.zeros(len(rows), np.uint64))

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def nbytes(self) -> int:
        rows = self.rows
        further = rows.further.nbytes + rows.further_rows.nbytes + self.further_order.nbytes
        tables = self.part.tables.nbytes if self.part.tables else 0
        return self.words.nbytes + tables + rows.ids.offsets.nbytes + further + self.ends.nbytes

    @property
    def words(self) -> Words:
        return self.rows.words

    def find(self, ids: Ids) -> Rows:
        """For each id its entry, or -1."""
        entries, further = self.rows.ids.find(ids), self.rows.further
        if len(further):
            places = np.searchsorted(further, ids, sorter=self.further_order).clip(max=len(further) - 1)
            places = self.further_order[places]
            same = further[places] == ids
            entries[same] = len(self.words) + places[same]
        entries[self.ends[entries] != 0] = -1
        return entries

    def end(self, entries: Rows, version: int) -> None:
        """Let entries not count from a version on."""
        self.ends[entries] = version
        self.gone += len(entries)

    def named(self, rows: Rows, version: int) -> tuple[Rows | slice, Ids]:
        """The ids of some rows that count at a version: for each the place in `rows`, and the id."""
        ids, further = self.rows.ids.at(rows), self.rows.further_rows
        begins = np.searchsorted(further, rows) if len(further) else rows
        if len(further) and (further[np.minimum(begins, len(further) - 1)] == rows).any():
            return self._all_named(rows, begins, version)
        if not self.gone:  # what the version does not count was gone before a reader could have it
            return slice(None), ids
        counts_now = _living(self.ends[rows], version)
        return np.flatnonzero(counts_now), ids[counts_now]

    def _all_named(self, rows: Rows, begins: Rows, version: int) -> tuple[Rows, Ids]:
        """As `named`, with the further ids of rows, which begin there among all further ones."""
        counts = np.searchsorted(self.rows.further_rows, rows, side="right") - begins
        more = np.repeat(begins - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        places = np.concatenate([np.arange(len(rows)), np.repeat(np.arange(len(rows)), counts)])
        entries = np.concatenate([rows, len(self.words) + more])
        ids = np.concatenate([self.rows.ids.at(rows), self.rows.further[more]])
        counts_now = _living(self.ends[entries], version)
        return places[counts_now], ids[counts_now]

    def content(self, _count: int, version: int) -> tuple[Ids, Words]:
        """The ids that count at a version, and their words."""
        rows = np.flatnonzero(_living(self.ends[: len(self.words)], version))
        more = np.flatnonzero(_living(self.ends[len(self.words) :], version))
        if len(rows) == len(self.words) and not len(more):
            return self.rows.ids.at(slice(None)), self.words
        ids = np.concatenate([self.rows.ids.at(rows), self.rows.further[more]])
        return ids, np.concatenate([self.words[rows], self.words[self.rows.further_rows[more]]])


class Tail:
    """Room for some rows, one for each id, in the order they came; every search looks at all of them."""

    def __init__(self, room: int) -> None:
        self.words = room_for(room * WORDS, np.uint64).reshape(room, WORDS)
        self.part = Part(self.words)
        self.ids = np.empty(room, np.uint64)
        self.ends = np.zeros(room, np.uint64)
        self.length = 0
        self._row_of: dict[int, int] = {}

    @property
    def nbytes(self) -> int:
        return self.words.nbytes + self.ids.nbytes + self.ends.nbytes

    def has_room(self, more: int) -> bool:
        return self.length + more <= len(self.ids)

    def add(self, ids: Ids, words: Words) -> None:
        """Put rows where no reader looks yet."""
        first, last = self.length, self.length + len(ids)
        self.ids[first:last] = ids
        self.words[first:last] = words
        self._row_of.update(zip(ids.tolist(), range(first, last), strict=True))
        self.length = last

    def find(self, ids: Ids) -> Rows:
        """For each id its entry, or -1."""
        if not self._row_of:
            return np.full(len(ids), -1)
        return np.array([self._row_of.get(each, -1) for each in ids.tolist()], np.int64)

    def end(self, entries: Rows, version: int) -> None:
        """Let entries not count from a version on."""
        self.ends[entries] = version
        for each in self.ids[entries].tolist():
            del self._row_of[each]

    def named(self, rows: Rows, version: int) -> tuple[Rows, Ids]:
        """The ids of some rows that count at a version: for each the place in `rows`, and the id."""
        places = np.flatnonzero(_living(self.ends[rows], version))
        return places, self.ids[rows[places]]

    def content(self, count: int, version: int) -> tuple[Ids, Words]:
        """The ids among the first rows that count at a version, and their words."""
        rows = np.flatnonzero(_living(self.ends[:count], version))
        return self.ids[rows], self.words[rows]


def _living(ends: Versions, version: int) -> npt.NDArray[np.bool_]:
    living: npt.NDArray[np.bool_] = (ends == 0) | (ends > version)
    return living
