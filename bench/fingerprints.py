"""`make bench-fingerprints`: what the copy detector finds and what it costs, written to bench/results/fingerprints.md."""

import argparse
import io
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from bench import descriptors, faithful, gallery, photographs, report, run, speed
from bench.gallery import Picture
from bench.recall import Bank, Tally
from staydown import fingerprints

RESULTS = Path(__file__).parent / "results" / "fingerprints.md"
RAW = photographs.CACHE / "tallies.jsonl"
PARTS = photographs.CACHE / "page"
VERIFIED = photographs.CACHE / "verified.jsonl"
DRAWN = 1000  # pictures that nothing proposes, verified with each upload
ORDER = ("recall", "verified", "speed", "faithful", "descriptors")


def bench(
    recall_seconds: float,
    speed_seconds: float,
    faithful_seconds: float,
    processes: int,
    only: tuple[str, ...],
    on: bool,
    first_pass: int,
) -> None:
    """Measure what was asked, and write the page of it and of what was measured before.

    Speed wants a machine that has nothing else to do; the other parts only take longer on one that has.
    """
    pictures = [picture for picture in gallery.pictures() if picture.is_measured]
    kept = run.prepared(pictures, processes)
    works: dict[str, Callable[[], list[str]]] = {
        "speed": lambda: _raced(pictures, Bank(pictures, kept), speed_seconds),
        "faithful": lambda: faithful.section(faithful.measured(pictures, faithful_seconds)),
        "recall": lambda: _recalled(
            pictures, run.tallied(pictures, kept, recall_seconds, processes, RAW, on, first_pass), on, first_pass
        ),
        "verified": lambda: report.verified(
            run.tallied(pictures, kept, recall_seconds, processes, VERIFIED, on, first_pass, DRAWN), first_pass, DRAWN
        ),
        "descriptors": lambda: [*descriptors.descriptors_section().splitlines(), ""],
    }
    PARTS.mkdir(exist_ok=True)
    for name, work in works.items():
        if name in only:
            _say(name)
            (PARTS / f"{name}.md").write_text("\n".join(_measured(work)))
    _page(pictures)


def _measured(work: Callable[[], list[str]]) -> list[str]:
    """The lines of a part, with when and under what load it was measured below its title."""
    started, load, begun = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), _load(), time.monotonic()
    lines = work()
    title = next(place for place, line in enumerate(lines) if line.startswith("#"))
    facts = report.Facts(started, load, _load(), time.monotonic() - begun)
    return [*lines[: title + 1], "", str(facts), *lines[title + 1 :]]


def _recalled(pictures: list[Picture], tallies: list[Tally], on: bool, first: int) -> list[str]:
    lines = [*report.recalled(pictures, tallies), *report.wrong(tallies)]
    begun = f"The uploads are those of the passes from {first} of {run.PASSES} on (`bench/run.py`)."
    if on:
        begun += " This run went on: those of earlier ones, whose evidence was written down, are among those counted."
    return [*lines[:2], begun, "", *lines[2:]]


def _raced(pictures: list[Picture], bank: Bank, seconds: float) -> list[str]:
    return report.raced(speed.contests(_photograph(pictures), bank, seconds), _steps(pictures, bank))


def _page(pictures: list[Picture]) -> None:
    parts = [(PARTS / f"{name}.md").read_text() for name in ORDER if (PARTS / f"{name}.md").exists()]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join([*report.head(_machine(), pictures), *parts]).rstrip() + "\n")


def _photograph(pictures: list[Picture]) -> Image.Image:
    """The largest photograph in the packages, for the files on which speed is measured."""
    largest = max(
        (data for name, data in photographs.found() if not photographs.is_drawn(name)),
        key=lambda data: _pixels(data),
    )
    return Image.open(io.BytesIO(largest)).convert("RGB")


def _pixels(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.width * picture.height


def _steps(pictures: list[Picture], bank: Bank) -> dict[str, float]:
    """Milliseconds of what comes after decoding, each a median over twenty uploads."""
    shelf = fingerprints.shelved(bank.windows)
    taken: dict[str, list[float]] = {}
    for place in range(0, len(pictures), max(1, len(pictures) // 20)):
        query = fingerprints.of_image(pictures[place].data)
        seen = fingerprints.of_image(
            pictures[place].data
        )  # another time, for of the first the windows are not made yet
        proposed = [found for found in fingerprints.search(shelf, seen) if found != place]
        works: dict[str, Callable[[], object]] = {
            "windows of an upload, once": lambda query=query: query.sight.looks,
            f"search among {len(bank.windows)} entries": lambda query=query: fingerprints.search(shelf, query),
            "verify a candidate": lambda query=query, some=proposed: fingerprints.verify(query, bank.windows[some[0]]),
            "verify a picture that nothing proposed": lambda query=query, place=place: fingerprints.verify(
                query, bank.windows[place - 1]
            ),
        }
        for name, work in works.items():
            if name == "verify a candidate" and not proposed:
                continue
            begun = time.perf_counter()
            work()
            taken.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def _load() -> str:
    return " ".join(f"{part:.1f}" for part in os.getloadavg())


def _machine() -> str:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return f"{os.cpu_count()} cores ({names[0] if names else platform.machine()}), Python {platform.python_version()}"


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S', time.gmtime())} {what}", flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--recall-seconds", type=float, default=1800)
    asked.add_argument("--speed-seconds", type=float, default=180)
    asked.add_argument("--faithful-seconds", type=float, default=180)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument(
        "--only", default=",".join(ORDER), help=f"of {', '.join(ORDER)}; the page keeps the others' last"
    )
    asked.add_argument("--on", action="store_true", help="recall goes on where it was stopped, if the code is the same")
    asked.add_argument(
        "--first-pass", type=int, default=1, choices=range(1, run.PASSES + 1), help="of the twelve of recall"
    )
    given = vars(asked.parse_args())
    bench(**given | {"only": tuple(given["only"].split(","))})
