"""A segment: what an index must remember, as bytes that lie in a file as they lie in memory.

First, and stored: a page that says what follows, n shuffled rows of 32 bytes, their ids (what they are above the
lowest), the m further ids of rows that have several and the rows of those. Then, built when a segment is opened:
the order of the further ids, and the tables. Everything begins at a line of the cache; all numbers are
little-endian. Opened once, in shared memory, any number of processes look into the same.

Nothing here is encrypted or checked for damage: `vault` seals the bytes and refuses altered ones.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from mmap import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

from staydown.matching.distinct import Distinct
from staydown.matching.errors import Damaged
from staydown.matching.ids import SortedIds
from staydown.matching.kernel import Engine
from staydown.matching.shelf import Shelf
from staydown.matching.shuffling import Permutation
from staydown.matching.table import BEYOND, CHUNKS, STRIDE, VALUES, Tables
from staydown.matching.types import WIDEST, WORDS

MAGIC = b"STAYDOWN"
VERSION = 2
PAGE = 4096
LINE = 64
_HEAD = struct.Struct("<8sIIQQQQQ16s")

Memory = memoryview | bytearray | bytes | mmap


@dataclass(frozen=True, slots=True)
class Head:
    """What the first page says: rows, further ids, the lowest id, bytes of an id, and which order of bits is meant."""

    radius: int
    generation: int
    rows: int
    further: int
    lowest: int
    width: int
    order: bytes

    @classmethod
    def read(cls, page: Memory) -> "Head":
        """The head in a first page. Raises `Damaged`."""
        if len(page) < PAGE:
            raise Damaged
        magic, version, radius, generation, rows, further, lowest, width, order = _HEAD.unpack_from(page)
        head = cls(radius, generation, rows, further, lowest, width, order)
        if magic != MAGIC or version != VERSION or radius > WIDEST or head.width not in (4, 8) or head.rows >> 32:
            raise Damaged
        return head

    def page(self) -> bytes:
        """The first page."""
        numbers = (self.generation, self.rows, self.further, self.lowest, self.width)
        return _HEAD.pack(MAGIC, VERSION, self.radius, *numbers, self.order).ljust(PAGE, b"\0")

    @property
    def ids(self) -> int:
        """How many ids there are."""
        return self.rows + self.further

    @property
    def stored(self) -> int:
        """The bytes that are stored, the page among them."""
        return self._begins()[4]

    @property
    def room(self) -> int:
        """The bytes of memory that the segment takes when it is opened."""
        return self._begins()[-1]

    def _begins(self) -> list[int]:
        """Where each array begins, and the last one ends."""
        sizes = [count * np.dtype(kind).itemsize for kind, count in self._arrays()]
        return list(accumulate((size + -size % LINE for size in sizes), initial=PAGE))

    def _arrays(self) -> tuple[tuple[npt.DTypeLike, int], ...]:
        """Rows, ids, further ids, their rows; then the order of those, where buckets begin, next chunks, places."""
        return (
            ("<u8", self.rows * WORDS),
            (f"<u{self.width}", self.rows),
            ("<u8", self.further),
            ("<i8", self.further),
            ("<i8", self.further),
            ("<u4", CHUNKS * STRIDE),
            ("<u2", CHUNKS * self.rows + BEYOND),
            ("<u4", CHUNKS * self.rows),
        )

    def rows_in(self, memory: Memory) -> Distinct:
        """What is stored, in a piece of memory; no byte is copied."""
        words, ids, further, further_rows = self._in(memory)[:4]
        return Distinct(words.reshape(-1, WORDS), SortedIds(np.uint64(self.lowest), ids), further, further_rows)

    def built_in(self, memory: Memory) -> tuple[npt.NDArray[np.int64], Tables]:
        """The order of the further ids, and the tables, in a piece of memory; no byte is copied."""
        order, begins, beside, places = self._in(memory)[4:]
        return order, Tables(begins.reshape(CHUNKS, STRIDE), beside, places)

    def _in(self, memory: Memory) -> list[npt.NDArray[Any]]:
        places = zip(self._begins(), self._arrays(), strict=False)
        return [np.frombuffer(memory, kind, count, begin) for begin, (kind, count) in places]


def pieces(rows: Distinct, head: Head) -> Iterator[bytes | memoryview]:
    """What is to be stored, piece by piece; together `head.stored` bytes."""
    yield head.page()
    for array in (rows.words, rows.ids.offsets, rows.further, rows.further_rows):
        yield array.reshape(-1).view(np.uint8).data
        yield bytes(-array.nbytes % LINE)


def build(memory: Memory, engine: Engine, threads: int) -> None:
    """Build the rest of a segment in memory that holds what was stored, and has room for it."""
    head = Head.read(memory[:PAGE])
    rows, (order, tables) = head.rows_in(memory), head.built_in(memory)
    order[:] = np.argsort(rows.further)
    tables.begins[:, VALUES:] = 0
    tables.beside[CHUNKS * head.rows :] = 0
    engine.tables(rows.words, threads, tables)


def shelf(memory: Memory) -> Shelf | None:
    """The shelf in a built segment; None if it holds nothing. Raises `Damaged`."""
    head = Head.read(memory[:PAGE])
    if len(memory) < head.room:
        raise Damaged
    order, tables = head.built_in(memory)
    return Shelf.tabled(head.rows_in(memory), tables, order) if head.rows else None


def order_of(permutation: Permutation) -> bytes:
    """By what an order of bits is known again; it does not tell the order."""
    return hashlib.sha256(b"staydown order of bits" + permutation.tobytes()).digest()[:16]
