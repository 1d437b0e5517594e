"""`make bench-fingerprints`: what the copy detector finds and what it costs, written to bench/results/fingerprints.md."""

import argparse
import importlib
import io
import os
import platform
import statistics
import time
from pathlib import Path

from PIL import Image

from bench import faithful, gallery, photographs, report, run, speed
from bench.gallery import Picture
from bench.recall import Bank
from staydown import fingerprints

RESULTS = Path(__file__).parent / "results" / "fingerprints.md"
RAW = photographs.CACHE / "tallies.jsonl"
SECTIONS = (("bench.descriptors", "descriptors_section"), ("bench.film", "film_section"))


def bench(
    recall_seconds: float, speed_seconds: float, faithful_seconds: float, processes: int, every: int, sections: int
) -> None:
    """Measure all, on a machine that should have nothing else to do, and write the page."""
    started, load = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), _load()
    pictures = [picture for picture in gallery.pictures() if picture.is_measured][::every]
    kept = run.prepared(pictures, processes)
    bank = Bank(pictures, kept)
    _say("speed")
    contests = speed.contests(_photograph(pictures), bank, speed_seconds)
    steps = _steps(pictures, bank)
    _say("faithfulness")
    faith = faithful.measured(pictures, faithful_seconds)
    _say("recall")
    begun = time.monotonic()
    tallies = run.tallied(pictures, kept, recall_seconds, processes, RAW)
    lasted = time.monotonic() - begun
    _say("the other sections")
    others = [section for named in SECTIONS for section in (_section(*named) if sections else [])]
    facts = report.Facts(_machine(), started, load, _load(), lasted)
    lines = [*report.head(facts, pictures, tallies), *report.recalled(tallies), *report.wrong(tallies)]
    lines += [*report.raced(contests, steps), *faithful.section(faith), *others]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines).rstrip() + "\n")


def _section(module: str, function: str) -> list[str]:
    """A section that another module of the bench writes, when it is there."""
    if not (Path(__file__).parent / f"{module.rpartition('.')[2]}.py").exists():
        return []
    return [getattr(importlib.import_module(module), function)(), ""]


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
        for name, work in (
            ("windows of an upload, once", lambda query=query: query.sight.looks),
            (f"search among {len(bank.windows)} entries", lambda query=query: fingerprints.search(shelf, query)),
            (
                "verify one candidate",
                lambda query=query, place=place: fingerprints.verify(query, bank.windows[place - 1]),
            ),
        ):
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
    asked.add_argument("--every", type=int, default=1, help="take only every so manyth picture, to try the bench out")
    asked.add_argument("--sections", type=int, default=1, help="0: without films and descriptors")
    bench(**vars(asked.parse_args()))
