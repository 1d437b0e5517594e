"""Cosines of rows of descriptors with queries, exactly: what is similar enough, in order."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.rows import NUMBERS, Block, Floats, as_cosine, as_levels, lengths
from staydown.matching.types import Ids, Rows

LOOKED_AT = 1 << 9  # rows multiplied together: 1 MB as floating point, which stays in the cache

Part = tuple[Block, int, int]  # rows of a block, from the first to before the second


@dataclass(frozen=True, slots=True)
class Similar:
    """What is similar enough: three arrays of equal length, ordered by query, falling similarity, id.

    `query` is the place of the query in the search, `id` what was found (uint64), `similarity` the cosine
    (float64). `generation` is that of the index when the search began; `complete`, that every row was looked at.
    """

    query: Rows
    id: Ids
    similarity: Floats
    generation: int
    complete: bool = True

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One search: its queries (512 x n), their lengths, the least cosine, and the version it looks at."""

    queries: npt.NDArray[np.float32]
    lengths: Floats
    at_least: float
    version: int

    @classmethod
    def of(cls, levels: npt.ArrayLike, at_least: float, version: int) -> "Wanted":
        """Of n x 512 int8 and a cosine from 0 to 1. Raises `MisshapenDescriptors`."""
        asked = as_levels(levels)
        return cls(asked.astype(np.float32).T, lengths(asked), as_cosine(at_least), version)


def found(parts: Iterable[Part], wanted: Wanted, generation: int, *, complete: bool = True) -> Similar:
    """Everything similar enough among some rows, each of which is given once."""
    # Used again and again: fresh memory costs more than the product.
    numbers = np.empty((LOOKED_AT, NUMBERS), np.float32)
    each = [
        _similar(block, slice(at, min(at + LOOKED_AT, stop)), wanted, numbers)
        for block, start, stop in parts
        for at in range(start, stop, LOOKED_AT)
    ]
    query = np.concatenate([np.empty(0, np.int64), *(some[0] for some in each)])
    ids = np.concatenate([np.empty(0, np.uint64), *(some[1] for some in each)])
    similarity = np.concatenate([np.empty(0, np.float64), *(some[2] for some in each)])
    order = np.lexsort((ids, -similarity, query))
    return Similar(query[order], ids[order], similarity[order], generation, complete)


def _similar(block: Block, some: slice, wanted: Wanted, numbers: npt.NDArray[np.float32]) -> tuple[Rows, Ids, Floats]:
    """Queries, ids and cosines of what is similar enough among some rows of a block."""
    here = numbers[: some.stop - some.start]
    np.copyto(here, block.levels[some])
    products = (here @ wanted.queries).astype(np.float64)
    cosines = products / (block.lengths[some, None] * wanted.lengths)
    row, query = np.nonzero((cosines >= wanted.at_least) & (block.ended[some, None] > wanted.version))
    return query, block.ids[some][row], cosines[row, query]
