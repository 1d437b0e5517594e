"""What readers see: rows that are never moved while anyone may look at them.

A row carries the version at which it ended. A search keeps to the snapshot it began with, so it sees each
batch of changes whole or not at all, and needs no lock.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from staydown.matching import brute
from staydown.matching.table import REACH, Table
from staydown.matching.types import WORDS, Distances, Ids, Rows, Words

NEVER = np.iinfo(np.uint64).max
SMALL = 16_384  # rows that are quicker looked through than looked up


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`length` rows of ids, words and ends, of which `alive` count at `version`; a table of the first of
    them.
    """

    ids: Ids
    words: Words
    ends: npt.NDArray[np.uint64]
    length: int = 0
    alive: int = 0
    version: int = 0
    generation: int = 0
    table: Table | None = None

    @classmethod
    def empty(cls, room: int) -> "Snapshot":
        """No rows, and room for some."""
        return cls(np.zeros(room, np.uint64), np.zeros((room, WORDS), np.uint64), np.full(room, NEVER, np.uint64))

    def living(self) -> Rows:
        """The rows that count, in order."""
        return np.flatnonzero(self.ends[: self.length] > self.version)

    def search(self, query: Words, radius: int) -> tuple[Ids, Distances]:
        """The ids within the radius of one query of 4 words, nearest first, and their distances."""
        looked_up = self.table.length if self.table and radius <= REACH else 0
        rows, near = brute.within(self.words[looked_up : self.length], query, radius)
        if self.table and looked_up:
            known, close = self._look_up(self.table, query, radius)
            rows, near = np.concatenate([known, rows + looked_up]), np.concatenate([close, near])
        counts = self.ends[rows] > self.version
        ids, near = self.ids[rows[counts]], near[counts]
        order = np.lexsort((ids, near))
        return ids[order], near[order]

    def _look_up(self, table: Table, query: Words, radius: int) -> tuple[Rows, Distances]:
        candidates = table.candidates(query)
        exact = brute.distances(self.words[candidates], query)
        near = exact <= radius
        rows, once = np.unique(candidates[near], return_index=True)
        return rows.astype(np.int64), exact[near][once]

    def with_room(self, more: int) -> "Snapshot":
        """The same rows with room for some more; copied, at twice the size, only when there is none left."""
        if self.length + more <= len(self.ids):
            return self
        roomy = Snapshot.empty(max(2 * len(self.ids), self.length + more))
        for old, new in ((self.ids, roomy.ids), (self.words, roomy.words), (self.ends, roomy.ends)):
            new[: self.length] = old[: self.length]
        return replace(self, ids=roomy.ids, words=roomy.words, ends=roomy.ends)

    def compacted(self) -> "Snapshot":
        """Only the rows that count, in new arrays."""
        rows = self.living()
        ids, words, ends = self.ids[rows], self.words[rows], self.ends[rows]
        return replace(self, ids=ids, words=words, ends=ends, length=len(rows), table=None)

    def tabled(self) -> "Snapshot":
        """The same rows, looked up from now on if they are many: redone when a quarter is not in the table
        yet.
        """
        known = self.table.length if self.table else 0
        if self.length - known <= max(SMALL, self.length // 4):
            return self
        return replace(self, table=Table.of(self.words[: self.length]))
