"""The Hamming index: which known fingerprints a fingerprint resembles, exactly."""

import os
from collections.abc import Iterator

import numpy.typing as npt

from staydown.matching import segment
from staydown.matching.distinct import Distinct
from staydown.matching.errors import Damaged
from staydown.matching.kernel import Engine, best
from staydown.matching.segment import Head, Memory
from staydown.matching.shuffling import Shuffle
from staydown.matching.store import Store
from staydown.matching.types import Changes, Matches, as_fingerprints, as_ids, as_radius


class Index:
    """Fingerprints under ids, found again within a radius of bits. One writer at a time, any number of
    readers.

    Nothing within the radius is ever left out, and what was added before a search began is in it.
    """

    def __init__(
        self, radius: int = 31, *, permutation: npt.ArrayLike | None = None, engine: Engine | None = None
    ) -> None:
        """`permutation`: the deployment's secret order of the 256 bits; without one the index draws its own."""
        self.radius = as_radius(radius)
        self._engine = engine or best()
        self._shuffle = Shuffle.drawn() if permutation is None else Shuffle.of(permutation)
        self._store = Store(self._engine)

    def __len__(self) -> int:
        return self._store.now.alive

    @property
    def generation(self) -> int:
        """The generation of the last changes applied; 0 before any."""
        return self._store.now.generation

    def add(self, ids: npt.ArrayLike, fingerprints: npt.ArrayLike) -> None:
        """Add n ids and their n x 32 uint8; the next search sees them all. Raises `AlreadyKnown`,
        `Misshapen`.
        """
        self._change(Changes(added=as_ids(ids), fingerprints=as_fingerprints(fingerprints)), None)

    def remove(self, ids: npt.ArrayLike) -> None:
        """Take n ids out; the next search sees none of them. Raises `UnknownId`, and then removes nothing."""
        self._change(Changes(removed=as_ids(ids)), None)

    def apply(self, changes: Changes, generation: int) -> None:
        """Follow the bank to a later generation: searches see all of the changes or none.

        Raises `OutOfOrder` when the index is that far already, and what `add` and `remove` raise; then
        nothing has changed.
        """
        removed, added = as_ids(changes.removed), as_ids(changes.added)
        self._change(Changes(removed, added, as_fingerprints(changes.fingerprints)), generation)

    def search(self, fingerprints: npt.ArrayLike, radius: int | None = None) -> Matches:
        """Everything within `radius` bits (0 to 64; by default the index's own) of each of n x 32 uint8."""
        limit = self.radius if radius is None else as_radius(radius)
        return self._store.now.search(self._engine, self._shuffle, as_fingerprints(fingerprints), limit)

    def join(self, fingerprints: npt.ArrayLike, radius: int | None = None, threads: int | None = None) -> Matches:
        """As `search`, for very many fingerprints at once (a million and more): several times quicker, by threads."""
        limit = self.radius if radius is None else as_radius(radius)
        asked = as_fingerprints(fingerprints)
        return self._store.now.join(self._engine, self._shuffle, asked, limit, threads or os.cpu_count() or 1)

    def stored(self) -> tuple[Head, Iterator[bytes | memoryview]]:
        """What to store of the index as it is now, piece by piece, for whoever seals it (see `segment`)."""
        now = self._store.now
        rows = Distinct.of(self._engine, *now.content())
        order, width = segment.order_of(self._shuffle.permutation), rows.ids.offsets.itemsize
        numbers = len(rows.words), len(rows.further), int(rows.ids.lowest)
        head = Head(self.radius, now.generation, *numbers, width, order)
        return head, segment.pieces(rows, head)

    @classmethod
    def over(cls, memory: Memory, *, permutation: npt.ArrayLike, engine: Engine | None = None) -> "Index":
        """The index in the memory of a segment that was built there (`segment.build`), which is not copied or changed.

        Raises `Damaged`, also for a segment of another permutation.
        """
        head = Head.read(memory[: segment.PAGE])
        index = cls(head.radius, permutation=permutation, engine=engine)
        if segment.order_of(index._shuffle.permutation) != head.order:
            raise Damaged
        index._store = Store(index._engine, segment.shelf(memory), head.generation)
        return index

    def packed(self) -> bytes:
        """The segment as bytes."""
        return b"".join(self.stored()[1])

    @classmethod
    def unpacked(cls, packed: bytes, *, permutation: npt.ArrayLike, engine: Engine | None = None) -> "Index":
        """The index in the bytes of a segment, which are copied and built. Raises `Damaged`."""
        head = Head.read(packed)
        if len(packed) != head.stored:
            raise Damaged
        memory = bytearray(head.room)
        memory[: head.stored] = packed
        segment.build(memory, engine or best(), 1)
        return cls.over(memory, permutation=permutation, engine=engine)

    @property
    def nbytes(self) -> int:
        """The memory its rows, ids and tables are in."""
        return self._store.now.nbytes

    def settle(self) -> None:
        """Wait until nothing is being put together aside: searches, right all the time, are then the quickest."""
        self._store.settle()

    def _change(self, changes: Changes, generation: int | None) -> None:
        words = self._engine.shuffled(changes.fingerprints, self._shuffle)
        self._store.change(changes, words, generation)
