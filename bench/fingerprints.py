"""`make bench`: what the copy detector finds and what it costs, written to bench/results/fingerprints.md."""

import argparse
import pickle
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench import gallery, recall, report, speed
from bench.recall import Bank, Tally
from staydown.fingerprints import ImageFingerprints

RESULTS = Path(__file__).parent / "results" / "fingerprints.md"
RAW = gallery.CACHE / "tallies.pickle"
TRIED_WHILE_WRITING = 9  # every ninth picture, from the third, chose the thresholds, and is no source here

_pictures: list[bytes] = []
_bank: list[Bank] = []


def _prepare(pictures: list[bytes], known: list[ImageFingerprints]) -> None:
    _pictures.extend(pictures)
    _bank.append(Bank.of(known))


def _measure(source: int) -> list[Tally]:
    return recall.measured(source, _pictures, _bank[0])


def run(seconds: float, processes: int) -> None:
    """Edit and seek source after source until the time is over, then write the result."""
    gallery.fetch()
    both = gallery.gallery()
    pictures, known = [data for data, _ in both], [found for _, found in both]
    textured = [gallery.is_textured(found) for found in known]
    sources = [place for place in range(len(both)) if place % TRIED_WHILE_WRITING != 2]
    sources.sort(key=lambda place: (not textured[place], place * 37 % 101))
    tallies: list[Tally] = []
    used: list[int] = []
    ends = time.monotonic() + seconds
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(pictures, known)) as pool:
        for start in range(0, len(sources), 2 * processes):
            if time.monotonic() > ends:
                break
            some = sources[start : start + 2 * processes]
            for found in pool.map(_measure, some):
                tallies += found
            used += some
    speeds = speed.decoding(pictures[sources[0]]), speed.deciding(known[sources[0]], [each.windows for each in known])
    facts = report.Facts(len(both), sum(textured), [place for place in range(len(both)) if textured[place]], used)
    RAW.write_bytes(pickle.dumps((facts, tallies, speeds)))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(report.written(facts, tallies, *speeds))


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--processes", type=int, default=2)
    run(**vars(asked.parse_args()))
