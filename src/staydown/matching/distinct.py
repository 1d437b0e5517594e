"""Equal fingerprints put together: one row each, whatever the number of their ids."""

from dataclasses import dataclass

import numpy as np

from staydown.matching.ids import SortedIds
from staydown.matching.kernel import Engine
from staydown.matching.table import room_for
from staydown.matching.types import Ids, Rows, Words


@dataclass(frozen=True, slots=True)
class Distinct:
    """n different shuffled rows in the order of their lowest ids, and m further ids of rows that have several."""

    words: Words
    ids: SortedIds
    further: Ids
    further_rows: Rows  # the row of each further id, ascending

    @classmethod
    def of(cls, engine: Engine, ids: Ids, words: Words) -> "Distinct":
        """From ascending ids and as many rows of 4 shuffled words, some of which may be equal."""
        first = engine.first_equal(words)
        alone = first == np.arange(len(first), dtype=np.uint32)
        repeated = np.flatnonzero(~alone)
        if not len(repeated):
            return cls(aligned(words), SortedIds.of(ids), np.empty(0, np.uint64), np.empty(0, np.int64))
        rows = (np.cumsum(alone) - 1)[first[repeated]]
        by_row = np.lexsort((ids[repeated], rows))
        return cls(aligned(words[alone]), SortedIds.of(ids[alone]), ids[repeated][by_row], rows[by_row])

    def __len__(self) -> int:
        """How many ids there are."""
        return len(self.words) + len(self.further)


def aligned(words: Words) -> Words:
    """The same words, beginning where a line of the cache does."""
    if words.ctypes.data % 64 == 0 and words.flags.c_contiguous:
        return words
    moved = room_for(words.size, np.uint64).reshape(words.shape)
    moved[:] = words
    return moved
