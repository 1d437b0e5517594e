"""What ring.c does, compiled by numba when it is first used: look-ups in tables, scans, shuffling."""

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from staydown.matching.table import CHUNKS, STRIDE
from staydown.matching.types import WORDS

FREE = np.uint32(0xFFFFFFFF)
PROBES = 17  # values of a chunk that are looked up: the query's, and each with one bit changed
LINE = 32  # next chunks in a line of the cache
BYTE, NUMBER = ir.IntType(8).as_pointer(), ir.IntType(32)
SOON = 512  # next chunks of a bucket that are asked for: a long run the processor follows by itself


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


@intrinsic  # type: ignore[untyped-decorator]  # numba has no types
def _ask(_context: Any, array: Any, place: Any) -> Any:
    """Ask the memory for the line that a place of an array (of one dimension) lies in, and do not wait: one instruction."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        begin = context.make_array(signature.args[0])(context, builder, given[0]).data
        line = builder.bitcast(builder.gep(begin, [given[1]]), BYTE)
        kind = ir.FunctionType(ir.VoidType(), [BYTE, NUMBER, NUMBER, NUMBER])
        to_read, near, data = NUMBER(0), NUMBER(2), NUMBER(1)
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", [BYTE], kind), [line, to_read, near, data])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate


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
def _ask_bounds(begins: Any, chunks: Any) -> None:
    """Ask for the bounds of all buckets of one query: of values that differ in a low bit they are in one line."""
    for table in range(CHUNKS):
        value = np.int64(chunks[table])
        _ask(begins, table * STRIDE + value)
        for bit in range(4, 16):
            _ask(begins, table * STRIDE + (value ^ (1 << bit)))


@_compiled
def _bounds(begins: Any, beside: Any, chunks: Any, count: Any, bounds: Any) -> None:
    """Where each of the 272 buckets of one query begins and ends; and ask for them."""
    for table in range(CHUNKS):
        value = np.int64(chunks[table])
        for probe in range(PROBES):
            near = table * STRIDE + (value if probe == 0 else value ^ (1 << (probe - 1)))
            first, last = table * count + begins[near], table * count + begins[near + 1]
            bounds[table * PROBES + probe, 0], bounds[table * PROBES + probe, 1] = first, last
            for place in range(first, min(last, first + SOON), LINE):
                _ask(beside, place)


@_compiled
def _candidates(tables: Any, chunks: Any, bounds: Any, out: Any) -> Any:
    """Write (place, table) of what the ring's condition lets through, as far as there is room; how many there are."""
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
                    out[found, 0], out[found, 1] = first + place, table
                    _ask(places, first + place)
                found += 1
    return found


@_compiled
def look_up(known: Any, tables: Any, asked: Any, radius: Any, out: Any) -> Any:
    """Write (query, row, distance) of each hit there is room for; how many there are."""
    (rows, row_chunks), (queries, chunks), (begins, beside, places) = known, asked, tables
    bounds, room, words = np.empty((CHUNKS * PROBES, 2), np.int64), np.empty((4096, 2), np.int64), rows.reshape(-1)
    found = 0
    for query in range(queries.shape[0]):
        _ask_bounds(begins, chunks[query])
        _bounds(begins, beside, chunks[query], rows.shape[0], bounds)
        count = _candidates(tables, chunks[query], bounds, room)
        if count > room.shape[0]:
            room = np.empty((2 * count, 2), np.int64)
            _candidates(tables, chunks[query], bounds, room)
        for each in range(count):
            room[each, 0] = places[room[each, 0]]
            _ask(words, room[each, 0] * WORDS)
        for each in range(count):
            row, table = room[each]
            far = _distance(rows[row], queries[query])
            if far <= radius and _first_table(row_chunks[row], chunks[query]) == table:
                if found < out.shape[0]:
                    out[found, 0], out[found, 1], out[found, 2] = query, row, far
                found += 1
    return found


@_compiled
def scan(rows: Any, queries: Any, radius: Any, out: Any) -> Any:
    """As `look_up`, of rows that have no tables."""
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
def shuffle(plain: Any, tables: Any, out: Any) -> None:
    """Write each row of n x 32 uint8 as four words, shuffled by the tables of a `Shuffle`."""
    for row in range(plain.shape[0]):
        for word in range(WORDS):
            out[row, word] = np.uint64(0)
        for byte in range(32):
            low, high = tables[2 * byte, plain[row, byte] & 15], tables[2 * byte + 1, plain[row, byte] >> 4]
            for word in range(WORDS):
                out[row, word] ^= low[word] ^ high[word]


@_compiled
def first_equal(words: Any, slots: Any, first: Any) -> None:
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
