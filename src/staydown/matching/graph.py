"""The graph that proposes rows of a descriptor index, by the library usearch (extra `approximate`).

It knows rows by their places, and proposes places. What it proposes is compared exactly elsewhere; what it misses it
misses. See docs/decisions/0021.
"""

from functools import cache

import numpy as np

from staydown.matching.rows import NUMBERS, Blocks, Levels
from staydown.matching.types import Rows
from staydown.matching.writing import Writing

PROPOSED = 64  # rows for each query
CONNECTIVITY = 16  # neighbours that each row keeps; twice as many on the ground level
EXPANSION = 128  # rows kept in view while one is added
LOOKED_INTO = 512  # rows kept in view while neighbours are sought


@cache
def library() -> str | None:
    """The library and its version, or None where it is not installed or cannot be loaded."""
    try:
        import usearch
    except (ImportError, OSError):
        return None
    return f"usearch {usearch.__version__}"


class Graph:
    """Of the first `reach` rows of some blocks. One thread at a time adds or looks, across forks too.

    The library lets other threads run while it works, but keeps one scratch-pad for whoever asks it for one thread, and
    moves its rows when it grows; so each call has it for itself, for some milliseconds.
    """

    def __init__(self, blocks: Blocks, using: Writing) -> None:
        """Of no rows yet. `using`: what each call holds. Raises `ImportError` where `library` is None."""
        from usearch.index import Index

        self._first = blocks.blocks[0]
        self._using = using
        self._index = Index(
            ndim=NUMBERS, metric="cos", dtype="i8", connectivity=CONNECTIVITY, expansion_add=EXPANSION,
            expansion_search=LOOKED_INTO,
        )  # fmt: skip
        self.reach = 0

    @property
    def nbytes(self) -> int:
        """The memory it takes beside the rows."""
        return int(self._index.memory_usage)

    def is_of(self, blocks: Blocks) -> bool:
        """Whether its places are places in these: rows that were compacted have others."""
        return bool(blocks.blocks) and blocks.blocks[0] is self._first

    def add(self, places: Rows, levels: Levels, reach: int) -> None:
        """Take rows in. From now on it answers for all before `reach`; those left out are gone already."""
        with self._using:
            if len(places):
                self._index.add(places.astype(np.uint64), levels, threads=1)
            self.reach = reach

    def near(self, levels: Levels) -> tuple[list[Rows], int]:
        """The places it proposes for each of n x 512 int8, n at least one, and how far it reached when it did."""
        with self._using:
            found = [self._index.search(one, PROPOSED, threads=1) for one in levels]
            reach = self.reach
        return [each.keys.astype(np.int64) for each in found], reach
