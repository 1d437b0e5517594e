"""`make bench-films`: passages of films found in other films, how exactly, and at what cost beside PyPI `vpdq`.

Every query's tally is appended to a file as a line of JSON; a run that was interrupted, or that is asked to go on,
continues behind the last of them while the code is the same.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from typing import Any

from bench import film_report, film_speed, film_traps
from bench import film_stock as stock
from bench.film_edits import EDITS, UNLISTED
from bench.film_queries import Tally, measured, prepare

FRESH = get_context("spawn")  # a fork would take over locks that this process's sandbox holds just then
TOGETHER = 8  # queries handed out at a time; the clock is looked at in between


def tasks(known: int) -> Iterator[tuple[int, int, str]]:
    """Turn, source and edit, without end: every third turn is of the edits that nobody was told of."""
    for turn in count():
        for place, name in enumerate(EDITS if turn % 3 != 2 else UNLISTED):
            yield turn, (turn * 7 + place * 11) % known, name


def run(seconds: float, processes: int, known: int, speeds_again: bool) -> None:
    """Make the films that are not there, then seek until the time is over; then write down what was found.

    `speeds_again` seeks nothing: the page stands, but for its speeds, which are measured once more.
    """
    began, raw = film_report.now(), stock.here("tallies.jsonl")
    if speeds_again:
        film_report.write_speeds(film_speed.measured(), began)
        return
    raw.touch()
    with ProcessPoolExecutor(processes, FRESH) as pool:
        list(pool.map(stock.fingerprints, range(known)))
    ends = time.monotonic() + seconds
    speeds = _once("speeds.json", lambda: list(map(dataclasses.asdict, film_speed.measured())))
    traps = _once("traps.json", film_traps.measured)
    with ProcessPoolExecutor(processes, FRESH, initializer=prepare, initargs=(known,)) as pool, raw.open("a") as lines:
        todo = islice(tasks(known), len(raw.read_text().splitlines()), None)
        over = False
        while not over:
            for tally in pool.map(measured, islice(todo, TOGETHER)):
                lines.write(json.dumps(dataclasses.asdict(tally)) + "\n")
                lines.flush()
            over = time.monotonic() > ends
    found = [Tally(**json.loads(line)) for line in raw.read_text().splitlines()]
    film_report.write(found, traps, [film_speed.Speeds(**each) for each in speeds], began)


def _once(name: str, measure: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What was measured of this state of the code, now or in a run before."""
    found: list[dict[str, Any]] = json.loads(stock.kept(stock.here(name), lambda: json.dumps(measure()).encode()))
    return found


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=900, help="for all but making films, once, 6 minutes")
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--known", type=int, default=stock.KNOWN, help="films that are known, at most 60")
    asked.add_argument("--speeds-again", action="store_true", help="measure the speeds once more, and nothing else")
    run(**vars(asked.parse_args()))
