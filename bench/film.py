"""`make bench`: passages of films found in other films, how exactly, and at what cost beside PyPI `vpdq`."""

import argparse
import dataclasses
import pickle
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from bench import film_speed, gallery
from bench.films import EDITS, RATE, SHOTS, Edit, Film, Picture, encoded, moving
from staydown.fingerprints import FilmShelf, Passage, footage, of_film

RAW = gallery.CACHE / "films.pickle"
RESULTS = Path(__file__).parent / "results" / "film.md"
SECONDS = 64.0  # of a known film
SOURCES = 2 / 3  # of the films are known; the others are what compilations are filled with

_films: list[Film] = []
_shelves: list[FilmShelf] = []


@dataclass(frozen=True)
class Found:
    """One query's result: its edit, whether the source was found, how far off in seconds, and how many wrong."""

    edit: str
    clip: float
    found: bool
    off: float
    wrong: int
    pairs: int


def _pictures() -> list[bytes]:
    """JPEG bytes of pictures that are no copies of each other."""
    gallery.fetch()
    return [data for data, _ in gallery.gallery()]


def _prepare(films: list[Film], known: list[bytes]) -> None:
    _films.extend(films)
    _shelves.append(FilmShelf.of([footage.unpack(each) for each in known]))


def _known(film: Film) -> bytes:
    return footage.pack(of_film(encoded(film.frames(0, film.seconds))))


def _measure(task: tuple[int, str]) -> Found:
    """One source under one edit, at a place and of a length drawn from both."""
    source, name = task
    edit, rng = EDITS[name], np.random.default_rng([source, *name.encode()])
    clip = float(rng.uniform(edit.shortest, min(edit.longest, SECONDS)))
    start = float(rng.uniform(0, SECONDS - clip))
    data, at = _query(source, edit, start, clip, rng)
    found = _shelves[0].search(of_film(data))
    wrong = sum(film != source for film in found)
    mine = found.get(source, [])
    length = clip / edit.speed
    off = min((_off(each, at, at + length) for each in mine), default=float("nan"))
    hit = any(each.query_start < at + length + 1 and each.query_end > at - 1 for each in mine)
    return Found(name, clip, hit, off, wrong, len(_shelves[0].films) - 1)


def _off(passage: Passage, start: float, end: float) -> float:
    return max(abs(passage.query_start - start), abs(passage.query_end - end))


def _query(source: int, edit: Edit, start: float, clip: float, rng: np.random.Generator) -> tuple[bytes, float]:
    """A film with the edited clip in it, and the second at which the clip begins."""
    inside = map(edit.change, _films[source].frames(start, start + clip, edit.speed))
    if edit.moving:
        return moving(inside, edit.moving), 0.0
    around = edit.around - clip / edit.speed
    before = round(float(rng.uniform(0, around)) * RATE)
    filler = map(edit.change, _filler(rng))
    frames = (
        frame
        for part in (islice(filler, before), inside, islice(filler, round(around * RATE) - before))
        for frame in part
    )
    return encoded(frames, edit.size, edit.crf), before / RATE


def _filler(rng: np.random.Generator) -> Iterator[Picture]:
    """Passages of twelve seconds, of films that are not known."""
    unknown = _films[len(_shelves[0].films) :]
    while True:
        start = float(rng.uniform(0, SECONDS - 12))
        yield from unknown[rng.integers(len(unknown))].frames(start, start + 12)


def run(seconds: float, processes: int, known: int, each: int) -> None:
    """Make films, bank most of them, edit and seek until the time is over; then write down what was found."""
    pictures = _pictures()
    np.random.default_rng(8).shuffle(pictures)
    groups = [tuple(pictures[start : start + SHOTS]) for start in range(0, len(pictures) - SHOTS + 1, SHOTS)]
    films = [Film(group, seed, SECONDS) for seed, group in enumerate(groups)]
    count = min(known, int(len(films) * SOURCES))
    films = films[:count] + films[-max(1, len(films) - count) :]
    tasks = [(source, name) for source in range(min(each, count)) for name in EDITS]
    with ProcessPoolExecutor(processes) as pool:
        banked = list(pool.map(_known, films[:count]))
    ends = time.monotonic() + seconds
    found: list[Found] = []
    with ProcessPoolExecutor(processes, initializer=_prepare, initargs=(films, banked)) as pool:
        for start in range(0, len(tasks), len(EDITS)):
            if time.monotonic() > ends:
                break
            found += pool.map(_measure, tasks[start : start + len(EDITS)])
            _keep(found, None)
    _keep(found, film_speed.measured(films[0]))
    RESULTS.write_text(f"# Films\n\n{film_section()}")


def _keep(found: list[Found], speeds: film_speed.Speeds | None) -> None:
    plain = [dataclasses.asdict(each) for each in found]  # this module has another name when it is run
    RAW.write_bytes(pickle.dumps((plain, speeds)))


def film_section() -> str:
    """What the last run found, as Markdown; empty where there was none."""
    if not RAW.exists():
        return ""
    plain, speeds = pickle.loads(RAW.read_bytes())  # noqa: S301 - written by `run`
    found = [Found(**each) for each in plain]
    wrong, pairs = sum(each.wrong for each in found), sum(each.pairs for each in found)
    total = 100 * statistics.mean(each.found for each in found)
    text = (
        f"Clips of 3 to 60 seconds inside films of three minutes, made by a camera that pans and zooms over pictures; "
        f"{len(found)} queries against {found[0].pairs + 1} known films of {SECONDS:.0f} seconds. "
        f"Found: **{total:.1f} %**. Wrong coherent matches: **{wrong} in {pairs:,} pairs**.\n\n"
        "| what was done to the clip | queries | found | off by, median s |\n|---|---|---|---|\n"
    )
    for name in EDITS:
        some = [each for each in found if each.edit == name]
        if some:
            off = [each.off for each in some if each.found]
            share = 100 * statistics.mean(each.found for each in some)
            text += (
                f"| {name} | {len(some)} | {share:.0f} % | {statistics.median(off) if off else float('nan'):.2f} |\n"
            )
    return text + (film_speed.table(speeds) if speeds else "")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=900)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--known", type=int, default=60)
    asked.add_argument("--each", type=int, default=60, help="sources that each edit is tried on")
    run(**vars(asked.parse_args()))
