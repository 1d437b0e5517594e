"""What it would take to keep the hashes of flat pictures in an index of their own: docs/decisions/0024.

Both are built of the same hashes of real pictures, and asked in turns; where there are two segments, one search goes through
both, for a copy of a flat picture may be none and the other way round.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.contenders import RADIUS, Staydown
from bench.latency import ENOUGH
from bench.measuring import hashes, qualities, warm
from staydown.matching import Index
from staydown.matching.snapshot import Snapshot
from staydown.matching.types import as_fingerprints

ROUNDS = 5
ASKED = 5000
PERCENTILES = (50, 99, 99.9)


@dataclass
class Ways:
    """By way of keeping, then by what is looked up: microseconds of each query's middle time, at `PERCENTILES`."""

    times: dict[str, dict[str, list[float]]]

    def rows(self) -> list[str]:
        """All of it in Markdown."""
        told = [
            f"| {name} | {' | '.join(' / '.join(f'{value:.1f}' for value in each) for each in kinds.values())} |"
            for name, kinds in self.times.items()
        ]
        return [
            "Each query's middle time of five, in µs, at p50 / p99 / p99.9 (docs/decisions/0024):", "",
            "| flat ones | all that is looked up | what is not flat | what is flat |", "|---" * 4 + "|", *told, "",
        ]  # fmt: skip


def measured(size: int) -> Ways:
    """Both ways, side by side, of so many hashes of real pictures."""
    (known, asked), (of_known, of_asked) = hashes(size, real=True), qualities(size)
    asked, flat = asked[:ASKED], of_asked[:ASKED] < ENOUGH
    warm(2 * Staydown.taken * size)
    together = Staydown(known)
    telling, flat_ones = Staydown(known[of_known >= ENOUGH]), Staydown(known[of_known < ENOUGH])
    ways: dict[str, Callable[[np.ndarray], object]] = {
        "in the one index": together.one,
        "in a segment of their own": _segments(telling.index, flat_ones.index),
    }
    rounds: dict[str, list[list[float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, ask in ways.items():
            rounds[name].append([_taken(ask, asked[place : place + 1]) for place in range(len(asked))])
    kinds = {"all": np.full(len(asked), True), "telling": ~flat, "flat": flat}
    middle = {name: 1e6 * np.median(each, axis=0) for name, each in rounds.items()}
    return Ways(
        {name: {kind: np.percentile(each[some], PERCENTILES).tolist() for kind, some in kinds.items()}
         for name, each in middle.items()}
    )  # fmt: skip


def _segments(*indexes: Index) -> Callable[[np.ndarray], object]:
    """One search of what some indexes of one order hold, each in its own segment."""
    engine, shuffle = indexes[0]._engine, indexes[0]._shuffle
    for each in indexes:
        each.settle()
    now = [each._store.now for each in indexes]
    shelves = tuple(shelf for each in now for shelf in each.shelves)
    assert not any(len(tail) for each in now for tail in each.tails)
    both = Snapshot.of(engine, shelves, (), (sum(map(len, indexes)), max(each.version for each in now), 0))
    return lambda query: both.search(engine, shuffle, as_fingerprints(query), RADIUS)


def _taken(ask: Callable[[np.ndarray], object], query: np.ndarray) -> float:
    start = time.perf_counter()
    ask(query)
    return time.perf_counter() - start
