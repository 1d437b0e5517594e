"""The rows of a descriptor index, in blocks that are filled once and shared by all its snapshots."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.errors import MisshapenDescriptors
from staydown.matching.types import Ids, Rows

Levels = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

NUMBERS = 512
ROOM = 1 << 13  # rows of a block: 4 MB
STAYING = np.uint64(2**64 - 1)


def as_levels(given: npt.ArrayLike) -> Levels:
    """Descriptors as n x 512 int8. Raises `MisshapenDescriptors`."""
    levels = np.asarray(given)
    if levels.size == 0:
        return np.empty((0, NUMBERS), np.int8)
    if levels.dtype != np.int8 or levels.ndim != 2 or levels.shape[1] != NUMBERS or not levels.any(axis=1).all():
        raise MisshapenDescriptors
    return levels


def as_cosine(similarity: float) -> float:
    """A similarity. Raises `MisshapenDescriptors` outside 0 to 1."""
    if not 0 <= similarity <= 1:
        raise MisshapenDescriptors(similarity)
    return similarity


def lengths(levels: Levels) -> Floats:
    """The length of each of n x 512 int8. Their squares' sums are below 2**24, which float32 holds exactly."""
    numbers = levels.astype(np.float32)
    found: Floats = np.sqrt(np.einsum("ij,ij->i", numbers, numbers).astype(np.float64))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Room for rows: ids, descriptors, their lengths, and the version of the index from which a row is gone."""

    ids: Ids
    levels: Levels
    lengths: Floats
    ended: npt.NDArray[np.uint64]

    @classmethod
    def empty(cls) -> "Block":
        """Room that nothing was written into."""
        ended = np.full(ROOM, STAYING)
        return cls(np.empty(ROOM, np.uint64), np.empty((ROOM, NUMBERS), np.int8), np.empty(ROOM), ended)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Blocks, all of them full but the last, and how many rows of them are written."""

    blocks: tuple[Block, ...] = ()
    count: int = 0

    def parts(self) -> Iterator[tuple[Block, int]]:
        """Each block with the number of its rows."""
        for place, block in enumerate(self.blocks):
            yield block, min(ROOM, self.count - place * ROOM)

    def after(self, place: int) -> Iterator[tuple[Block, int, int]]:
        """The rows from a place on: each block with its first and behind its last."""
        for number, (block, count) in enumerate(self.parts()):
            start = max(0, place - number * ROOM)
            if start < count:
                yield block, start, count

    def at(self, places: Rows) -> Block:
        """The rows at some places, ascending, in a block of their own."""
        number, row = np.divmod(places, ROOM)
        some = [(self.blocks[each], row[number == each]) for each in np.unique(number)]
        return Block(
            np.concatenate([np.empty(0, np.uint64), *(block.ids[rows] for block, rows in some)]),
            np.concatenate([np.empty((0, NUMBERS), np.int8), *(block.levels[rows] for block, rows in some)]),
            np.concatenate([np.empty(0), *(block.lengths[rows] for block, rows in some)]),
            np.concatenate([np.empty(0, np.uint64), *(block.ended[rows] for block, rows in some)]),
        )

    @property
    def nbytes(self) -> int:
        """The memory they take."""
        each = ROOM * (NUMBERS + 3 * 8)
        return len(self.blocks) * each

    def find(self, ids: Ids, version: int) -> list[tuple[Block, Rows]]:
        """The rows under some ids that are there at a version, by their blocks."""
        return [
            (block, np.flatnonzero(np.isin(block.ids[:count], ids) & (block.ended[:count] > version)))
            for block, count in self.parts()
        ]

    def with_rows(self, ids: Ids, levels: Levels) -> "Blocks":
        """These and more rows. They are written where no reader of these looks."""
        needed = -(-(self.count + len(ids)) // ROOM)
        blocks = (*self.blocks, *(Block.empty() for _ in range(needed - len(self.blocks))))
        start = 0
        while start < len(ids):
            at = self.count + start
            block, first = blocks[at // ROOM], at % ROOM
            stop = min(len(ids), start + ROOM - first)
            to = slice(first, first + stop - start)
            block.ids[to], block.levels[to] = ids[start:stop], levels[start:stop]
            block.lengths[to] = lengths(levels[start:stop])
            start = stop
        return Blocks(blocks, self.count + len(ids))

    def worth_compacting(self, alive: int) -> bool:
        """Whether more than half of the rows, and of a block, are gone."""
        return self.count - alive > max(ROOM, self.count) / 2

    def compacted(self, version: int) -> "Blocks":
        """The rows that are there at a version, in blocks of their own. Readers of these go on with them."""
        kept = Blocks()
        for block, count in self.parts():
            there = block.ended[:count] > version
            kept = kept.with_rows(block.ids[:count][there], block.levels[:count][there])
        return kept
