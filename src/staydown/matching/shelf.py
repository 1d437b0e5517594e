"""Rows that are kept together: a shelf, which is never added to, and a tail, which is.

A row is a fingerprint, an entry an id of it: equal fingerprints are one row of a shelf with many entries. An
entry that was removed carries the version at which it ended. A search keeps to the version it began with, so
it sees each batch of changes whole or not at all, and needs no lock.
"""

import copy
from dataclasses import dataclass, replace

import numpy as np

from staydown.matching.distinct import Distinct
from staydown.matching.ids import SortedIds
from staydown.matching.kernel import Engine, Part
from staydown.matching.names import Names
from staydown.matching.table import Tables, room_for
from staydown.matching.types import WORDS, Ids, Rows, Words


@dataclass(eq=False, slots=True)
class Shelf:
    """Rows found by tables; entry k of n rows is the lowest id of row k, then come the further ids of rows."""

    part: Part
    rows: Distinct
    further_order: Rows  # how the further ids come by id
    names: Names
    gone: int = 0

    @classmethod
    def of(cls, engine: Engine, ids: Ids, words: Words, threads: int = 1) -> "Shelf":
        """A shelf of n ascending ids and their n x 4 shuffled words, some of which may be equal."""
        rows = Distinct.of(engine, ids, words)
        return cls.tabled(rows, engine.tables(rows.words, threads), np.argsort(rows.further))

    @classmethod
    def tabled(cls, rows: Distinct, tables: Tables, further_order: Rows) -> "Shelf":
        """A shelf of rows whose tables are built."""
        names = Names.of(rows.ids, rows.further, rows.further_rows)
        return cls(Part(rows.words, tables), rows, further_order, names)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def nbytes(self) -> int:
        tables = self.part.tables.nbytes if self.part.tables else 0
        return self.words.nbytes + tables + self.names.nbytes + self.further_order.nbytes

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
        entries[self.names.ended[entries] != 0] = -1
        return entries

    def end(self, entries: Rows, version: int) -> None:
        """Let entries not count from a version on."""
        self.names.end(entries, version)
        self.gone += len(entries)

    def renewed(self, version: int) -> "Shelf":
        """The same rows, for readers that begin at a version."""
        return replace(self, names=self.names.renewed(version))

    def content(self, _count: int, version: int) -> tuple[Ids, Words]:
        """The ids that count at a version, and their words."""
        count = len(self.words)
        rows = np.flatnonzero(self.names.counting(slice(count), version))
        more = np.flatnonzero(self.names.counting(slice(count, None), version))
        if len(rows) == count and not len(more):
            return self.rows.ids.at(slice(None)), self.words
        ids = np.concatenate([self.rows.ids.at(rows), self.rows.further[more]])
        return ids, np.concatenate([self.words[rows], self.words[self.rows.further_rows[more]]])


class Tail:
    """Room for some rows, one for each id, in the order they came; every search looks at all of them."""

    def __init__(self, room: int, version: int = 0) -> None:
        """`version`: that of the index so far."""
        self.words = room_for(room * WORDS, np.uint64).reshape(room, WORDS)
        self.part = Part(self.words)
        self.ids = np.empty(room, np.uint64)
        names = Names.of(SortedIds(np.uint64(0), self.ids), np.empty(0, np.uint64), np.empty(0, np.int64))
        self.names = replace(names, since=version)
        self.length = 0
        self._row_of: dict[int, int] = {}

    def __len__(self) -> int:
        return self.length

    @property
    def nbytes(self) -> int:
        return self.words.nbytes + self.names.nbytes

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
        self.names.end(entries, version)
        for each in self.ids[entries].tolist():
            del self._row_of[each]

    def renewed(self, version: int) -> "Tail":
        """The same room, for readers that begin at a version; from now on it alone is written into."""
        again = copy.copy(self)
        again.names = self.names.renewed(version)
        return again

    def content(self, count: int, version: int) -> tuple[Ids, Words]:
        """The ids among the first rows that count at a version, and their words."""
        rows = np.flatnonzero(self.names.counting(slice(count), version))
        return self.ids[rows], self.words[rows]
