"""What only Staydown's index is measured for: engines, opening, joins, sweeps, and how far it is from the memory's limit.

One index is stored, sealed, opened and attached to; every engine looks into the same memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.contenders import RADIUS
from bench.measuring import hashes, warm
from staydown.matching import Index, kernel
from staydown.vault import indexes
from staydown.vault.segments import Sealed

ORDER = np.random.default_rng(9).permutation(256).astype(np.uint8)
FEWER = 2000  # queries an engine is timed with
LINE = 64  # bytes the memory hands out at once
MANY = 1_000_000  # hashes joined with the index


@dataclass
class Engine:
    """One engine: seconds of one query, queries a second of a thread in a batch."""

    name: str
    p50: float
    p99: float
    rate: float


@dataclass
class Own:
    """Seconds, and bytes a hash."""

    storing: float = 0
    on_disk: float = 0
    in_memory: float = 0
    opening: float = 0
    attaching: float = 0
    locked: bool = False
    engines: list[Engine] = field(default_factory=list)
    asked: int = 0
    joins: dict[int, float] = field(default_factory=dict)  # by the number of threads
    recall: float = 0
    sweeps: dict[int, float] = field(default_factory=dict)  # by the number of new entries
    limit: str = ""

    def rows(self) -> list[str]:
        """All of it in Markdown."""
        engines = [
            f"| {each.name} | {1e6 * each.p50:.1f} µs / {1e6 * each.p99:.1f} µs | {each.rate:,.0f} |"
            for each in self.engines
        ]
        joins = [
            f"| join of {self.asked:,}, {threads} thread(s), recall {self.recall:.4g} | {took:.2f} | {self.asked / took:,.0f} |"
            for threads, took in self.joins.items()
        ]
        sweeps = [
            f"| sweep for {entries} new entries, 8 forms each | {took:.6f} | {8 * entries / took:,.0f} |"
            for entries, took in self.sweeps.items()
        ]
        return [
            "| storing, sealed | bytes/hash on disk | in memory | cold opening (file in the page cache) | attaching "
            "| locked in memory |",
            "|---" * 6 + "|",
            f"| {self.storing:.2f} s | {self.on_disk:.1f} | {self.in_memory:.1f} | {self.opening:.2f} s "
            f"| {1000 * self.attaching:.1f} ms | {self.locked} |",
            "", "| engine | one query p50 / p99 | queries/s, 1 thread |", "|---|---|---|", *engines,
            "", "| many at once | seconds | queries/s |", "|---|---|---|", *joins, *sweeps, "", self.limit, "",
        ]  # fmt: skip


def measured(size: int) -> Own:
    """Everything about one size, on uniform random hashes."""
    (known, fresh), own = hashes(size, real=False), Own()
    warm(200 * size)
    with tempfile.TemporaryDirectory() as folder:
        own.storing = _stored(folder, known)
        start = time.perf_counter()
        opened = indexes.opened(sealed(folder), ORDER)
        own.opening = time.perf_counter() - start
        own.attaching = _attached(folder)
        own.on_disk = sealed(folder).path.stat().st_size / size
    own.in_memory, own.locked = opened.index.nbytes / size, opened.memory.locked
    opened.index.search(fresh)  # pages are mapped as they are first looked at
    own.engines = [_engine(opened, each, fresh) for each in kernel.engines()]
    _join(opened.index, known, own)
    for entries in (1, 1000):
        asked = np.repeat(fresh[:entries], 8, axis=0)
        own.sweeps[entries] = _best(opened.index, asked)
    own.limit = _limit(opened.index, size, fresh)
    return own


def sealed(folder: str) -> Sealed:
    return Sealed(Path(folder) / "bench.segment", "bench", bytes(32))


def attach(folder: str) -> None:
    """What a second process does; prints how long it took."""
    start = time.perf_counter()
    found = indexes.opened(sealed(folder), ORDER)
    print(time.perf_counter() - start, found.attached)


def _attached(folder: str) -> float:
    command = [sys.executable, "-c", f"from bench import ours; ours.attach({folder!r})"]
    place = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}  # what was found from here is found from there
    said = subprocess.run(command, env=place, stdout=subprocess.PIPE, text=True, check=True)
    seconds, attached = said.stdout.split()
    assert attached == "True"
    return float(seconds)


def _stored(folder: str, known: np.ndarray) -> float:
    """The seconds it takes to store an index."""
    index = Index(RADIUS, permutation=ORDER)
    index.add(np.arange(len(known)), known)
    return _taken(lambda: indexes.store(sealed(folder), index))


def _taken(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _best(index: Index, queries: np.ndarray, tries: int = 3) -> float:
    """The seconds of a search, the best of some."""
    return min(_taken(lambda: index.search(queries)) for _ in range(tries))


def _engine(opened: indexes.Opened, engine: kernel.Engine, fresh: np.ndarray) -> Engine:
    index = Index.over(opened.memory.bytes, permutation=ORDER, engine=engine)
    some = fresh[: FEWER if engine.name != "numpy" else 100]
    index.search(some[:1])  # numba compiles what is first called
    times = [_best(index, some[place : place + 1], 1) for place in range(len(some))]
    p50, p99 = np.percentile(times, [50, 99]).tolist()
    return Engine(engine.name, p50, p99, len(some) / _best(index, some))


def _join(index: Index, known: np.ndarray, own: Own) -> None:
    """A million others, a hundredth of them planted, joined with the index, by one thread and by all."""
    rng = np.random.default_rng(7)
    own.asked = min(MANY, len(known))
    asked = rng.integers(0, 256, (own.asked, 32), dtype=np.uint8)
    planted = rng.integers(0, len(known), own.asked // 100)
    asked[: len(planted)] = known[planted] ^ np.packbits(np.arange(256) % 10 == 0)
    for threads in sorted({1, os.cpu_count() or 1}):
        start = time.perf_counter()
        found = index.join(asked, threads=threads)
        own.joins[threads] = time.perf_counter() - start
        hit = np.unique(found.query[(found.query < len(planted)) & (found.distance == 26)])
        own.recall = len(hit) / len(planted)


def _limit(index: Index, count: int, fresh: np.ndarray) -> str:
    """The lines of memory a query must read, were they handed out as quickly as memory that is read or copied in order."""
    lines = 272 * (2 * count / 65_536 / LINE + 1) + 16 * 13 + 2 * 1.076e-5 * count
    memory, other = np.ones(2**26, np.uint64), np.zeros(2**26, np.uint64)  # 512 MiB each: in no cache
    read = memory.nbytes / min(_taken(lambda: memory.sum()) for _ in range(3))
    copied = 2 * memory.nbytes / min(_taken(lambda: np.copyto(other, memory)) for _ in range(3))
    one, least = _best(index, fresh) / len(fresh), lines * LINE / max(read, copied)
    return (
        f"The limit: a query must read about {lines:,.0f} lines of {LINE} bytes. In order, this machine's memory gives one"
        f" thread {read / 1e9:.1f} GB/s read and {copied / 1e9:.1f} GB/s copied (both ways counted): {1e6 * least:.1f} µs"
        f" at the quicker. In batches a query takes {1e6 * one:.1f} µs, {one / least:.2g} times that (the lines lie at"
        " random places; below a million hashes they lie in caches)."
    )
