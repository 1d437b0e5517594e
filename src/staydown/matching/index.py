"""The Hamming index: which known fingerprints a fingerprint resembles, exactly."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from staydown.matching import segment
from staydown.matching.errors import AlreadyKnown, Misshapen, OutOfOrder, UnknownId
from staydown.matching.snapshot import SMALL, Snapshot
from staydown.matching.types import (
    WIDTH,
    Bytes,
    Changes,
    Ids,
    Matches,
    as_fingerprints,
    as_ids,
    as_radius,
    as_words,
)

ROOM = 1024  # rows at the beginning


class Index:
    """Fingerprints under ids, found again within a radius of bits. One writer at a time, any number of
    readers.

    Nothing within the radius is ever left out, and what was added before a search began is in it.
    """

    def __init__(self, radius: int = 31) -> None:
        self.radius = as_radius(radius)
        self._writing = threading.Lock()
        self._now = Snapshot.empty(ROOM)
        self._row_of: dict[int, int] = {}

    def __len__(self) -> int:
        return self._now.alive

    @property
    def generation(self) -> int:
        """The generation of the last changes applied; 0 before any."""
        return self._now.generation

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
        now = self._now
        found = [now.search(query, limit) for query in as_words(as_fingerprints(fingerprints))]
        if not found:
            return Matches(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16))
        counts = [len(ids) for ids, _ in found]
        return Matches(
            np.repeat(np.arange(len(found)), counts),
            np.concatenate([ids for ids, _ in found]),
            np.concatenate([distances for _, distances in found]),
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the index to a file, whole or not at all."""
        segment.write(Path(path), self.packed())

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> "Index":
        """The index in a file. Raises `Damaged`, or FileNotFoundError."""
        return cls.unpacked(Path(path).read_bytes())

    def packed(self) -> bytes:
        """The index as bytes, for whoever seals them (see `segment`)."""
        now = self._now
        rows = now.living()
        fingerprints = now.words[rows].view(np.uint8).reshape(-1, WIDTH)
        return segment.pack(segment.Segment(self.radius, now.generation, now.ids[rows], fingerprints))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Index":
        """The index in some bytes. Raises `Damaged`."""
        whole = segment.unpack(packed)
        index = cls(whole.radius)
        index.add(whole.ids, whole.fingerprints)
        index._now = replace(index._now, generation=whole.generation)
        return index

    def _change(self, changes: Changes, generation: int | None) -> None:
        """Check everything, then write rows no reader looks at yet, then show them all by one assignment."""
        with self._writing:
            now = self._now
            if generation is not None and generation <= now.generation:
                raise OutOfOrder(generation)
            self._check(changes)
            after = replace(now, version=now.version + 1, generation=generation or now.generation)
            after = self._without(after, changes.removed)
            after = self._with(after, changes.added, changes.fingerprints).tabled()
            self._now = self._swept(after)

    def _check(self, changes: Changes) -> None:
        if len(changes.added) != len(changes.fingerprints):
            raise Misshapen
        removed, added = changes.removed.tolist(), changes.added.tolist()
        leaving = set(removed)
        if unknown := [each for each in removed if each not in self._row_of]:
            raise UnknownId(unknown[0])
        if len(leaving) < len(removed):
            raise UnknownId("the same id twice")
        coming = set(added)
        if again := [each for each in added if each in self._row_of and each not in leaving]:
            raise AlreadyKnown(again[0])
        if len(coming) < len(added):
            raise AlreadyKnown("the same id twice")

    def _without(self, now: Snapshot, removed: Ids) -> Snapshot:
        rows = [self._row_of.pop(each) for each in removed.tolist()]
        now.ends[rows] = now.version
        return replace(now, alive=now.alive - len(rows))

    def _with(self, now: Snapshot, added: Ids, fingerprints: Bytes) -> Snapshot:
        now = now.with_room(len(added))
        first, last = now.length, now.length + len(added)
        now.ids[first:last] = added
        now.words[first:last] = as_words(fingerprints)
        self._row_of.update(zip(added.tolist(), range(first, last), strict=True))
        return replace(now, length=last, alive=now.alive + len(added))

    def _swept(self, now: Snapshot) -> Snapshot:
        """Without the rows of removed ids, once they are the most."""
        if now.length - now.alive <= max(SMALL, now.alive):
            return now
        swept = now.compacted()
        self._row_of = dict(zip(swept.ids.tolist(), range(swept.length), strict=True))
        return swept.tabled()
