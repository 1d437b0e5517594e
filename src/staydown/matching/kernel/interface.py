"""What an engine does for an index."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from staydown.matching.names import Names
from staydown.matching.shuffling import Shuffle
from staydown.matching.table import Tables
from staydown.matching.types import Bytes, Words

HIT = np.dtype([("query", "u4"), ("row", "u4"), ("part", "u2"), ("distance", "u2")])

NAMED = np.dtype([("id", "u8"), ("query", "u4"), ("distance", "u2"), ("unused", "u2")])

Hits = npt.NDArray[np.void]  # of HIT, in no order
Named = npt.NDArray[np.void]  # of NAMED, in no order


@dataclass(frozen=True, slots=True)
class Part:
    """Shuffled rows (n x 4 words), with tables or, if they are few, without; and where all this is in memory."""

    words: Words
    tables: Tables | None = None
    rows_at: int = field(init=False)
    tables_at: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        arrays = (self.tables.begins, self.tables.beside, self.tables.places) if self.tables else ()
        object.__setattr__(self, "rows_at", self.words.ctypes.data)
        object.__setattr__(self, "tables_at", tuple(each.ctypes.data for each in arrays) or (0, 0, 0))


@dataclass(frozen=True, slots=True)
class Ready:
    """Some parts, of each of which the first rows are looked at, and their names; `described` and `told` are what an
    engine made of that.
    """

    parts: tuple[Part, ...]
    counts: tuple[int, ...]
    names: tuple[Names, ...]
    described: bytes = b""
    told: bytes = b""


@dataclass(frozen=True, slots=True)
class Owned:
    """n short fingerprints (uint64), and of each the number of its owner (uint32)."""

    words: Words
    owner: npt.NDArray[np.uint32]

    @property
    def owners(self) -> int:
        """How many there are at most: one more than the largest number."""
        return int(self.owner.max()) + 1 if len(self.owner) else 0


@dataclass(frozen=True, slots=True)
class Nearness:
    """Of each owner the distance of the nearest pair within a radius, 64 where there is none; and its `support`.

    That is the sum of radius + 1 - distance over all pairs of one of its words and one that was asked for.
    """

    nearest: npt.NDArray[np.uint8]
    support: npt.NDArray[np.uint64]

    @classmethod
    def none(cls, owners: int) -> "Nearness":
        """Nothing within the radius yet."""
        return cls(np.full(owners, 64, np.uint8), np.zeros(owners, np.uint64))


class Engine(Protocol):
    """Everything slow. Each engine gives the same answers, bit for bit, and runs without Python's lock if it can."""

    name: str

    def shuffled(self, fingerprints: Bytes, shuffle: Shuffle) -> Words:
        """n x 32 uint8 as n x 4 shuffled words."""

    def first_equal(self, words: Words) -> npt.NDArray[np.uint32]:
        """For each of n x 4 words the first row equal to it."""

    def tables(self, words: Words, threads: int, room: Tables | None = None) -> Tables:
        """The tables of n x 4 words, in `room` if some was made for them."""

    def ready(self, parts: tuple[Part, ...], counts: tuple[int, ...], names: tuple[Names, ...] = ()) -> Ready:
        """What `search` and, with their names, `named` want to know of some parts, told once."""

    def search(self, ready: Ready, shuffle: Shuffle, queries: Bytes, radius: int) -> Hits:
        """Every row of the parts within the radius (0 to 64 bits) of each of n x 32 uint8."""

    def named(self, ready: Ready, hits: Hits, version: int) -> Named:
        """Each id of each row that was hit, if it counts at a version of the index."""

    def join(self, part: Part, count: int, asked: Part, radius: int, threads: int) -> Hits:
        """As `search` in one part with tables, radius at most 31, of many shuffled queries with tables; by threads."""

    def nearness(self, known: Owned, asked: Words, radius: int) -> Nearness:
        """How near m words come to the known ones of each owner, within a radius of 0 to 11 bits."""
