"""The writer's side of an index: what changes, where it goes, and when parts are put together."""

import os
import threading

import numpy as np

from staydown.matching import aside, merging
from staydown.matching.errors import AlreadyKnown, Misshapen, OutOfOrder, UnknownId
from staydown.matching.kernel import Engine
from staydown.matching.merging import Merge
from staydown.matching.names import LASTS
from staydown.matching.shelf import Shelf, Tail
from staydown.matching.snapshot import Snapshot
from staydown.matching.types import Changes, Ids, Rows, Words
from staydown.matching.writing import Writing


class Store:
    """`now` is what a search looks into: read it once, and keep to it."""

    def __init__(self, engine: Engine, begun: Shelf | None = None, generation: int = 0) -> None:
        """`begun`: what an opened segment holds, as of its generation."""
        self._engine = engine
        self._writing = Writing()
        self._merging: threading.Thread | None = None
        self._ended_since: list[Ids] = []  # since the merge under way began
        shelves, count = ((begun,), len(begun)) if begun else ((), 0)
        self.now = Snapshot.of(engine, shelves, (Tail(merging.SMALL),), (count, 0, generation))

    def change(self, changes: Changes, words: Words, generation: int | None) -> None:
        """Check everything, then write rows no reader looks at yet, then show them all by one assignment.

        `words` are the shuffled fingerprints of the changes, n x 4.
        """
        with self._writing:
            now = self.now
            if generation is not None and generation <= now.generation:
                raise OutOfOrder(generation)
            leaving = self._check(changes, words)
            version = now.version + 1
            shelf = self._shelf(changes.added, words) if len(words) > merging.SMALL else None
            begun = () if shelf or now.tails[-1].has_room(len(words)) else (Tail(merging.SMALL, now.version),)
            tails = (*now.tails, *begun)
            for part, entries in leaving:
                part.end(entries, version)
            if leaving and self._busy() is not None:
                self._ended_since.append(changes.removed)
            if shelf is None:
                tails[-1].add(changes.added, words)
            shelves = _by_size(*now.shelves, shelf) if shelf else now.shelves
            shelves, tails = _lasting(shelves, version), _lasting(tails, version)
            alive = now.alive + len(changes.added) - len(changes.removed)
            self.now = Snapshot.of(self._engine, shelves, tails, (alive, version, generation or now.generation))
            self._tidy()

    def settle(self) -> None:
        """Wait until nothing is being put together."""
        while (under_way := self._busy()) is not None:
            under_way.join()

    def _busy(self) -> threading.Thread | None:
        """What puts parts together now. After a fork the child has none: threads stay with the parent."""
        return self._merging if self._merging is not None and self._merging.is_alive() else None

    def _check(self, changes: Changes, words: Words) -> list[tuple[Shelf | Tail, Rows]]:
        """The entries that are to leave, by their parts. Raises what is wrong with the changes."""
        removed, added = changes.removed, changes.added
        if len(added) != len(words):
            raise Misshapen
        parts = [part for part in self.now.parts if len(part)]
        leaving = [(part, part.find(removed)) for part in parts] if len(removed) else []
        known = np.zeros(len(removed), np.bool_)
        for _, entries in leaving:
            known |= entries >= 0
        if not known.all():
            raise UnknownId(int(removed[~known][0]))
        if _some_twice(removed):
            raise UnknownId("the same id twice")
        staying = added[~np.isin(added, removed)] if len(removed) and len(added) else added
        for part in parts if len(staying) else ():
            if len(again := staying[part.find(staying) >= 0]):
                raise AlreadyKnown(int(again[0]))
        if _some_twice(added):
            raise AlreadyKnown("the same id twice")
        return [(part, here) for part, entries in leaving if len(here := entries[entries >= 0])]

    def _shelf(self, ids: Ids, words: Words) -> Shelf:
        """Many ids at once, on a shelf of their own."""
        if not np.all(ids[1:] > ids[:-1]):
            order = np.argsort(ids)
            ids, words = ids[order], words[order]
        shelf = Shelf.of(self._engine, ids, words, os.cpu_count() or 1)
        shelf.names = shelf.names.shown(self.now.version + 1)
        return shelf

    def _tidy(self) -> None:
        """Begin to put parts together aside, if it is worth it and not being done."""
        if self._busy() is None and merging.wanted(self.now):
            self._merging = aside.begin(self._merge, "merge")  # it waits for the lock that is held here

    def _merge(self) -> None:
        """Put parts together as long as it is worth it, while others search and change the index."""
        try:
            while not aside.ending.is_set() and (merge := self._next_merge()):
                ids, words = merge.content()
                self._show(merge, Shelf.of(self._engine, ids, words) if len(ids) else None)
        except BaseException:
            self._merging = None  # the parts are as they were, and searches right; the next change tries again
            raise

    def _next_merge(self) -> Merge | None:
        with self._writing:
            self._ended_since = []
            merge = merging.wanted(self.now)
            if merge is None:
                self._merging = None
            return merge

    def _end_what_ended(self, shelf: Shelf, version: int) -> None:
        shelf.names = shelf.names.shown(version)
        for ids in self._ended_since:
            entries = shelf.find(ids)  # those of ids that were added since are elsewhere, and not found
            shelf.end(entries[entries >= 0], version)

    def _show(self, merge: Merge, shelf: Shelf | None) -> None:
        """Show the merged shelf in the place of its parts, without what was removed since."""
        with self._writing:
            now = self.now
            if shelf:
                self._end_what_ended(shelf, now.version)
            merged = {id(each.part) for each in merge.parts}  # its rows: the names may have been renewed since
            shelves = [each for each in now.shelves if id(each.part) not in merged]
            tails = tuple(each for each in now.tails if id(each.part) not in merged)
            kept = _by_size(*shelves, shelf) if shelf else tuple(shelves)
            self.now = Snapshot.of(self._engine, kept, tails, (now.alive, now.version, now.generation))


def _some_twice(ids: Ids) -> bool:
    if len(ids) < 2 or np.all(ids[1:] > ids[:-1]):
        return False
    ascending = np.sort(ids)
    return bool(np.any(ascending[1:] == ascending[:-1]))


def _lasting[Kind: (Shelf, Tail)](parts: tuple[Kind, ...], version: int) -> tuple[Kind, ...]:
    """The parts, in which the next version can be written."""
    return tuple(part.renewed(version) if version - part.names.since >= LASTS else part for part in parts)


def _by_size(*shelves: Shelf) -> tuple[Shelf, ...]:
    return tuple(sorted(shelves, key=len, reverse=True))
