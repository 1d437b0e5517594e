"""What only Staydown's index is measured for: engines, opening, joins, sweeps, and how far it is from the memory's limit.

One index of each size is stored, sealed, opened and attached to; every engine looks into the same memory.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from contenders import RADIUS

from staydown.matching import Index, kernel
from staydown.vault import indexes
from staydown.vault.segments import Sealed

ORDER = np.random.default_rng(9).permutation(256).astype(np.uint8)
FEWER = 2000  # queries an engine is timed with
LINE = 64  # bytes the memory hands out at once


def sealed(folder: str) -> Sealed:
    return Sealed(Path(folder) / "bench.segment", "bench", bytes(32))


def attach(folder: str) -> None:
    """What a second process does; prints how long it took."""
    start = time.perf_counter()
    found = indexes.opened(sealed(folder), ORDER)
    print(time.perf_counter() - start, found.attached)


def table(known: np.ndarray, fresh: np.ndarray) -> list[str]:
    """Everything about one size, in Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        storing = _stored(folder, known)
        start = time.perf_counter()
        opened = indexes.opened(sealed(folder), ORDER)
        cold = time.perf_counter() - start
        command = [sys.executable, "-c", f"import ours; ours.attach({folder!r})"]
        said = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
        seconds, attached = said.stdout.split()
        size = sealed(folder).path.stat().st_size / len(known)
    assert attached == "True"
    rows = [
        "| storing, sealed | bytes/hash on disk | cold opening | attaching | locked in memory |",
        "|---|---|---|---|---|",
        f"| {storing:.2f} s | {size:.1f} | {cold:.2f} s | {1000 * float(seconds):.1f} ms | {opened.memory.locked} |",
        "",
    ]
    return [
        *rows,
        *_engines(opened, fresh),
        *_many(opened.index, known, fresh),
        *_limit(opened.index, len(known), fresh),
    ]


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


def _engines(opened: indexes.Opened, fresh: np.ndarray) -> list[str]:
    rows = ["| engine | one query p50 / p99 | queries/s, 1 thread |", "|---|---|---|"]
    for engine in kernel.engines():
        index = Index.over(opened.memory.bytes, permutation=ORDER, engine=engine)
        some = fresh[: FEWER if engine.name != "numpy" else 100]
        times = [_best(index, some[place : place + 1], 1) for place in range(len(some))]
        p50, p99 = 1e6 * np.percentile(times, [50, 99])
        rate = len(some) / _best(index, some)
        rows.append(f"| {engine.name} | {p50:.1f} µs / {p99:.1f} µs | {rate:,.0f} |")
    return [*rows, ""]


def _many(index: Index, known: np.ndarray, fresh: np.ndarray) -> list[str]:
    """A join of up to a million with the index, by one thread and by all; a sweep of the index for new entries."""
    rng, count = np.random.default_rng(7), min(1_000_000, len(known))
    asked = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    planted = rng.integers(0, len(known), count // 100)
    asked[: len(planted)] = known[planted] ^ np.packbits(np.arange(256) % 10 == 0)
    rows = ["| many at once | seconds | queries/s |", "|---|---|---|"]
    for threads in sorted({1, os.cpu_count() or 1}):
        start = time.perf_counter()
        found = index.join(asked, threads=threads)
        took = time.perf_counter() - start
        hit = np.unique(found.query[(found.query < len(planted)) & (found.distance == 26)])
        recall = len(hit) / len(planted)
        rows.append(
            f"| join of {count:,}, {threads} thread(s), recall {recall:.4g} | {took:.2f} | {count / took:,.0f} |"
        )
    for entries in (1, 1000):
        asked = np.repeat(fresh[:entries], 8, axis=0)
        took = _best(index, asked)
        rows.append(f"| sweep for {entries} new entries, 8 forms each | {took:.6f} | {len(asked) / took:,.0f} |")
    return [*rows, ""]


def _limit(index: Index, count: int, fresh: np.ndarray) -> list[str]:
    """The lines of memory a query must read, were they handed out as quickly as memory that is read in order."""
    lines = 272 * (2 * count / 65_536 / LINE + 1) + 16 * 13 + 2 * 1.076e-5 * count
    memory = np.ones(2**26, np.uint64)  # 512 MiB: in no cache
    second = memory.nbytes / min(_taken(lambda: memory.sum()) for _ in range(3))
    one, least = _best(index, fresh) / len(fresh), lines * LINE / second
    return [
        f"The limit: a query must read about {lines:,.0f} lines of {LINE} bytes. Read in order, this machine's memory gives"
        f" {second / 1e9:.1f} GB/s to one thread: {1e6 * least:.1f} µs. In batches a query takes {1e6 * one:.1f} µs,"
        f" {one / least:.2g} times that (the lines lie at random places; below a million hashes they lie in caches).",
        "",
    ]
