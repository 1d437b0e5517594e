"""One query of the bench: a passage of a known film, edited, in a compilation of others; and what is found in it."""

import random
from dataclasses import dataclass
from typing import Any

from bench import film_stock as stock
from bench.film_edits import Edit
from bench.films import clip, encoded, joined, moving
from staydown.fingerprints import FilmShelf, Passage, footage, of_film

NEAR = 1.0  # seconds by which a passage may miss the clip and still be of it
_shelves: list[FilmShelf] = []


@dataclass(frozen=True)
class Tally:
    """What one query found. `starts` and `ends` say how many seconds the found passage begins and ends too late.

    `telling` is how many of the query's frames were not too flat to be compared.

    `wrong` are passages of other films, or of the right one elsewhere: what they were, to be looked at.
    """

    edit: str
    source: int
    turn: int
    clip: float
    lasts: float
    found: bool
    starts: float | None
    ends: float | None
    pairs: int
    telling: int
    wrong: list[dict[str, Any]]


def prepare(known: int) -> None:
    """Put so many known films on the shelf of this process."""
    _shelves[:] = [stock.shelf(known)]


def measured(task: tuple[int, int, str]) -> Tally:
    """One source under one edit, at a place and of a length drawn from the turn and both."""
    turn, source, name = task
    rng = random.Random(f"{turn} {source} {name}")  # noqa: S311 - not for secrets
    edit = stock.ALL[name]
    length = rng.uniform(edit.shortest, edit.longest)
    start = rng.uniform(0, stock.SECONDS - length)
    data, at, lasts = _query(source, name, edit, (start, start + length), rng)
    query = of_film(data)
    found = _shelves[0].search(query)
    mine, end = found.pop(source, []), at + length / edit.speed
    right = [each for each in mine if each.query_start < end + NEAR and each.query_end > at - NEAR]
    wrong = [(source, each) for each in mine if each not in right]
    wrong += [(film, each) for film, passages in found.items() for each in passages]
    return Tally(
        name, source, turn, length, lasts, bool(right),
        min(each.query_start for each in right) - at if right else None,
        max(each.query_end for each in right) - end if right else None,
        len(_shelves[0].films) - 1, int((query.frames.quality >= footage.ENOUGH).sum()),
        [_said(film, each) for film, each in wrong],
    )  # fmt: skip


def _said(film: int, passage: Passage) -> dict[str, Any]:
    return {"film": film, "words": passage.words, "nearest": passage.nearest, "agreeing": passage.agreeing}


def _query(
    source: int, name: str, edit: Edit, when: tuple[float, float], rng: random.Random
) -> tuple[bytes, float, float]:
    """A film with the edited clip in it, the second at which the clip begins, and how long all is."""
    inside = map(edit.change, clip(stock.known(source), *when, edit.speed))
    if edit.moving:
        return moving(inside, edit.moving), 0.0, when[1] - when[0]
    lasts = (when[1] - when[0]) / edit.speed
    numbers = rng.sample(stock.fillers(name), max(1, round((edit.around - lasts) / stock.FILLER_SECONDS)))
    parts, place = [stock.filler(number, name) for number in numbers], rng.randint(0, len(numbers))
    parts.insert(place, encoded(inside, edit.crf))
    data, begins = joined(parts)
    return data, begins[place], lasts + len(numbers) * stock.FILLER_SECONDS
