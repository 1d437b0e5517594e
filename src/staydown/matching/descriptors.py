"""The descriptor index: which known copy-detection descriptors a descriptor resembles, exactly.

A descriptor is 512 signed bytes (`staydown.fingerprints.descriptor`), of which only the direction means anything.
Every row is multiplied with every query. The products are whole numbers below 2**24, which float32 holds exactly
in whatever order they are summed; so the answer is the same on every machine, and nothing is approximate.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from staydown.matching.cosines import Similar, Wanted, found
from staydown.matching.errors import AlreadyKnown, MisshapenDescriptors, OutOfOrder, UnknownId
from staydown.matching.rows import Block, Blocks, Levels, as_levels
from staydown.matching.types import Ids, Rows, as_ids
from staydown.matching.writing import Writing


@dataclass(frozen=True, slots=True)
class DescriptorChanges:
    """What one or more generations change: ids to remove, then ids and descriptors (n x 512 int8) to add."""

    removed: Ids = field(default_factory=lambda: np.empty(0, np.uint64))
    added: Ids = field(default_factory=lambda: np.empty(0, np.uint64))
    levels: Levels = field(default_factory=lambda: np.empty((0, 512), np.int8))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a search looks into; nothing in it changes."""

    blocks: Blocks
    version: int
    alive: int
    generation: int


class Descriptors:
    """Descriptors under ids, found again by their cosine. One writer at a time, any number of readers.

    Nothing similar enough is ever left out, and what was added before a search began is in it. A row takes 536
    bytes; a search takes some megabytes beside them, however many rows there are. `now` is what a search looks into:
    whoever reads it reads it once, and keeps to it.
    """

    def __init__(self) -> None:
        self._writing = Writing()
        self.now = Snapshot(Blocks(), 0, 0, 0)

    def __len__(self) -> int:
        return self.now.alive

    @property
    def generation(self) -> int:
        """The generation of the last changes applied; 0 before any."""
        return self.now.generation

    @property
    def nbytes(self) -> int:
        """The memory its rows and ids are in."""
        return self.now.blocks.nbytes

    def add(self, ids: npt.ArrayLike, levels: npt.ArrayLike) -> None:
        """Add n ids and their n x 512 int8; the next search sees them all.

        Raises `AlreadyKnown`, `Misshapen` or `MisshapenDescriptors`, and then adds nothing.
        """
        self._change(DescriptorChanges(added=as_ids(ids), levels=as_levels(levels)), None)

    def remove(self, ids: npt.ArrayLike) -> None:
        """Take n ids out; the next search sees none of them. Raises `UnknownId`, and then removes nothing."""
        self._change(DescriptorChanges(removed=as_ids(ids)), None)

    def apply(self, changes: DescriptorChanges, generation: int) -> None:
        """Follow the bank to a later generation: searches see all of the changes or none.

        Raises `OutOfOrder` when the index is that far already, and what `add` and `remove` raise; then
        nothing has changed.
        """
        removed, added, levels = as_ids(changes.removed), as_ids(changes.added), as_levels(changes.levels)
        self._change(DescriptorChanges(removed, added, levels), generation)

    def search(self, levels: npt.ArrayLike, at_least: float) -> Similar:
        """Everything whose cosine with any of n x 512 int8 is `at_least` that, 0 to 1.

        Raises `MisshapenDescriptors`.
        """
        now = self.now
        return found(now.blocks.after(0), Wanted.of(levels, at_least, now.version), now.generation)

    def _change(self, changes: DescriptorChanges, generation: int | None) -> None:
        """Check everything, then write rows no reader looks at yet, then show them all by one assignment."""
        with self._writing:
            now = self.now
            if generation is not None and generation <= now.generation:
                raise OutOfOrder(generation)
            leaving = self._check(changes)
            alive = now.alive + len(changes.added) - len(changes.removed)
            blocks = now.blocks.with_rows(changes.added, changes.levels)
            for block, rows in leaving:
                block.ended[rows] = now.version + 1
            self.now = now = Snapshot(blocks, now.version + 1, alive, generation or now.generation)
            if blocks.worth_compacting(alive):
                self.now = replace(now, blocks=blocks.compacted(now.version))

    def _check(self, changes: DescriptorChanges) -> list[tuple[Block, Rows]]:
        """The rows that are to leave, by their blocks. Raises what is wrong with the changes."""
        removed, added, now = changes.removed, changes.added, self.now
        if len(added) != len(changes.levels):
            raise MisshapenDescriptors
        leaving = now.blocks.find(removed, now.version) if len(removed) else []
        if len(np.unique(removed)) != len(removed) or sum(len(rows) for _, rows in leaving) != len(removed):
            raise UnknownId("one of those to be removed")
        staying = np.setdiff1d(added, removed)
        again = now.blocks.find(staying, now.version) if len(staying) else []
        if len(np.unique(added)) != len(added) or any(len(rows) for _, rows in again):
            raise AlreadyKnown("one of those to be added")
        return leaving
