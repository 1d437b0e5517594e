"""How much memory, how many cores and machines for how many pictures: `python -m bench.sizing` writes docs/sizing.md.

Every figure follows from one core's, of the largest row of Staydown that `make bench` measured
(bench/results/matching.md), and from what programs keep beside the index (bench/results/entries.md). Beyond what was
measured, memory and time are taken to grow as the number of rows does, which is what the buckets of the index do.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
PAGE = Path(__file__).parents[1] / "docs" / "sizing.md"
FORMS = 8  # orientations of an entry, and of an upload that is looked up
USABLE = 0.7  # of a machine's memory: the rest is the system's, and for a segment that is being replaced
MEMORY, CORES = 256, 32  # GB and cores of the machine in the examples
CATALOGUES = (10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000)
BANKS = (1_000_000, 10_000_000, 100_000_000)
LOOKED = 2  # forms of an upload for which every row is looked at, for candidates: as it is, and its negative
UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}


@dataclass(frozen=True, slots=True)
class Measured:
    """One core with one index of so many rows: bytes a row, queries a second, seconds to build it, and when it was."""

    rows: int
    bytes_each: float
    rate: float
    build: float
    said: str

    @classmethod
    def of(cls, page: str) -> "Measured":
        """The largest size of random hashes for which a page of results has a row of Staydown, by its columns' names."""
        found = {}
        for part in page.split("\n## ")[1:]:
            size = re.match(r"([\d,]+) hashes\n", part)
            head, row = (re.search(rf"^\| {name}.*$", part, re.MULTILINE) for name in ("index", r"\*\*staydown\*\*"))
            if size and head and row:
                found[int(size[1].replace(",", ""))] = dict(zip(cells(head[0]), cells(row[0]), strict=False))
        largest = max(found)
        row = found[largest]
        value, unit = row["build"].split()
        rate, each = (float(row[name].replace(",", "")) for name in ("queries/s, 1 thread", "bytes/hash"))
        return cls(largest, each, rate, float(value) * UNITS[unit], page.split("\n\n")[1].splitlines()[0])

    def gigabytes(self, rows: int) -> float:
        return rows * self.bytes_each / 1e9

    def seconds(self, rows: int) -> float:
        """One query of an index of so many rows, by one core."""
        return rows / self.rows / self.rate


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


@dataclass(frozen=True, slots=True)
class Beside:
    """Bytes in each program of an entry (by its fingerprint alone; with windows and descriptor) and of a picture's
    windows; and seconds of one core for one row, where all rows are looked at.
    """

    alone: int
    full: int
    windows: int
    scan: float

    @classmethod
    def of(cls, page: str) -> "Beside":
        """As a page of results says, by the names of its rows."""
        rows = dict(cells(line) for line in page.splitlines() if line.startswith("| "))
        names = "entry by fingerprint alone", "entry with windows and descriptor", "picture's windows"
        scan = re.search(r"([\d.]+) ns of one core a row", page)
        if scan is None:
            raise ValueError(page)
        return cls(*(int(rows[name].replace(",", "")) for name in names), float(scan[1]) * 1e-9)


@dataclass(frozen=True, slots=True)
class Need:
    """What one index takes: its rows are spread over `shards`, one on each machine."""

    rows: int
    memory: float  # GB
    shards: int
    query: float  # seconds, all shards at once, one core each

    @classmethod
    def of(cls, measured: Measured, rows: int) -> "Need":
        memory = measured.gigabytes(rows)
        shards = max(1, math.ceil(memory / (USABLE * MEMORY)))
        return cls(rows, memory, shards, measured.seconds(math.ceil(rows / shards)))


def time(seconds: float) -> str:
    unit = next((unit for unit, length in UNITS.items() if seconds >= length), "µs")
    return f"{seconds / UNITS[unit]:.3g} {unit}"


def table(*rows: tuple[str, ...]) -> list[str]:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    return [head, "|---" * len(rows[0]) + "|", *body]


def catalogue(measured: Measured, beside: Beside) -> list[str]:
    head = ("items", "memory", "machines, one copy", "two copies", "search for copies of one new entry", "of 1,000",
            "search for parts of one", "windows, in the worker")  # fmt: skip
    rows = []
    for items in CATALOGUES:
        need = Need.of(measured, items)
        copies, parts = FORMS * need.query, FORMS * items / need.shards * beside.scan
        rows.append((f"{items:,}", f"{need.memory:,.0f} GB", f"{need.shards}", f"{2 * need.shards}", time(copies),
                     time(1000 * copies / CORES), time(parts), f"{items * beside.windows / 1e9:,.0f} GB"))  # fmt: skip
    return table(head, *rows)


