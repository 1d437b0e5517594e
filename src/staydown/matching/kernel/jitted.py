"""The engine in numba: what ring.c does, compiled when it is first used, for machines where it could not be before.

The extra `staydown[jit]`. The compiled functions are kept beside this file where that can be written to. What numba makes
no quicker is numpy's.
"""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from numba.extending import intrinsic

from staydown.matching.kernel.interface import HIT, Hits, Named, Nearness, Owned, Part, Ready
from staydown.matching.kernel.plain import Plain
from staydown.matching.kernel.threads import by_threads
from staydown.matching.names import Names
from staydown.matching.shuffling import Shuffle
from staydown.matching.table import CHUNKS, REACH, Tables, room_for
from staydown.matching.types import WORDS, Bytes, Words

FREE = np.uint32(0xFFFFFFFF)
PROBES = 17  # values of a chunk that are looked up: the query's, and each with one bit changed
LINE = 32  # next chunks in a line of the cache
TOGETHER = 4096  # queries that a thread takes at a time
ROOM = 1024  # hits there is room for at first, and for four more a query


def _compiled[Function: Callable[..., Any]](function: Function) -> Function:
    """Compiled for the types it is called with, to run without Python's lock."""
    made: Function = numba.njit(nogil=True, cache=True)(function)
    return made


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def _bits(_context: Any, number: Any) -> Any:
    """How many bits of a number are set: one instruction."""

    def generate(_: Any, builder: Any, __: Any, given: Any) -> Any:
        counter = builder.module.declare_intrinsic("llvm.ctpop", [given[0].type])
        return builder.call(counter, given)

    return number(number), generate


@_compiled
def _distance(row: Any, query: Any) -> Any:
    return _bits(row[0] ^ query[0]) + _bits(row[1] ^ query[1]) + _bits(row[2] ^ query[2]) + _bits(row[3] ^ query[3])


@_compiled
def _first_table(row: Any, query: Any) -> Any:
    """The first table in which the ring's condition holds: only that one reports a row. Both as 16 chunks."""
    for table in range(CHUNKS):
        here = _bits(row[table] ^ query[table])
        following = (table + 1) % CHUNKS
        if here <= 1 and here + _bits(row[following] ^ query[following]) <= 3:
            return table
    return CHUNKS


@_compiled
def _bounds(begins: Any, chunks: Any, count: Any, bounds: Any) -> None:
    """Where each of the 272 buckets of one query begins and ends."""
    for table in range(CHUNKS):
        value = np.uint32(chunks[table])
        for probe in range(PROBES):
            near = value if probe == 0 else value ^ np.uint32(1 << (probe - 1))
            bounds[table * PROBES + probe, 0] = table * count + begins[table, near]
            bounds[table * PROBES + probe, 1] = table * count + begins[table, near + 1]


@_compiled
def _touched(beside: Any, bounds: Any) -> Any:
    """Read a number of each line of some buckets: many lines are then on their way at once, and not one by one."""
    read = 0
    for bucket in range(bounds.shape[0]):
        for place in range(bounds[bucket, 0], bounds[bucket, 1], LINE):
            read += beside[place]
    return read


@_compiled
def _candidates(tables: Any, chunks: Any, bounds: Any, out: Any) -> Any:
    """Write (row, table) of what the ring's condition lets through, as far as there is room; how many there are."""
    _, beside, places = tables
    found = 0
    for bucket in range(bounds.shape[0]):
        table, probe = bucket // PROBES, bucket % PROBES
        following, within = chunks[(table + 1) % CHUNKS], np.uint16(3 if probe == 0 else 2)
        first, nexts = bounds[bucket, 0], beside[bounds[bucket, 0] : bounds[bucket, 1]]
        least = np.uint16(CHUNKS)
        for each in nexts:
            least = min(least, _bits(np.uint16(each ^ following)))
        if least > within:
            continue
        for place in range(nexts.shape[0]):
            if _bits(np.uint16(nexts[place] ^ following)) <= within:
                if found < out.shape[0]:
                    out[found, 0], out[found, 1] = places[first + place], table
                found += 1
    return found


