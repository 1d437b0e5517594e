"""What films that have nothing to do with each other share all the same, and whether it is taken for a passage."""

import random
from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any

from PIL import Image, ImageDraw

from bench import film_stock as stock
from bench.film_edits import story
from bench.films import Shot, clip, encoded, frames
from bench.scenes import SIZE, Picture, Scene, black, fixed, opened, rolling, texture, title
from staydown.fingerprints import of_film, passages

FILMS = 6  # for each trap; every two of them are compared, both ways
MORE = 40  # the first of the fillers that they are made of
Trap = Callable[[int, Iterator[Picture]], Iterator[Picture]]
"""The number of a film and its own frames -> its frames with what it shares."""


def _first(scene: Callable[[int], Scene], seconds: float = 4.0) -> Trap:
    """A scene put before the film."""

    def trap(number: int, own: Iterator[Picture]) -> Iterator[Picture]:
        yield from frames([Shot(scene(number), seconds, "cut")])
        yield from own

    return trap


def _same(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - not for secrets


def _own(number: int) -> random.Random:
    return random.Random(900 + number)  # noqa: S311 - not for secrets


def _plain(_: int) -> Scene:
    return lambda done: Image.new("RGB", SIZE, "#3c5aa0")


def _bars(_: int) -> Scene:
    page = Image.new("RGB", SIZE)
    for place, colour in enumerate(("white", "yellow", "cyan", "lime", "magenta", "red", "blue")):
        page.paste(colour, (place * SIZE[0] // 7, 0, (place + 1) * SIZE[0] // 7, SIZE[1]))
    return lambda done: page


def _still_title(_: int) -> Scene:
    page = title(_same(5))(1.0)
    return lambda done: page


def _room(number: int) -> Scene:
    ground, things = (opened(stock.pictures_of(-1 - place)[0]) for place in (0, 1 + number))
    return fixed(ground, _own(number), things, _same(4))


def _countdown(_: int) -> Scene:
    def seen(done: float) -> Picture:
        page = Image.new("RGB", SIZE, "#888888")
        draw, middle = ImageDraw.Draw(page), (SIZE[0] // 2, SIZE[1] // 2)
        draw.pieslice((200, 60, 440, 300), -90, -90 + 360 * (done * 4 % 1), fill="#555555")
        draw.text(middle, str(4 - int(done * 4)), fill="white", font_size=140, anchor="mm")
        return page

    return seen


def _telephone(_: int, own: Iterator[Picture]) -> Iterator[Picture]:
    """Filmed off a telephone's screen: the same buttons and words around every film."""
    page = Image.new("RGB", (540, 960), "#121212")
    draw = ImageDraw.Draw(page)
    for line in range(640, 900, 26):
        draw.text((20, line), "boats pass under seven old bridges in the morning"[: 20 + line % 29], font_size=18)
    for button in range(5):
        draw.ellipse((20 + 105 * button, 905, 60 + 105 * button, 945), outline="white", width=4)
        draw.ellipse((20 + 100 * button, 30, 90 + 100 * button, 100), fill=("orange", "#2f6fde", "#e63c5a")[button % 3])
    for picture in own:
        page.paste(picture.resize((540, 304)), (0, 200))
        yield page


def _stories(_: int, own: Iterator[Picture]) -> Iterator[Picture]:
    return map(story, own)


STILL: dict[str, Trap] = {
    "black": _first(lambda number: black(_own(number))),
    "a plain colour": _first(_plain),
    "colour bars": _first(_bars),
    "the same title, still": _first(_still_title),
    "titles and credits with other words": _first(lambda number: rolling(_own(number))),
    "the same bars, caption and button around": _stories,
    "the same telephone's screen around": _telephone,
    "the same room, other things move": _first(_room, 8.0),
}
MOVING: dict[str, Trap] = {
    "the same title, fading in": _first(lambda number: title(_same(5))),
    "the same rolling credits": _first(lambda number: rolling(_same(6))),
    "the same moving opening": _first(lambda number: texture(_same(7))),
    "the same countdown": _first(_countdown),
}


def measured() -> list[dict[str, Any]]:
    """For each trap the pairs, and what was taken for a passage."""
    return [_measured(name, trap) for name, trap in {**STILL, **MOVING}.items()]


def _measured(name: str, trap: Trap) -> dict[str, Any]:
    films = []
    for number in range(FILMS):
        own = clip(stock.filler(MORE + number, "20 s in 180 s"), 0, stock.FILLER_SECONDS)
        films.append(of_film(encoded(trap(number, own), crf=26)))
    found = [(one, other, passages(films[one], films[other])) for one, other in permutations(range(FILMS), 2)]
    return {
        "name": name,
        "moving": name in MOVING,
        "pairs": len(found),
        "taken": sum(bool(each) for *_, each in found),
        "seconds": [
            [passage.query_start, passage.query_end, passage.known_start, passage.known_end]
            for *_, each in found for passage in each
        ],
        "words": [passage.words for *_, each in found for passage in each][:3],
    }  # fmt: skip
