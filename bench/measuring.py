"""One contender measured in a process of its own, that did nothing else and may not take more memory than is free."""

import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bench.contenders import RADIUS, Contender
from bench.latency import ENOUGH, PATIENCE, Latency, latency, repeated

REAL = Path.home() / ".cache" / "staydown-bench" / "real-hashes-2.npz"
MOST = 12 * 10**9  # bytes that a process may take to load a second index beside the first


@dataclass
class Figures:
    """Times in seconds, memory in bytes a hash; None: there is no such thing."""

    build: float = 0
    bytes_each: float = 0
    one: Latency = field(default_factory=Latency)
    rate_1: float = 0
    rate_2: float = 0
    add: float | None = None
    remove: float | None = None
    load: float | None = None
    recall: float = 0
    beyond: int = 0


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def available() -> int:
    """Bytes of memory nobody uses."""
    fields = dict(row.split(":") for row in Path("/proc/meminfo").read_text().splitlines())
    return int(fields["MemAvailable"].split()[0]) * 1024


def warm(size: int) -> None:
    """Touch so many bytes, and give them back: a virtual machine is only then given them by its host, which is slow, and
    which takes back what nobody uses for some seconds.
    """
    np.empty(int(min(size, 0.8 * available())), np.uint8)[::4096].fill(1)


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def rate(index: Contender, queries: np.ndarray, threads: int, one: float) -> float:
    """Queries a second in batches as large as patience allows; the best of three."""
    batch = queries[: int(np.clip(PATIENCE / 3 / one, 20, len(queries)))]
    return max(len(batch) / timed(lambda: index.many(batch, threads)) for _ in range(3))


def planted(known: np.ndarray, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Queries at every distance from 0 to 33, the ids they were made from, and the distances."""
    rng = np.random.default_rng(3)
    apart = np.repeat(np.arange(RADIUS + 3), each)
    ids = rng.integers(0, len(known), len(apart))
    flips = np.argsort(np.argsort(rng.random((len(apart), 256)), axis=1), axis=1) < apart[:, None]
    return known[ids] ^ np.packbits(flips, axis=1), ids, apart


def hashes(size: int, real: bool) -> tuple[np.ndarray, np.ndarray]:
    """So many known hashes, and others to look up: uniform random ones, or of real pictures."""
    if real:
        with np.load(REAL) as kept:
            return kept["known"][:size].copy(), kept["queries"]
    rng = np.random.default_rng(1)
    known = rng.integers(0, 256, (size, 32), dtype=np.uint8)
    return known, rng.integers(0, 256, (20_000, 32), dtype=np.uint8)


def qualities(size: int) -> tuple[np.ndarray, np.ndarray]:
    """PDQ's quality of so many known hashes of real pictures, and of those to look up."""
    with np.load(REAL) as kept:
        return kept["known_quality"][:size].copy(), kept["queries_quality"]


def flat(size: int) -> tuple[float, float]:
    """Which part of each is flat, 0 to 1."""
    known, asked = qualities(size)
    return float((known < ENOUGH).mean()), float((asked < ENOUGH).mean())


def measured(contender: type[Contender], size: int, real: bool) -> Figures:
    """Everything about one contender."""
    (known, fresh), quality = hashes(size, real), qualities(size)[1] if real else None
    contender(known[:1000]).one(fresh[:1])  # what is imported and started once
    warm(contender.taken * size)
    figures, before, start = Figures(), resident(), time.perf_counter()
    index = contender(known)
    figures.build = time.perf_counter() - start
    figures.bytes_each = (resident() - before) / size
    figures.one = latency(index.one, fresh, quality)
    figures.rate_1, figures.rate_2 = (rate(index, fresh, threads, figures.one.p50) for threads in (1, 2))
    _recall(index, known, 3 if real or figures.one.p50 > 0.001 else 30, figures)
    if 2 * resident() < min(available(), MOST):  # the second one is loaded beside the first
        with tempfile.TemporaryDirectory() as folder:
            index.save(Path(folder) / "index")
            figures.load = timed(lambda: index.load(Path(folder) / "index"))
    if index.add is not None:
        figures.add = _middle(lambda turn: index.add(size + turn, fresh[turn : turn + 1]), 3000)
    if index.remove is not None:
        figures.remove = _middle(lambda turn: index.remove(7 * turn), size // 8)
    return figures


def _middle(act: Callable[[int], object], most: int) -> float:
    return float(np.median(repeated(act, most)[:, 0]))


def _recall(index: Contender, known: np.ndarray, each: int, figures: Figures) -> None:
    """The share of planted hashes that are found at the right distance, and how many were beyond the radius."""
    queries, ids, apart = planted(known, each)
    place, found, near = index.many(queries, 2)
    right = set(place[(found == ids[place]) & (near == apart[place])].tolist())
    wanted = set(np.flatnonzero(apart <= RADIUS).tolist())
    figures.recall, figures.beyond = len(right & wanted) / len(wanted), len(right - wanted)


def _into(sender: Connection, act: Callable[..., object], *about: object) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (available(), available()))  # beyond it a MemoryError, and no killing
    sender.send(act(*about))


def apart[Found](act: Callable[..., Found], *about: object) -> Found | None:
    """What a process finds that did nothing else; None if it ended without an answer."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_into, args=(sender, act, *about))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        return None
    finally:
        process.join()