def banks(measured: Measured, beside: Beside) -> list[str]:
    head = ("entries", "memory", "machines, one copy", "search for matches", "for candidates", "checks/s of one copy",
            "beside it in each program, by fingerprint alone", "with windows and descriptor")  # fmt: skip
    rows = []
    for entries in BANKS:
        need = Need.of(measured, FORMS * entries)
        matches, candidates = FORMS * need.query, LOOKED * need.rows / need.shards * beside.scan
        more = (f"{entries * each / 1e9:,.0f} GB" for each in (beside.alone, beside.full))
        rows.append((f"{entries:,}", f"{need.memory:,.0f} GB", f"{need.shards}", time(matches), time(candidates),
                     f"{CORES / (matches + candidates):,.0f}", *more))  # fmt: skip
    return table(head, *rows)


def page(measured: Measured, beside: Beside) -> str:
    each, alone = measured.bytes_each, beside.alone
    lines = [
        "# Sizing", "",
        "Written by `python -m bench.sizing`, and compared with it by a test. It reads two pages that commands measured: "
        "`bench/results/matching.md` (`make bench`), where it says", "",
        f"> {measured.said}", "",
        "and `bench/results/entries.md` (`python -m bench.entries`).", "",
        f"Of the first, the row of {measured.rows:,} hashes: {each:.0f} bytes a row in memory, {measured.rate:,.0f} queries a "
        f"second and core, built in {measured.build:.1f} s. **Everything above that size is computed, not measured**: "
        f"memory and time grow as the number of rows. A machine in the tables has {MEMORY} GB, of which {USABLE:.0%} hold "
        f"rows, and {CORES} cores.", "",
        "## How each figure follows", "",
        f"- memory = rows x {each:.0f} bytes; a catalogue has one row for each picture (and one for each of its regions: "
        f"screens in it, frames round it; count those as items), a bank {FORMS} for each entry",
        f"- machines = memory / ({USABLE} x {MEMORY} GB), rounded up; a shard on each",
        f"- search for copies, for matches = {FORMS} forms x rows of a shard / {measured.rows:,} / {measured.rate:,.0f} s: all "
        "shards at once, one core each",
        f"- search for parts, for candidates = {FORMS} forms, of an upload {LOOKED}, x rows of a shard x "
        f"{beside.scan * 1e9:.2f} ns: what is further than 31 bits is worth a closer look, and is found by looking at every row",
        f"- of 1,000 new entries, checks/s: the same by {CORES} cores of each machine",
        "- beside it, windows: items or entries x the bytes of `bench/results/entries.md`", "",
        "## The catalogue: what a sweep searches", "", *catalogue(measured, beside), "",
        "The search alone; finding the rows in the database and writing the orders takes longer, and is done in batches. "
        "A second copy does not shorten a search; it answers while the first is started again.", "",
        "**Windows stay in one program.** What only a part of a picture tells is found by windows, which the worker keeps in "
        "its own memory. Where the last column does not fit, this version does not bear that catalogue, cluster or not.", "",
        "## The bank: what a check searches", "", *banks(measured, beside), "",
        "The index alone, without HTTP, the transaction, windows and descriptors. Candidates are what a check costs, at every "
        "size here: more shards than machines, a core each, shorten that as their number.", "",
        f"**Each entry's state stays in every program**, {alone:,} bytes and more of each: at 256 GB that is "
        f"{USABLE * MEMORY * 1e9 / alone / 1e6:.0f} million entries for one program of a machine, cluster or not. The shards "
        "bear 100 million; this version's programs around them do not yet.", "",
        "## The network", "",
        "With more than one machine a search waits for the slowest shard and for one call to it, which is not in these "
        "figures: measure yours. Many queries are sent together, 4,096 at a time.", "",
        "## What it costs", "",
        "We quote nobody's prices. With yours, for an index of R rows in c copies:", "",
        f"    machines   = c x ceil(R x {each:.0f} bytes / ({USABLE} x memory of a machine))",
        "    a month    = machines x (GB of a machine x your price of a GB + its cores x your price of a core)",
        f"    core time  = queries x R / {measured.rows:,} / {measured.rate:,.0f} seconds", "",
    ]  # fmt: skip
    return "\n".join(lines)


def written() -> str:
    """The page, of today's results."""
    matching, entries = ((RESULTS / name).read_text(encoding="utf-8") for name in ("matching.md", "entries.md"))
    return page(Measured.of(matching), Beside.of(entries))


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
