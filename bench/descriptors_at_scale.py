"""The exact search among descriptors beside the approximate one, on real descriptors and more like them.

`python -m bench.descriptors_at_scale [SIZES]` writes bench/results/descriptors.md. The first time it makes the real
descriptors (`bench.widened`: five minutes of a core).
"""

import os
import platform
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bench.measuring import resident
from bench.widened import Levels, Real, real, widened
from staydown.fingerprints import descriptor
from staydown.matching import ApproximateDescriptors, Descriptors, Similar, approximate, graph

RESULTS = Path(__file__).parent / "results" / "descriptors.md"
SIZES = (10_000, 100_000)  # a million takes an hour of one core
TRIED = 100  # uploads, one search each
MOST = 12  # entries that are verified for one upload
SEED = 11
Pairs = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class Side:
    """Seconds of the processor: building all, adding one, one search each; bytes a row; what each search found."""

    build: float
    add: float
    searches: list[float]
    bytes_each: float
    found: list[Similar]


def measured(index: Descriptors | ApproximateDescriptors, size: int, known: Real) -> Side:
    """One index of a size, built, searched, and one more added."""
    before, began = resident(), time.process_time()
    at = 0
    for levels in widened(shuffled(known.known), size):
        index.add(np.arange(at, at + len(levels)), levels)
        at += len(levels)
    if isinstance(index, ApproximateDescriptors):
        index.settle()
    build, taken = time.process_time() - began, resident() - before
    found, searches = [], []
    for levels in uploads(known):
        began = time.process_time()
        found.append(index.search(levels, descriptor.CANDIDATE))
        searches.append(time.process_time() - began)
    began = time.process_time()
    index.add([size], known.asked[:1])
    return Side(build, time.process_time() - began, searches, taken / size, found)


def shuffled(known: Levels) -> Levels:
    """In an order of its own, so that the first ten thousand are of all pictures."""
    return known[np.random.default_rng(SEED).permutation(len(known))]


def uploads(known: Real) -> list[Levels]:
    """The descriptors of each upload."""
    return [known.asked[known.upload == each] for each in range(TRIED)]


def pairs(found: Similar) -> Pairs:
    """The cosine of each query with each of what was found for it."""
    keys = zip(found.query.tolist(), found.id.tolist(), strict=True)
    return dict(zip(keys, found.similarity.tolist(), strict=True))


def entries(found: Similar) -> list[int]:
    """What was found for an upload, once each, the most similar first: as `banks.following` ranks it."""
    return list(dict.fromkeys(int(found.id[place]) for place in np.argsort(-found.similarity, kind="stable")))


def row(size: int, known: Real) -> tuple[str, str]:
    """The lines of a size in the tables of costs and of recall."""
    approximate.FROM = 0 if size < approximate.FROM else approximate.FROM  # small ones too are to be measured
    sides = [measured(each, size, known) for each in (Descriptors(), ApproximateDescriptors())]
    costs = "".join(_costs(size, name, side) for name, side in zip(("exact", "graph"), sides, strict=True))
    exact, other = sides
    assert all(each.complete for each in exact.found)
    assert not any(each.complete for each in other.found)
    wanted, told = ([pairs(each) for each in side.found] for side in sides)
    wrong = sum(not each.items() <= all_.items() for each, all_ in zip(told, wanted, strict=True))
    ranked, given = ([entries(each) for each in side.found] for side in sides)
    above = _share((len(each), len(all_)) for each, all_ in zip(told, wanted, strict=True))
    near = _share((len(set(some[:MOST]) & set(got)), len(some[:MOST])) for some, got in zip(ranked, given, strict=True))
    first = _share((int(some[0] in got), 1) for some, got in zip(ranked, given, strict=True) if some)
    middle = int(np.median([len(each) for each in wanted]))
    return costs, f"| {size:,} | {middle} | {above} | {near} | {first} | {wrong} |\n"


def _share(of: object) -> str:
    got, all_ = np.array(list(of)).sum(axis=0)  # type: ignore[call-overload]
    return f"{100 * got / all_:.2f} % of {all_:,}"


def _costs(size: int, name: str, side: Side) -> str:
    p50, p99 = (1000 * float(each) for each in np.percentile(side.searches, [50, 99]))
    return f"| {size:,} | {name} | {side.build:.1f} | {1000 * side.add:.2f} | {p50:.2f} | {p99:.2f} | {side.bytes_each:,.0f} |\n"


def main(sizes: tuple[int, ...]) -> None:
    """Measure, and write the page."""
    began, load, known = datetime.now(UTC), os.getloadavg()[0], real()
    rows = [row(size, known) for size in sizes]
    parts = np.bincount(known.upload)[:TRIED]
    lines = [
        "# Search among descriptors, exact and by a graph",
        "",
        f"Written by `python -m bench.descriptors_at_scale {' '.join(map(str, sizes))}`, {began:%Y-%m-%d}: {os.cpu_count()} x "
        f"{platform.machine()}, {graph.library()}, Python {platform.python_version()}. Load average {load:.1f} when it began, "
        f"{os.getloadavg()[0]:.1f} when it ended: others worked on the machine, so all times are those of the processor "
        f"(CLOCK_PROCESS_CPUTIME_ID), one thread. It took {(datetime.now(UTC) - began).seconds / 60:.0f} minutes.",
        "",
        f"**Real** are {len(known.known):,} descriptors: of {len(known.known) // 10:,} benign pictures the whole and nine crops "
        "each (a quarter to nine tenths of the area, every second one mirrored). Beyond that number they are widened: drawn "
        "at random with the mean and covariance of the real ones, turned towards a real one by a random share up to a half. "
        f"**Asked** are {TRIED} uploads: photographs among these pictures, each in one of the sixty edits, with its "
        f"{parts.min()} to {parts.max()} descriptors at once, as an upload check does, cosine {descriptor.CANDIDATE} or more.",
        "",
        "## What it costs",
        "",
        "| rows | by | build, s | add one, ms | search p50, ms | p99, ms | bytes a row |",
        "|---|---|---|---|---|---|---|",
        *"".join(costs for costs, _ in rows).splitlines(),
        "",
        "Build: with drawing the rows, the same for both. Adding one leaves it in the tail of the graph. Bytes: resident.",
        "",
        "## What the graph finds of it",
        "",
        f"| rows | found exactly for an upload, median | of all above the threshold | of the {MOST} nearest entries | "
        "of the nearest one | wrong |",
        "|---|---|---|---|---|---|",
        *"".join(recall for _, recall in rows).splitlines(),
        "",
        f"The graph proposes {graph.PROPOSED} rows for each descriptor, so where more are above the threshold the rest is "
        f"left out; of an upload at most {MOST} are verified. Wrong: searches in which the graph's answer has a row or a cosine "
        "that the exact one has not.",
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