@_compiled
def _look_up(known: Any, tables: Any, asked: Any, radius: Any, out: Any) -> Any:
    """Write (query, row, distance) of each hit there is room for; how many there are."""
    (rows, row_chunks), (queries, chunks) = known, asked
    bounds, room = np.empty((CHUNKS * PROBES, 2), np.int64), np.empty((4096, 2), np.uint32)
    found, read = 0, 0
    for query in range(queries.shape[0]):
        _bounds(tables[0], chunks[query], rows.shape[0], bounds)
        read += _touched(tables[1], bounds)
        count = _candidates(tables, chunks[query], bounds, room)
        if count > room.shape[0]:
            room = np.empty((2 * count, 2), np.uint32)
            _candidates(tables, chunks[query], bounds, room)
        for each in range(count):
            row, table = room[each]
            far = _distance(rows[row], queries[query])
            if far <= radius and _first_table(row_chunks[row], chunks[query]) == table:
                if found < out.shape[0]:
                    out[found, 0], out[found, 1], out[found, 2] = query, row, far
                found += 1
    return found, read


@_compiled
def _scan(rows: Any, queries: Any, radius: Any, out: Any) -> Any:
    """As `_look_up`, of rows that have no tables."""
    found = 0
    for query in range(queries.shape[0]):
        for row in range(rows.shape[0]):
            far = _distance(rows[row], queries[query])
            if far <= radius:
                if found < out.shape[0]:
                    out[found, 0], out[found, 1], out[found, 2] = query, row, far
                found += 1
    return found


@_compiled
def _shuffle(plain: Any, tables: Any, out: Any) -> None:
    for row in range(plain.shape[0]):
        for word in range(WORDS):
            out[row, word] = np.uint64(0)
        for byte in range(32):
            low, high = tables[2 * byte, plain[row, byte] & 15], tables[2 * byte + 1, plain[row, byte] >> 4]
            for word in range(WORDS):
                out[row, word] ^= low[word] ^ high[word]


@_compiled
def _first_equal(words: Any, slots: Any, first: Any) -> None:
    """For each row the first one equal to it; `slots`: a power of two of them, twice the rows, all free."""
    mask = np.uint64(slots.shape[0] - 1)
    for row in range(words.shape[0]):
        mixed = words[row, 0] ^ (words[row, 1] * np.uint64(0x9E3779B97F4A7C15)) ^ (words[row, 2] >> np.uint64(7))
        slot = (mixed ^ words[row, 3] ^ (mixed >> np.uint64(32))) & mask
        while slots[slot] != FREE and _distance(words[slots[slot]], words[row]):
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] == FREE:
            slots[slot] = row
        first[row] = slots[slot]


class Jitted:
    """The search compiled by numba."""

    name = "numba"

    def __init__(self) -> None:
        self._plain = Plain()

    def shuffled(self, fingerprints: Bytes, shuffle: Shuffle) -> Words:
        """n x 32 uint8 as n x 4 shuffled words."""
        words = room_for(len(fingerprints) * WORDS, np.uint64).reshape(-1, WORDS)
        _shuffle(fingerprints, shuffle.tables, words)
        return words

    def first_equal(self, words: Words) -> npt.NDArray[np.uint32]:
        """For each of n x 4 words the first row equal to it."""
        first = np.empty(len(words), np.uint32)
        _first_equal(words, np.full(1 << (2 * len(words)).bit_length(), FREE), first)
        return first

    def tables(self, words: Words, threads: int, room: Tables | None = None) -> Tables:
        """The tables of n x 4 words, by one thread, in `room` if some was made for them."""
        return self._plain.tables(words, threads, room)

    def ready(self, parts: tuple[Part, ...], counts: tuple[int, ...], names: tuple[Names, ...] = ()) -> Ready:
        """The parts and names themselves."""
        return Ready(parts, counts, names)

    def search(self, ready: Ready, shuffle: Shuffle, queries: Bytes, radius: int) -> Hits:
        """Every row of the parts within the radius of each of n x 32 uint8."""
        words, found = self.shuffled(queries, shuffle), [np.empty(0, HIT)]
        for number, part in enumerate(ready.parts):
            hits = _searched(part, ready.counts[number], words, radius)
            hits["part"] = number
            found.append(hits)
        return np.concatenate(found)

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
        return int(_scan(rows, queries, radius, out))
    tables = part.tables.begins, part.tables.beside, part.tables.places
    chunks = [each.view(np.uint16).reshape(-1, CHUNKS) for each in (rows, queries)]
    found, _ = _look_up((rows, chunks[0]), tables, (queries, chunks[1]), radius, out)
    return int(found)
