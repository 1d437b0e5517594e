"""The indexes that are compared: each is built of n x 32 uint8, and its ids are 0 to n - 1."""

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import ClassVar, Protocol

import numpy as np

from staydown.matching import Index, engine
from staydown.vault import indexes
from staydown.vault.segments import Sealed

RADIUS = 31
Found = tuple[np.ndarray, np.ndarray, np.ndarray]  # places of queries, ids, distances


class Contender(Protocol):
    """What is measured. `remove` is None where the library has nothing of the kind."""

    name: str
    largest: int  # hashes it is tried with: beyond, its building alone takes longer than all the rest
    taken: int  # bytes of memory a hash while it is built, about

    def __init__(self, known: np.ndarray) -> None: ...
    def one(self, query: np.ndarray) -> object: ...
    def many(self, queries: np.ndarray, threads: int) -> Found: ...
    def add(self, number: int, row: np.ndarray) -> None: ...
    def remove(self, number: int) -> None: ...
    def save(self, path: Path) -> None: ...
    def load(self, path: Path) -> object: ...


class Staydown:
    name = f"**staydown** ({engine()})"
    largest = 10**9
    taken = 200

    order = np.random.default_rng(9).permutation(256).astype(np.uint8)

    def __init__(self, known: np.ndarray) -> None:
        self.index = Index(RADIUS, permutation=self.order)
        self.index.add(np.arange(len(known)), known)

    def one(self, query: np.ndarray) -> object:
        return self.index.search(query)

    def many(self, queries: np.ndarray, threads: int) -> Found:
        shares = np.array_split(queries, threads)
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(self.index.search, shares))
        first = np.cumsum([0, *map(len, shares)])
        places = [each.query + first[share] for share, each in enumerate(found)]
        columns = places, [each.id for each in found], [each.distance for each in found]
        return tuple(map(np.concatenate, columns))

    def add(self, number: int, row: np.ndarray) -> None:
        self.index.add([number], row)

    def remove(self, number: int) -> None:
        self.index.remove([number])

    def save(self, path: Path) -> None:
        indexes.store(Sealed(path, "bench", bytes(32)), self.index)

    def load(self, path: Path) -> object:
        """Opened from the sealed file; a second call, while the first's memory is held, attaches to it."""
        return indexes.opened(Sealed(path, "bench", bytes(32)), self.order)


class ThreatExchange:
    """PDQIndex, the default of python-threatexchange and of Hasher-Matcher-Actioner. Batches: its inner index."""

    name = "threatexchange PDQIndex"
    largest = 10_000_000
    taken = 750

    def __init__(self, known: np.ndarray) -> None:
        from threatexchange.signal_type.pdq.pdq_index import PDQIndex

        _threads(1)
        self.index = PDQIndex((row.tobytes().hex(), place) for place, row in enumerate(known))

    def one(self, query: np.ndarray) -> object:
        return self.index.query(query.tobytes().hex())

    def many(self, queries: np.ndarray, threads: int) -> Found:
        _threads(threads)
        texts = [row.tobytes().hex() for row in queries]
        found = self.index.index.search_with_distance_in_result(texts, RADIUS)
        each = [(place, number, far) for place, text in enumerate(texts) for number, _, far in found[text]]
        columns = np.array(each, np.int64).reshape(-1, 3).T
        return columns[0], columns[1], columns[2]

    def add(self, number: int, row: np.ndarray) -> None:
        self.index.add(row.tobytes().hex(), number)

    remove = None

    def save(self, path: Path) -> None:
        with path.open("wb") as file:
            pickle.dump(self.index, file)

    def load(self, path: Path) -> object:
        return pickle.loads(path.read_bytes())  # noqa: S301 - written above


class Faiss:
    """What the faiss contenders share: ids are the places of the rows."""

    largest = 10_000_000
    taken = 40

    def one(self, query: np.ndarray) -> object:
        return self.index.range_search(query, RADIUS + 1)

    def many(self, queries: np.ndarray, threads: int) -> Found:
        _threads(threads)
        limits, distances, ids = self.index.range_search(queries, RADIUS + 1)
        return np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64))), ids, distances

    def add(self, number: int, row: np.ndarray) -> None:
        self.index.add(row)

    remove = None

    def save(self, path: Path) -> None:
        _faiss().write_index_binary(self.index, str(path))

    def load(self, path: Path) -> object:
        return _faiss().read_index_binary(str(path))


class Flat(Faiss):
    name = "faiss IndexBinaryFlat"

    def __init__(self, known: np.ndarray) -> None:
        _threads(1)
        self.index = _faiss().IndexBinaryFlat(256)
        self.index.add(known)


class MultiHash(Faiss):
    name = "faiss IndexBinaryMultiHash 16 x 16, 1 flip"
    taken = 400
    shape: ClassVar = (16, 16, 1)

    def __init__(self, known: np.ndarray) -> None:
        _threads(1)
        tables, bits, flips = self.shape
        self.index = _faiss().IndexBinaryMultiHash(256, tables, bits)
        self.index.nflip = flips
        self.index.add(known)


class WideMultiHash(MultiHash):
    """The best exact choice of faiss's parameters for this radius: 11 tables with 2 flips, 33 > 31."""

    name = "faiss IndexBinaryMultiHash 11 x 23, 2 flips"
    shape = (11, 23, 2)
    largest = 1_000_000
    taken = 1000


class Usearch:
    """A graph: approximate, and of the nearest ten only those within the radius count."""

    name = "usearch b1 hamming, ef 256 (approximate)"
    largest = 100_000
    taken = 400

    def __init__(self, known: np.ndarray) -> None:
        from usearch.index import Index as Graph

        self.index = Graph(ndim=256, dtype="b1", metric="hamming", expansion_search=256)
        self.index.add(np.arange(len(known)), known, threads=os.cpu_count() or 1)

    def one(self, query: np.ndarray) -> object:
        return self.index.search(query[0], 10)

    def many(self, queries: np.ndarray, threads: int) -> Found:
        found = self.index.search(queries, 10, threads=threads)
        near = found.distances <= RADIUS
        return np.nonzero(near)[0], found.keys[near], found.distances[near]

    def add(self, number: int, row: np.ndarray) -> None:
        self.index.add(number, row[0])

    def remove(self, number: int) -> None:
        self.index.remove(number)

    def save(self, path: Path) -> None:
        self.index.save(str(path))

    def load(self, path: Path) -> object:
        return type(self.index).restore(str(path))


def _faiss() -> ModuleType:
    """Imported where it is used: its memory and threads are no part of the others' figures."""
    import faiss

    return faiss


def _threads(count: int) -> None:
    _faiss().omp_set_num_threads(count)


CONTENDERS: list[type[Contender]] = [Staydown, ThreatExchange, Flat, MultiHash, WideMultiHash, Usearch]
