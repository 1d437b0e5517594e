"""The descriptor index for more rows than are quickly multiplied: a graph proposes, and the rows themselves decide.

A result is never wrong: every cosine is computed from the rows, as `Descriptors` does. But rows that the graph does not
propose are missing, so an answer that it gave says that it is not complete. `python -m bench.descriptors_at_scale`
measures how many. Below `FROM` rows, without the library, and while the graph is still growing, every row is looked at.
"""

import threading

import numpy as np
import numpy.typing as npt

from staydown.matching import aside
from staydown.matching.cosines import Part, Similar, Wanted, found
from staydown.matching.descriptors import DescriptorChanges, Descriptors, Snapshot
from staydown.matching.graph import Graph, library
from staydown.matching.rows import as_levels
from staydown.matching.types import Rows
from staydown.matching.writing import Writing

FROM = 50_000  # rows from which on the graph is asked
TAIL = 1024  # rows that are quicker looked through than taken into the graph
AT_ONCE = 32  # rows taken in while searches wait
GONE = 0.5  # of what was proposed for a query: beyond it, what is there may lie behind what is not


class ApproximateDescriptors:
    """As `Descriptors`, and found by a graph where there are many. One writer at a time, any number of readers.

    What was added before a search began is looked at though the graph may not have it yet, and what was removed is not
    found though the graph may propose it.
    """

    def __init__(self) -> None:
        self._exact = Descriptors()
        self._graph: Graph | None = None
        self._growing: threading.Thread | None = None
        self._tidying = Writing()
        self._using = (
            Writing()
        )  # of every graph: who holds `_tidying` may make a graph, but no lock, for a fork waits for it

    def __len__(self) -> int:
        return len(self._exact)

    @property
    def generation(self) -> int:
        """The generation of the last changes applied; 0 before any."""
        return self._exact.generation

    @property
    def nbytes(self) -> int:
        """The memory its rows, ids and graph are in."""
        graph = self._graph
        return self._exact.nbytes + (graph.nbytes if graph else 0)

    def add(self, ids: npt.ArrayLike, levels: npt.ArrayLike) -> None:
        """As `Descriptors.add`."""
        self._exact.add(ids, levels)
        self._tidy()

    def remove(self, ids: npt.ArrayLike) -> None:
        """As `Descriptors.remove`."""
        self._exact.remove(ids)
        self._tidy()

    def apply(self, changes: DescriptorChanges, generation: int) -> None:
        """As `Descriptors.apply`."""
        self._exact.apply(changes, generation)
        self._tidy()

    def search(self, levels: npt.ArrayLike, at_least: float) -> Similar:
        """As `Descriptors.search`; where the graph was asked, the answer is not `complete`, and only some of it is there.

        Then it is at least what is similar enough among the `graph.PROPOSED` rows that the graph holds for the most
        similar to each query, and among the rows that it does not have yet.
        """
        asked, graph = as_levels(levels), self._graph
        if graph is None or not len(asked):
            return self._exact.search(asked, at_least)
        proposed, reach = graph.near(asked)
        now = self._exact.now  # read after the graph: it has all the rows that the graph was given
        parts = _parts(now, proposed, reach) if graph.is_of(now.blocks) else None
        if parts is None:
            return self._exact.search(asked, at_least)
        return found(parts, Wanted.of(asked, at_least, now.version), now.generation, complete=False)

    def settle(self) -> None:
        """Wait until the graph has what it should have."""
        while (under_way := self._busy()) is not None:
            under_way.join()

    def _busy(self) -> threading.Thread | None:
        """What takes rows into the graph now. After a fork the child has none: threads stay with the parent."""
        return self._growing if self._growing is not None and self._growing.is_alive() else None

    def _tidy(self) -> None:
        """Begin to take rows into the graph, aside, if there are enough of them and it is not being done."""
        with self._tidying:
            if self._busy() is None and self._wanted():
                self._growing = aside.begin(self._grow, "graph")  # it waits for the lock that is held here

    def _wanted(self) -> bool:
        now, graph = self._exact.now, self._graph
        if graph is not None and (now.alive < FROM or not graph.is_of(now.blocks)):
            self._graph = graph = None
        return now.alive >= FROM and now.blocks.count - (graph.reach if graph else 0) >= TAIL and library() is not None

    def _grow(self) -> None:
        """Take rows in as long as there are enough, while others search and change the index."""
        growing = None
        try:
            while not aside.ending.is_set() and (growing := self._next(growing)):
                _take_in(growing, self._exact.now)
        except BaseException:
            self._growing = None  # searches are right without the graph; the next change tries again
            raise

    def _next(self, growing: Graph | None) -> Graph | None:
        """The graph to grow further, which is shown once it has nearly all; None when there is nothing to do."""
        with self._tidying:
            now = self._exact.now
            if growing is not None and growing.is_of(now.blocks) and now.blocks.count - growing.reach < TAIL:
                self._graph = growing
            if not self._wanted():
                self._growing = None
                return None
            here = growing or self._graph
            return here if here is not None and here.is_of(now.blocks) else Graph(now.blocks, self._using)


def _take_in(graph: Graph, now: Snapshot) -> None:
    """The next rows, but for those that are gone."""
    if not graph.is_of(now.blocks):
        return
    places = np.arange(graph.reach, min(graph.reach + AT_ONCE, now.blocks.count))
    rows = now.blocks.at(places)
    there = rows.ended > now.version
    graph.add(places[there], rows.levels[there], graph.reach + len(places))


def _parts(now: Snapshot, proposed: list[Rows], reach: int) -> list[Part] | None:
    """The rows that were proposed, and those that the graph does not have; None where it had better not be asked."""
    places = np.unique(np.concatenate(proposed))
    rows = now.blocks.at(places)
    gone = places[rows.ended <= now.version]
    if any(np.isin(some, gone).sum() > GONE * len(some) for some in proposed):
        return None
    return [(rows, 0, len(places)), *now.blocks.after(reach)]
