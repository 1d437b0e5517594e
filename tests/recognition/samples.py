"""Benign pictures for the recogniser, and one that it takes for what it is not."""

from collections.abc import Iterator

from PIL import Image, ImageEnhance

from tests.films import SIZE, scene
from tests.pictures import photograph

SLEEVE = (102, 307, 163, 368)  # of the astronaut's orange suit: to the network, close up, 0.95


def canary() -> Image.Image:
    """A sleeve of a flight suit: benign, and over every threshold."""
    return photograph("astronaut").crop(SLEEVE).resize(SIZE)


def with_canary(seconds: float, at: float, lasts: float, rate: int) -> Iterator[Image.Image]:
    """A film of a landscape with the sleeve in it for a moment."""
    for place, picture in enumerate(scene("china", seconds, rate=rate)):
        shown = at <= place / rate < at + lasts
        yield ImageEnhance.Brightness(canary()).enhance(1 + 0.02 * (place % 3)) if shown else picture
