"""The result of a run as a page."""

import os
import platform
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.http_fresh import Fresh
from bench.http_rounds import ROUNDS, Asked

TIMES, IMAGES = 5, {"12 MP": 40, "1080p": 150}


@dataclass(frozen=True)
class Begun:
    """When, and what else the machine was doing."""

    at: str
    load: str

    @classmethod
    def now(cls) -> "Begun":
        return cls(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", " ".join(f"{part:.1f}" for part in os.getloadavg()))


@dataclass(frozen=True)
class Start:
    """What it takes a service to be ready: seconds to build and to load, bytes of all its processes."""

    name: str
    processes: int
    build: float
    ready: float
    memory: int


@dataclass(frozen=True)
class Found:
    hashes: list[Asked]
    images: dict[str, list[Asked]]
    starts: list[Start]
    fresh: Fresh
    bulk: dict[str, float]


def page(begun: Begun, bank: int, found: Found) -> str:
    """The whole page."""
    return (
        "\n".join([*_head(begun, bank), *_targets(bank, found), *_hashes(found), *_images(found), *_rest(found)]) + "\n"
    )


def _head(begun: Begun, bank: int) -> list[str]:
    return [
        "# Hash and image checks over HTTP", "",
        f"Written by `make bench-http`, begun {begun.at}; load average {begun.load} at the start,",
        f"{Begun.now().load} at the end; {_machine()}.", "",
        f"{bank:,} hashes banked in both services, one PDQ each, uniform random ones; what is looked up resembles none.",
        "Ours is the app program as `staydown serve` starts it, one process of four threads over SQLite, with the key looked",
        "up and the bank followed at every request. The peer is Meta's Hasher-Matcher-Actioner from its repository, tuned:",
        "two gunicorn workers, one thread for the index, its production settings, no index being built meanwhile; it has no",
        "keys, and its PostgreSQL's processors are not counted. *A core* is what the server's processes took of the",
        f"processors (sandboxed decoders included): checks a second if a core did nothing else, the median of {ROUNDS} rounds in",
        "turns. *By the clock* is with four clients, which share the machine.", "",
    ]  # fmt: skip


def _machine() -> str:
    told = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), Python {platform.python_version()}"


def _targets(bank: int, found: Found) -> list[str]:
    rows = [
        f"| {what} | {target} | {value} | {'yes' if met else '**no**'} |" for what, target, value, met in _rows(found)
    ]
    title = f"## What was to be reached at 1,000,000 hashes, here at {bank:,}"
    return [title, "", "| what | target | measured | reached |", "|---|---|---|---|", *rows, ""]


def _rows(found: Found) -> Iterator[tuple[str, str, str, bool]]:
    single, _, thousand, *peers = found.hashes
    if peers:
        for mine, what in ((single, "one a call"), (thousand, "1,000 a call")):
            ratio = mine.a_core / peers[0].a_core
            yield f"hash checks a core, {what}, against the peer", f"≥ {TIMES} ×", f"{ratio:.1f} ×", ratio >= TIMES
    for size, kinds in found.images.items():
        target = next(each for name, each in IMAGES.items() if size.startswith(name))
        rate = kinds[0].a_core
        yield (
            f"image checks a second and core, {size}, without descriptors",
            f"≥ {target}",
            f"{rate:.0f}",
            rate >= target,
        )
    fresh = found.fresh
    trials, behind = fresh.after_banking + fresh.after_withdrawal, fresh.missed + fresh.outlived
    yield f"answers of {fresh.processes} busy processes by a bank of before", "0", f"{behind} of {trials:,}", not behind


def _hashes(found: Found) -> list[str]:
    peer = found.hashes[3] if len(found.hashes) > 3 else None
    return ["## Hash checks", "", *_table(found.hashes, peer)]


def _images(found: Found) -> list[str]:
    lines = ["## Image checks", "",
        "Photographs as multipart. Ours are decoded in the sandbox, and looked for whole, in eight orientations, in parts and",
        "regions; each leaves its row, as every upload check does. The peer computes one PDQ. What bounds ours is the search for",
        "regions and windows, without which crops are missed; what it costs is told among the [speeds](fingerprints.md).", "",
    ]  # fmt: skip
    for size, kinds in found.images.items():
        lines += [f"### {size}", "", *_table(kinds, kinds[1] if len(kinds) > 1 else None)]
    return lines


def _table(kinds: list[Asked], peer: Asked | None) -> list[str]:
    top = ["| request | checks a second and core | × | ms of a core | by the clock, a second | answer p50 | p99 |"]
    return [*top, "|---" * 7 + "|", *(_row(each, peer) for each in kinds), ""]


def _row(kind: Asked, peer: Asked | None) -> str:
    half, most = np.percentile(kind.times, (50, 99))
    times = f"{kind.a_core / peer.a_core:.2f}" if peer else ""
    return (
        f"| {kind.name} | {kind.a_core:,.0f} | {times} | {statistics.median(kind.cost):.3g} | "
        f"{statistics.median(kind.rate):,.0f} | {half:.1f} ms | {most:.1f} ms |"
    )


def _rest(found: Found) -> list[str]:
    fresh, bulk = found.fresh, found.bulk
    lines = ["## Ready", "", "| service | processes | index built | ready after | memory |", "|---|---|---|---|---|"]
    for each in found.starts:
        build = f"{each.build:.0f} s" if each.build else "not needed"
        lines.append(
            f"| {each.name} | {each.processes} | {build} | {each.ready:.0f} s | {each.memory / 2**20:,.0f} MB |"
        )
    return [
        *lines, "",
        "## Never behind", "",
        f"{fresh.processes} app programs over one database, each asked without a pause ({fresh.others:,.0f} checks a second",
        "in all); another program banks a picture, as a decision does, and takes it back. After each commit the very next check",
        f"of each process was about it: of {fresh.after_banking:,} checks after a banking {fresh.missed} missed it, of",
        f"{fresh.after_withdrawal:,} after a withdrawal {fresh.outlived} still found it.", "",
        "## Sweeps and imports", "",
        f"- {bulk['posts']:,.0f} posts of a back catalogue imported and met by the whole bank:",
        f"  {bulk['posts'] / bulk['seconds']:,.0f} a second by the clock, {bulk['posts'] / bulk['own']:,.0f} a second and core.",
        f"- One entry sought among {bulk['catalogue']:,.0f} pictures registered, its copies told: {bulk['sweep'] * 1000:.1f} ms",
        f"  (median of {bulk['sweeps']:.0f}); the first of a process, which opens the index, {bulk['opening']:.1f} s.",
    ]  # fmt: skip
