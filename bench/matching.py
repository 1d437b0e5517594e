"""Staydown's matching side by side with what else one could install, in one run: `make bench-matching`.

Each contender is measured in a process of its own (`measuring.py`), on the same uniform random hashes (whose searches
end soon for no index), and on as many of real pictures where `bench.real` wrote them. Queries for speed are of other
pictures, as nearly every upload is; those for recall were planted at each distance from 0 to 31. Then what only
Staydown is measured for (`ours.py`), and what was to be reached (`targets.py`). The page is written anew after each
step: what was measured stays when the run is stopped. Arguments: numbers of hashes, by default 100 thousand, 1 and 10 million.
"""

import os
import platform
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench import flat_apart, ours, targets
from bench.contenders import CONTENDERS, Contender, Flat, Staydown, ThreatExchange
from bench.flat_apart import Ways
from bench.latency import Latency
from bench.measuring import REAL, Figures, apart, flat, measured
from bench.ours import Own

RESULTS = Path(__file__).parent / "results" / "matching.md"


@dataclass
class Group:
    """What was measured of so many hashes, as far as the run came."""

    size: int
    real: bool = False
    figures: dict[str, Figures | None] = field(default_factory=dict)
    own: Own | Ways | None = None


def short(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    for unit, length in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


HEAD = (
    "| index | build | bytes/hash | one query p50 / p99 (of the processor's time; of each one's middle of five; of a digest "
    "as long) | queries/s, 1 thread | 2 threads | add one | remove one | load | recall | against the peer: latency, 1 thread, "
    "2 threads, build, add |"
)


def of_one(it: Latency) -> str:
    return f"{short(it.p50)} / {short(it.p99)} ({short(it.p99_own)}; {short(it.p99_middle)}; {short(it.p99_digest)})"


def line(name: str, it: Figures | None, peer: Figures | None) -> str:
    if it is None:
        return f"| {name} | ended without an answer " + "| " * 9 + "|"
    ratios = ""
    if peer is not None:
        pairs = (peer.one.p50 / it.one.p50, it.rate_1 / peer.rate_1, it.rate_2 / peer.rate_2, peer.build / it.build)
        ratios = ", ".join(f"{ratio:.3g} ×" for ratio in (*pairs, (peer.add or 0) / (it.add or 1)))
    cells = (
        name, short(it.build), f"{it.bytes_each:.0f}", of_one(it.one),
        f"{it.rate_1:,.0f}", f"{it.rate_2:,.0f}", short(it.add), short(it.remove), short(it.load),
        f"{it.recall:.4g}" + (f", {it.beyond} beyond the radius" if it.beyond else ""), ratios,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def chosen(group: Group) -> list[type[Contender]]:
    """Who is measured: all that are built in a sensible time."""
    tried = [Staydown, ThreatExchange, Flat] if group.real else CONTENDERS
    return [each for each in tried if group.size <= each.largest]


def table(group: Group) -> list[str]:
    """The rows of the page about one group."""
    peer = group.figures.get(ThreatExchange.name)
    title = f"## {group.size:,} hashes{' of real pictures, flat ones among them' if group.real else ''}"
    rows = [title, "", HEAD, "|---" * 11 + "|", *(line(*each, peer) for each in group.figures.items()), ""]
    left = [f"{each.name} (up to {each.largest:,})" for each in CONTENDERS if group.size > each.largest]
    if left and not group.real:
        rows += [f"Left out for the time they take to build: {', '.join(left)}.", ""]
    return [*rows, *(flatness(group) if group.real else []), *(group.own.rows() if group.own else [])]


def flatness(group: Group) -> list[str]:
    """How many are flat, and what a query takes that is not."""
    known, asked = flat(group.size)
    told = [
        f"{name} {short(it.one.p99_telling)} ({short(it.one.p99_telling_middle)})"
        for name, it in group.figures.items()
        if it is not None
    ]
    return [
        f"Flat (PDQ's quality below 50) are {known:.1%} of the known and {asked:.1%} of those looked up; every index holds and "
        f"finds them like all others. p99 (of each one's middle of five) of those looked up that are not: {', '.join(told)}.", "",
    ]  # fmt: skip


def machine() -> str:
    names = [each for each in Path("/proc/cpuinfo").read_text().splitlines() if each.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{len(names)} x {names[0].split(': ')[1]}, {memory:.0f} GB, {platform.system()}, Python {sys.version.split()[0]}"


@dataclass
class Page:
    """What is written so far."""

    groups: list[Group]
    began: float = field(default_factory=lambda: os.getloadavg()[0])
    start: float = field(default_factory=time.monotonic)

    def write(self, done: bool = False) -> None:
        """Write the page anew."""
        took = f"{(time.monotonic() - self.start) / 60:.0f} minutes"
        now = f"Measured to the end in {took}." if done else f"**Not measured to the end**: stopped after {took}."
        said = [
            "# Matching, side by side", "",
            f"{datetime.now(UTC):%Y-%m-%d}, {machine()}. Load average when it began {self.began:.1f}, now "
            f"{os.getloadavg()[0]:.1f}: above 2 others were working on the machine too, and all figures are worse for it. "
            f"{now}",
            "Made by `make bench-matching`; `bench/matching.py` says what each column is. Radius 31. Memory is what the "
            "process grew by, too coarse below a million; just before it builds, each process has touched as much as it will "
            "take (a virtual machine is only then given memory by its host, which takes longer than the building). "
            "`bench/latency.py` says why a p99 has four figures.", "",
            *targets.rows(self.groups), *(row for each in self.groups if each.figures for row in table(each)),
        ]  # fmt: skip
        RESULTS.write_text("\n".join(said).rstrip() + "\n")


def measure(group: Group, page: Page) -> None:
    """Measure a group, contender by contender."""
    for contender in chosen(group):
        group.figures[contender.name] = apart(measured, contender, group.size, group.real)
        print(
            group.size, "real" if group.real else "uniform", contender.name, group.figures[contender.name], flush=True
        )
        page.write()
    group.own = apart(flat_apart.measured if group.real else ours.measured, group.size)
    print(group.size, group.own, flush=True)
    page.write()


def main(sizes: list[int]) -> None:
    groups = [Group(size) for size in sizes]
    if REAL.exists():
        with np.load(REAL) as kept:
            there = len(kept["known"])
        groups += [Group(size, real=True) for size in sizes if size <= there]
    page = Page(groups)
    for group in groups:
        measure(group, page)
    page.write(done=True)


if __name__ == "__main__":
    main([int(each) for each in sys.argv[1:]] or [100_000, 1_000_000, 10_000_000])
