"""Staydown's matching side by side with what else one could install, in one run: `make bench`.

Each contender is measured in a process of its own that may not take more memory than is free, on the same uniform
random hashes (whose searches end soon for no index), and on hashes of real pictures where `bench.real` wrote some.
Queries for speed are of other pictures, as nearly every upload is; those for recall were planted at each distance
from 0 to 31. Then what only Staydown is measured for (`ours.py`). Arguments: numbers of hashes, by default 100000 and
1000000.
"""

import multiprocessing
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import ours
from contenders import CONTENDERS, RADIUS, Contender, Flat, Staydown, ThreatExchange

RESULTS = Path(__file__).parent / "results" / "matching.md"
REAL = Path.home() / ".cache" / "staydown-bench" / "real-hashes.npz"
PATIENCE = 2.0  # seconds spent on one measurement


@dataclass
class Figures:
    """Times in seconds, memory in bytes a hash; None: there is no such thing."""

    build: float = 0
    bytes_each: float = 0
    p50: float = 0
    p99: float = 0
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


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def repeated(act: Callable[[int], object], most: int) -> list[float]:
    """The times of one act after another, as long as there is patience, at least three."""
    times: list[float] = []
    while len(times) < most and (len(times) < 3 or sum(times) < PATIENCE):
        times.append(timed(lambda: act(len(times))))
    return times


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


def hashes(size: int) -> tuple[np.ndarray, np.ndarray]:
    """So many known hashes, and others to look up; 0: those of real pictures."""
    if not size:
        with np.load(REAL) as real:
            return real["known"], real["queries"]
    rng = np.random.default_rng(1)
    known = rng.integers(0, 256, (size, 32), dtype=np.uint8)
    return known, rng.integers(0, 256, (20_000, 32), dtype=np.uint8)


def measured(contender: type[Contender], asked: int) -> Figures:
    known, fresh = hashes(asked)
    size = len(known)
    contender(known[:1000]).one(fresh[:1])  # what is imported and started once
    figures, before, start = Figures(), resident(), time.perf_counter()
    index = contender(known)
    figures.build = time.perf_counter() - start
    figures.bytes_each = (resident() - before) / size
    times = repeated(lambda turn: index.one(fresh[turn : turn + 1]), 5000)
    figures.p50, figures.p99 = np.percentile(times, [50, 99]).tolist()
    figures.rate_1 = rate(index, fresh, 1, figures.p50)
    figures.rate_2 = rate(index, fresh, 2, figures.p50)
    queries, ids, apart = planted(known, 30 if figures.p50 < 0.001 and asked else 3)
    place, found, near = index.many(queries, 2)
    right = set(place[(found == ids[place]) & (near == apart[place])].tolist())
    wanted = set(np.flatnonzero(apart <= RADIUS).tolist())
    figures.recall, figures.beyond = len(right & wanted) / len(wanted), len(right - wanted)
    if available() > 2 * resident():  # the second one is loaded beside the first
        with tempfile.TemporaryDirectory() as folder:
            index.save(Path(folder) / "index")
            figures.load = timed(lambda: index.load(Path(folder) / "index"))
    if index.add is not None:
        figures.add = float(np.median(repeated(lambda turn: index.add(size + turn, fresh[turn : turn + 1]), 3000)))
    if index.remove is not None:
        figures.remove = float(np.median(repeated(lambda turn: index.remove(7 * turn), size // 8)))
    return figures


def _into(sender: object, contender: type[Contender], size: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (available(), available()))  # beyond it a MemoryError, and no killing
    sender.send(asdict(measured(contender, size)))


def apart(contender: type[Contender], size: int) -> Figures | None:
    """The figures from a process that did nothing else; None if it ended without any."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_into, args=(sender, contender, size))
    process.start()
    sender.close()
    try:
        return Figures(**receiver.recv())
    except EOFError:
        return None
    finally:
        process.join()


def short(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, length in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


HEAD = (
    "| index | build | bytes/hash | one query p50 / p99 | queries/s, 1 thread | 2 threads | add one | remove one "
    "| load | recall | against the peer: latency, 1 thread, 2 threads, build, add |"
)


def line(name: str, it: Figures | None, peer: Figures | None) -> str:
    if it is None:
        return f"| {name} | ended without an answer " + "| " * 9 + "|"
    ratios = ""
    if peer is not None:
        pairs = (peer.p50 / it.p50, it.rate_1 / peer.rate_1, it.rate_2 / peer.rate_2, peer.build / it.build)
        ratios = ", ".join(f"{ratio:.3g} ×" for ratio in (*pairs, (peer.add or 0) / (it.add or 1)))
    cells = (
        name, short(it.build), f"{it.bytes_each:.0f}", f"{short(it.p50)} / {short(it.p99)}", f"{it.rate_1:,.0f}",
        f"{it.rate_2:,.0f}", short(it.add), short(it.remove), short(it.load),
        f"{it.recall:.4g}" + (f", {it.beyond} beyond the radius" if it.beyond else ""), ratios,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def table(size: int) -> list[str]:
    chosen = [each for each in CONTENDERS if size <= each.largest] if size else [Staydown, ThreatExchange, Flat]
    found = {}
    for contender in chosen:
        found[contender.name] = apart(contender, size)
        print(size, contender.name, found[contender.name], flush=True)
    peer = found.get("threatexchange PDQIndex")
    left = [f"{each.name} (up to {each.largest:,})" for each in CONTENDERS if size > each.largest]
    known, fresh = hashes(size)
    title = f"## {len(known):,} hashes{'' if size else ' of real pictures, flat ones among them'}"
    rows = [title, "", HEAD, "|---" * 11 + "|", *(line(*each, peer) for each in found.items()), ""]
    if left:
        rows += [f"Left out for the time they take to build: {', '.join(left)}.", ""]
    return [*rows, *ours.table(known, fresh)]


def machine() -> str:
    names = [each for each in Path("/proc/cpuinfo").read_text().splitlines() if each.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(names)} x {names[0].split(': ')[1]}, {memory:.0f} GB, {platform.system()}, Python {sys.version.split()[0]}"


def main(sizes: list[int]) -> None:
    began, tables = os.getloadavg()[0], []
    for size in [*sizes, 0] if REAL.exists() else sizes:
        tables += table(size)
        said = [
            "# Matching, side by side", "",
            f"{datetime.now(UTC):%Y-%m-%d}, {machine()}. Load average when it began {began:.1f}, now "
            f"{os.getloadavg()[0]:.1f}: above 2 others were working on the machine too, and all figures are worse for it.",
            "Made by `make bench`; what each column is, is written in `bench/matching.py`. Uniform random hashes, radius "
            "31. Memory is what the process grew by, too coarse below a million.", "", *tables,
        ]  # fmt: skip
        RESULTS.write_text("\n".join(said).rstrip() + "\n")


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [100_000, 1_000_000])
