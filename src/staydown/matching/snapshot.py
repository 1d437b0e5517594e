"""What readers see: parts that are never moved while anyone may look at them, as of one version."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from staydown.matching.kernel import Engine, Part, Ready
from staydown.matching.kernel.interface import HIT, Hits
from staydown.matching.shelf import Shelf, Tail
from staydown.matching.shuffling import Shuffle
from staydown.matching.table import REACH
from staydown.matching.types import Bytes, Ids, Matches, Words

TOGETHER = 8192  # queries that a thread takes at a time


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Shelves, then tails of which the last is being added to; `alive` ids count at `version`."""

    shelves: tuple[Shelf, ...]
    tails: tuple[Tail, ...]
    counts: tuple[int, ...]  # rows of each shelf and tail that readers may look at
    ready: Ready
    alive: int
    version: int
    generation: int

    @classmethod
    def of(
        cls, engine: Engine, shelves: tuple[Shelf, ...], tails: tuple[Tail, ...], at: tuple[int, int, int]
    ) -> "Snapshot":
        """All that some shelves and tails hold now; `at`: ids that count, version, generation."""
        counts = (*(len(shelf.words) for shelf in shelves), *(tail.length for tail in tails))
        parts = (*(shelf.part for shelf in shelves), *(tail.part for tail in tails))
        names = (*(shelf.names for shelf in shelves), *(tail.names for tail in tails))
        return cls(shelves, tails, counts, engine.ready(parts, counts, names), *at)

    @property
    def parts(self) -> tuple[Shelf | Tail, ...]:
        """The shelves, then the tails."""
        return (*self.shelves, *self.tails)

    @property
    def nbytes(self) -> int:
        """The memory of all parts."""
        return sum(part.nbytes for part in self.parts)

    def search(self, engine: Engine, shuffle: Shuffle, queries: Bytes, radius: int) -> Matches:
        """Every id within the radius of each query, by query, distance and id."""
        return self._named(engine, engine.search(self.ready, shuffle, queries, radius))

    def join(self, engine: Engine, shuffle: Shuffle, queries: Bytes, radius: int, threads: int) -> Matches:
        """As `search`, for very many queries: each bucket is read once for all that look into it."""
        words = engine.shuffled(queries, shuffle)
        asked, found = Part(words, engine.tables(words, threads)), [np.empty(0, HIT)]
        for number, (part, count) in enumerate(zip(self.ready.parts, self.ready.counts, strict=True)):
            if part.tables is not None and radius <= REACH:
                hits = engine.join(part, count, asked, radius, threads)
            else:
                one = engine.ready((part,), (count,))
                hits = _searched(lambda some: engine.search(one, shuffle, some, radius), queries, threads)  # noqa: B023
            hits["part"] = number
            found.append(hits)
        return self._named(engine, np.concatenate(found))

    def _named(self, engine: Engine, hits: Hits) -> Matches:
        """What was hit, by query, distance and id."""
        if not len(hits):
            return Matches.none(self.generation)
        named = engine.named(self.ready, hits, self.version)
        if len(named) > 1:
            named = named[np.lexsort((named["id"], named["distance"], named["query"]))]
        query, ids, near = named["query"].astype(np.int64), named["id"].copy(), named["distance"].copy()
        return Matches(query, ids, near, self.generation)

    def content(self) -> tuple[Ids, Words]:
        """The ids that count, ascending, and their shuffled words."""
        return content(self.parts, self.counts, self.version)


def _searched(search: Callable[[Bytes], Hits], queries: Bytes, threads: int) -> Hits:
    """A search of many queries, some thousands at a time, by threads."""
    begins = range(0, len(queries), TOGETHER)
    with ThreadPoolExecutor(threads) as pool:
        each = list(pool.map(lambda begin: search(queries[begin : begin + TOGETHER]), begins))
    for begin, hits in zip(begins, each, strict=True):
        hits["query"] += begin
    return np.concatenate([np.empty(0, HIT), *each])


def content(parts: tuple[Shelf | Tail, ...], counts: tuple[int, ...], version: int) -> tuple[Ids, Words]:
    """The ids in some parts that count at a version, ascending, and their shuffled words."""
    each = [part.content(count, version) for part, count in zip(parts, counts, strict=True)]
    if len(each) == 1:
        ids, words = each[0]
    else:
        ids, words = np.concatenate([ids for ids, _ in each]), np.concatenate([words for _, words in each])
    if np.all(ids[1:] > ids[:-1]):
        return ids, words
    order = np.argsort(ids, kind="stable")
    return ids[order], words[order]
