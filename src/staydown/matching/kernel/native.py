"""The engine in C: `ring`, called with the memory of numpy arrays."""

import os
import struct
import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from staydown.matching.kernel.interface import HIT, NAMED, Hits, Named, Nearness, Owned, Part, Ready
from staydown.matching.kernel.ring import Library, Set
from staydown.matching.kernel.threads import by_threads
from staydown.matching.names import Names
from staydown.matching.shuffling import Shuffle
from staydown.matching.table import CHUNKS, VALUES, Tables, room_for
from staydown.matching.types import WORDS, Bytes, Words

ROOM = 1 << 14  # hits there is room for at first (196 KB), and for four more a query: what finds more is asked twice
TOGETHER = 1 << 17  # rows that a thread shuffles at a time
SHARES = 2  # parts in which equal rows are sought
DEALERS = 4  # threads that build tables: each takes eight bytes a row beside
SHARE = 1 << 13  # values of a table that a thread takes at a time in a join
FEW = 128  # queries, of which hits go into room that a thread keeps: most searches are of a picture's forms
_PART = struct.Struct("=5Q")  # a part_t
_CORES = os.cpu_count() or 1
_NAMES = {Set.AVX512: "C, AVX-512", Set.AVX2: "C, AVX2", Set.NEON: "C, NEON", Set.PLAIN: "C, scalar"}


class _Mine(threading.local):
    """A thread's own room for the hits of a search."""

    def __init__(self) -> None:
        self.hits = np.empty(ROOM, HIT)
        self.at = _at(self.hits)


class Native:
    """The search in C, in one instruction set."""

    def __init__(self, shared: Library, instructions: Set) -> None:
        self.name = _NAMES[instructions]
        self._c = shared
        self._set = int(instructions)

    def shuffled(self, fingerprints: Bytes, shuffle: Shuffle) -> Words:
        """n x 32 uint8 as n x 4 shuffled words."""
        words = room_for(len(fingerprints) * WORDS, np.uint64).reshape(-1, WORDS)

        def some(begin: int) -> None:
            rows = fingerprints[begin : begin + TOGETHER]
            self._c.shuffle(shuffle.tables_at, _at(rows), len(rows), _at(words[begin:]))

        by_threads(some, range(0, len(fingerprints), TOGETHER), _CORES)
        return words

    def first_equal(self, words: Words) -> npt.NDArray[np.uint32]:
        """For each of n x 4 words the first row equal to it, by two threads if there are many."""
        bits = max(4, (SHARES * len(words)).bit_length())
        slots = np.full(1 << bits, np.iinfo(np.uint32).max, np.uint32)
        first = np.empty(len(words), np.uint32)

        def one(share: int) -> None:
            self._c.first_equal(_at(words), len(words), _at(slots), bits, share, SHARES, _at(first))

        by_threads(one, range(SHARES), _CORES if len(words) > TOGETHER else 1)
        return first

    def tables(self, words: Words, threads: int, room: Tables | None = None) -> Tables:
        """The tables of n x 4 words, by some threads, in `room` if some was made for them."""
        tables, count = room or Tables.empty(len(words)), len(words)
        dealers = min(threads, DEALERS)

        def fill(share: int) -> None:
            dealt = np.empty(count, np.uint64)
            for chunk in range(share, CHUNKS, dealers):
                beside, places = tables.beside[chunk * count :], tables.places[chunk * count :]
                made = _at(tables.begins[chunk]), _at(beside), _at(places)
                self._c.table(_at(words), count, chunk, *made, _at(dealt))

        by_threads(fill, range(dealers), dealers)
        return tables

    def ready(self, parts: tuple[Part, ...], counts: tuple[int, ...], names: tuple[Names, ...] = ()) -> Ready:
        """The parts as ring.c wants them, and the parts themselves, so that they stay where they are in memory."""
        told = b"".join(each.told for each in names)
        return Ready(parts, counts, names, b"".join(map(_described, parts, counts)), told)

    def search(self, ready: Ready, shuffle: Shuffle, queries: Bytes, radius: int) -> Hits:
        """Every row of the parts within the radius of each of n x 32 uint8."""
        count, least = len(queries), ROOM + 4 * len(queries)
        few = queries.tobytes() if count <= FEW else None  # which is quicker than to ask numpy where they are
        told = self._set, ready.described, len(ready.parts), shuffle.tables_at, few or _at(queries), count, radius
        if few:
            found = self._c.search(*told, _mine.at, len(_mine.hits))
            if found <= len(_mine.hits):
                return _mine.hits[:found].copy() if found else _NO_HITS
            least = found
        return _answered(HIT, least, lambda hits, room: self._c.search(*told, hits, room))

    def named(self, ready: Ready, hits: Hits, version: int) -> Named:
        """Each id of each row that was hit, if it counts at a version of the index."""
        asked = ready.told, _at(hits), len(hits), version
        return _answered(NAMED, 2 * len(hits), lambda named, room: self._c.name(*asked, named, room))

    def join(self, part: Part, count: int, asked: Part, radius: int, threads: int) -> Hits:
        """As `search` in one part with tables, radius at most 31, of many shuffled queries with tables; by threads."""
        known, many = (_described(each, rows) for each, rows in ((part, count), (asked, len(asked.words))))
        steps = [(table, first) for table in range(CHUNKS) for first in range(0, VALUES, SHARE)]

        def one(step: tuple[int, int]) -> Hits:
            table, first = step
            told = (self._set, known, many, table, first, first + SHARE, radius)
            room = ROOM + len(asked.words) // 16
            return _answered(HIT, room, lambda hits, room: self._c.join(*told, hits, room)).copy()

        return np.concatenate(by_threads(one, steps, threads))

    def nearness(self, known: Owned, asked: Words, radius: int) -> Nearness:
        """How near m words come to the known ones of each owner, within a radius of 0 to 11 bits."""
        count, many = len(known.words), len(asked)
        found = Nearness.none(known.owners)
        room, owners_room = np.empty(count + 8 + 2 * many, np.uint64), np.empty(count, np.uint32)
        self._c.nearness(
            self._set, _at(known.words), _at(known.owner), count, _at(asked), many, radius,
            _at(room), _at(owners_room), _at(found.nearest), _at(found.support),
        )  # fmt: skip
        return found


def _described(part: Part, count: int) -> bytes:
    """The first rows of a part, as ring.c wants it told."""
    return _PART.pack(part.rows_at, count, *part.tables_at)


def _answered(kind: np.dtype[np.void], room: int, ask: Callable[[int, int], int]) -> npt.NDArray[np.void]:
    """What `ask` writes to where it is told; asked again when there was too little room."""
    while True:
        answer = np.empty(room, kind)
        found = ask(_at(answer), room)
        if found <= room:
            return answer[:found]
        room = found


def _at(array: npt.NDArray[np.generic]) -> int:
    return array.ctypes.data


_mine = _Mine()
_NO_HITS = np.empty(0, HIT)
