"""What readers see: parts that are never moved while anyone may look at them, as of one version."""

from dataclasses import dataclass

import numpy as np

from staydown.matching.kernel import Engine, Ready
from staydown.matching.shelf import Shelf, Tail
from staydown.matching.shuffling import Shuffle
from staydown.matching.types import Bytes, Ids, Matches, Words


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
        return cls(shelves, tails, counts, engine.ready(parts, counts), *at)

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
        hits = engine.search(self.ready, shuffle, queries, radius)
        if not len(hits):
            return Matches.none()
        found = []
        for number, part in enumerate(self.parts):
            mine = hits[hits["part"] == number]
            if len(mine):
                places, ids = part.named(mine["row"].astype(np.int64), self.version)
                found.append((mine["query"][places], ids, mine["distance"][places]))
        query, ids, near = (np.concatenate(each) for each in zip(*found, strict=True))
        order = np.lexsort((ids, near, query))
        return Matches(query[order].astype(np.int64), ids[order], near[order])

    def content(self) -> tuple[Ids, Words]:
        """The ids that count, ascending, and their shuffled words."""
        return content(self.parts, self.counts, self.version)


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
