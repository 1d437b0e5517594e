"""The engine in numpy: for machines without a compiler, and the oracle of the one in C."""

import numpy as np
import numpy.typing as npt

from staydown.matching import brute
from staydown.matching.kernel.interface import HIT, NAMED, Hits, Named, Nearness, Owned, Part, Ready
from staydown.matching.names import Names
from staydown.matching.shuffling import Shuffle, shuffled
from staydown.matching.table import REACH, Tables
from staydown.matching.types import WIDTH, Bytes, Distances, Rows, Words


class Plain:
    """Numpy only."""

    name = "numpy"

    def shuffled(self, fingerprints: Bytes, shuffle: Shuffle) -> Words:
        """n x 32 uint8 as n x 4 shuffled words."""
        return shuffled(fingerprints, shuffle)

    def first_equal(self, words: Words) -> npt.NDArray[np.uint32]:
        """For each of n x 4 words the first row equal to it."""
        whole = np.ascontiguousarray(words).view(f"V{WIDTH}").ravel()
        _, first, place = np.unique(whole, return_index=True, return_inverse=True)
        return first[place].astype(np.uint32)

    def tables(self, words: Words, threads: int, room: Tables | None = None) -> Tables:
        """The tables of n x 4 words, by one thread, in `room` if some was made for them."""
        return Tables.of(words, room)

    def ready(self, parts: tuple[Part, ...], counts: tuple[int, ...], names: tuple[Names, ...] = ()) -> Ready:
        """The parts and names themselves."""
        return Ready(parts, counts, names)

    def search(self, ready: Ready, shuffle: Shuffle, queries: Bytes, radius: int) -> Hits:
        """Every row of the parts within the radius of each of n x 32 uint8."""
        return _searched(ready, shuffled(queries, shuffle), radius)

    def named(self, ready: Ready, hits: Hits, version: int) -> Named:
        """Each id of each row that was hit, if it counts at a version of the index."""
        found = [np.empty(0, NAMED)]
        for number in np.unique(hits["part"]).tolist():
            here = hits[hits["part"] == number]
            places, ids = ready.names[number].named(here["row"].astype(np.int64), version)
            named = np.zeros(len(ids), NAMED)
            named["id"], named["query"], named["distance"] = ids, here["query"][places], here["distance"][places]
            found.append(named)
        return np.concatenate(found)

    def join(self, part: Part, count: int, asked: Part, radius: int, threads: int) -> Hits:
        """As `search` in one part, of many shuffled queries; by one thread."""
        return _searched(Ready((part,), (count,), ()), asked.words, radius)

    def nearness(self, known: Owned, asked: Words, radius: int) -> Nearness:
        """How near m words come to the known ones of each owner: each is compared with all."""
        found = Nearness.none(known.owners)
        for start in range(0, len(known.words), brute.BLOCK):
            words, owner = known.words[start : start + brute.BLOCK], known.owner[start : start + brute.BLOCK]
            for word in asked:
                apart = np.bitwise_count(words ^ word)
                near = np.flatnonzero(apart <= radius)
                if len(near):
                    np.minimum.at(found.nearest, owner[near], apart[near])
                    np.add.at(found.support, owner[near], radius + 1 - apart[near].astype(np.uint64))
        return found


def _searched(ready: Ready, queries: Words, radius: int) -> Hits:
    found = [np.empty(0, HIT)]
    for place, query in enumerate(queries):
        for number, part in enumerate(ready.parts):
            rows, near = _within(part, ready.counts[number], query, radius)
            hits = np.empty(len(rows), HIT)
            hits["query"], hits["row"], hits["part"], hits["distance"] = place, rows, number, near
            found.append(hits)
    return np.concatenate(found)


def _within(part: Part, count: int, query: Words, radius: int) -> tuple[Rows, Distances]:
    words = part.words[:count]
    if part.tables is None or radius > REACH:
        return brute.within(words, query, radius)
    rows = np.unique(part.tables.candidates(query))
    near = brute.distances(words[rows], query)
    return rows[near <= radius], near[near <= radius]
