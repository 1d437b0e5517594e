"""The engine in numba: what ring.c does, compiled when it is first used, for machines where it could not be before.

The extra `staydown[jit]`. The compiled functions (`probing`) are kept beside their file where that can be written to. What
numba makes no quicker is numpy's.
"""

import numpy as np
import numpy.typing as npt

from staydown.matching.kernel import probing
from staydown.matching.kernel.interface import HIT, Hits, Named, Nearness, Owned, Part, Ready
from staydown.matching.kernel.plain import Plain
from staydown.matching.kernel.threads import by_threads
from staydown.matching.names import Names
from staydown.matching.shuffling import Shuffle
from staydown.matching.table import CHUNKS, REACH, Tables, room_for
from staydown.matching.types import WORDS, Bytes, Words

TOGETHER = 4096  # queries that a thread takes at a time
ROOM = 1024  # hits there is room for at first, and for four more a query


class Jitted:
    """The search compiled by numba."""

    name = "numba"

    def __init__(self) -> None:
        self._plain = Plain()

    def shuffled(self, fingerprints: Bytes, shuffle: Shuffle) -> Words:
        """n x 32 uint8 as n x 4 shuffled words."""
        words = room_for(len(fingerprints) * WORDS, np.uint64).reshape(-1, WORDS)
        probing.shuffle(fingerprints, shuffle.tables, words)
        return words

    def first_equal(self, words: Words) -> npt.NDArray[np.uint32]:
        """For each of n x 4 words the first row equal to it."""
        first = np.empty(len(words), np.uint32)
        probing.first_equal(words, np.full(1 << (2 * len(words)).bit_length(), probing.FREE), first)
        return first

    def tables(self, words: Words, threads: int, room: Tables | None = None) -> Tables:
        """The tables of n x 4 words, by one thread, in `room` if some was made for them."""
        return self._plain.tables(words, threads, room)

    def ready(self, parts: tuple[Part, ...], counts: tuple[int, ...], names: tuple[Names, ...] = ()) -> Ready:
        """The parts and names themselves."""
        return Ready(parts, counts, names)

    def search(self, ready: Ready, shuffle: Shuffle, queries: Bytes, radius: int) -> Hits:
        """Every row of the parts within the radius of each of n x 32 uint8."""
        words, found = self.shuffled(queries, shuffle), []
        for number, (part, count) in enumerate(zip(ready.parts, ready.counts, strict=True)):
            if count and len(hits := _searched(part, count, words, radius)):
                hits["part"] = number
                found.append(hits)
        return (
            np.concatenate(found) if found else np.empty(0, HIT)
        )  # to put nothing together takes as long as to search

    def named(self, ready: Ready, hits: Hits, version: int) -> Named:
        """Each id of each row that was hit, if it counts at a version of the index."""
        return self._plain.named(ready, hits, version)

    def join(self, part: Part, count: int, asked: Part, radius: int, threads: int) -> Hits:
        """As `search` in one part, of many shuffled queries; by threads."""

        def some(begin: int) -> Hits:
            hits = _searched(part, count, asked.words[begin : begin + TOGETHER], radius)
            hits["query"] += begin
            return hits

        found = by_threads(some, range(0, len(asked.words), TOGETHER), threads)
        return np.concatenate([np.empty(0, HIT), *found])

    def nearness(self, known: Owned, asked: Words, radius: int) -> Nearness:
        """How near m words come to the known ones of each owner: each is compared with all."""
        return self._plain.nearness(known, asked, radius)


def _searched(part: Part, count: int, queries: Words, radius: int) -> Hits:
    rows, room = part.words[:count], ROOM + 4 * len(queries)
    while True:
        out = np.empty((room, 3), np.uint32)
        found = _found(part, rows, queries, radius, out)
        if found <= room:
            hits = np.zeros(found, HIT)
            hits["query"], hits["row"], hits["distance"] = out[:found].T
            return hits
        room = found


def _found(part: Part, rows: Words, queries: Words, radius: int, out: npt.NDArray[np.uint32]) -> int:
    if part.tables is None or radius > REACH:
        return int(probing.scan(rows, queries, radius, out))
    tables = part.tables.begins.reshape(-1), part.tables.beside, part.tables.places
    chunks = [each.view(np.uint16).reshape(-1, CHUNKS) for each in (rows, queries)]
    return int(probing.look_up((rows, chunks[0]), tables, (queries, chunks[1]), radius, out))
