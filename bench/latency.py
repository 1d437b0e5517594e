"""How long one query takes, and how much of it is what else the machine does.

The clock alone interrupts a core 250 times a second: of queries of 40 µs one in a hundred, which is what a 99th percentile
tells. So beside the plain one, of all queries of five rounds, stand that of each query's middle time of its five, and that
of a digest, which takes as long and searches nothing. Of flat pictures' hashes (PDQ's quality below 50) there may be
thousands that resemble each other, and what finds thousands takes as long as to list them; so those that are not flat are
also told by themselves.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

PATIENCE = 2.0  # seconds spent on one measurement
MOST = 5000  # queries
ROUNDS = 5
BEFORE = 500  # queries that are asked first and do not count
ENOUGH = 50  # quality: below it a picture is flat


@dataclass
class Latency:
    """Times of one query in seconds; None of pictures whose quality is not known."""

    p50: float = 0
    p99: float = 0
    p99_own: float = 0  # of the processor's time, without waiting for others who use it
    p99_middle: float = 0  # of each query's middle one of five
    p99_digest: float = 0  # of digests that take as long as a query in the middle
    p99_telling: float | None = None  # of pictures that are not flat
    p99_telling_middle: float | None = None


def repeated(act: Callable[[int], object], most: int) -> np.ndarray:
    """The times of one act after another, and those of the processor, n x 2, as long as there is patience; three at
    least.
    """
    times: list[tuple[float, float]] = []
    began = time.perf_counter()
    while len(times) < most and (len(times) < 3 or time.perf_counter() - began < PATIENCE):
        own, start = time.thread_time(), time.perf_counter()
        act(len(times))
        times.append((time.perf_counter() - start, time.thread_time() - own))
    return np.array(times)


def latency(one: Callable[[np.ndarray], object], queries: np.ndarray, quality: np.ndarray | None) -> Latency:
    """Of queries asked one by one, always in the same order: so each is asked again only after all others."""
    repeated(lambda turn: one(queries[turn : turn + 1]), BEFORE)
    rounds = [repeated(lambda turn: one(queries[turn : turn + 1]), MOST) for _ in range(ROUNDS)]
    count = min(map(len, rounds))
    times, own = np.array([each[:count] for each in rounds]).transpose(2, 0, 1)
    middle = np.median(times, axis=0)
    found = Latency(*np.percentile(times, [50, 99]).tolist(), _p99(own), _p99(middle))
    found.p99_digest = _of_digests(found.p50)
    if quality is not None:
        telling = quality[:count] >= ENOUGH
        found.p99_telling, found.p99_telling_middle = _p99(times[:, telling]), _p99(middle[telling])
    return found


def _of_digests(seconds: float) -> float:
    """The 99th percentile of digests of which the middle one takes about so many seconds."""
    million = bytes(10**6)
    each = np.median(repeated(lambda _: hashlib.sha256(million).digest(), 20)[:, 0]) / len(million)
    data = bytes(int(seconds / each))
    return _p99(repeated(lambda _: hashlib.sha256(data).digest(), MOST)[:, 0])


def _p99(times: np.ndarray) -> float:
    return float(np.percentile(times, 99)) if times.size else float("nan")
