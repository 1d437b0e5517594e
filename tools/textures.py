"""Generated pictures that belong to nobody: noise, waves, shapes, drawings, pages. Many real ones resemble them."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from PIL import Image, ImageDraw

SIDE = 320
SOFT = Image.Resampling.BICUBIC
HARD = Image.Resampling.NEAREST
WORDS = "a page of words about boats bridges rivers and seven small houses"


def all_of_them(seed: int = 7) -> Iterator[Image.Image]:
    """The same pictures each time."""
    rng = np.random.default_rng(seed)
    yield from _noises(rng)
    yield from _patterns(rng)
    for many, outlined in product((3, 8, 25, 80), (False, True)):
        yield _shapes(rng, many, outlined)
    for _, draws in product(range(4), (_lines, _bars, _curves, _letters, _table, _dots, _cells)):
        yield draws(rng)
    for paper, size in product(("white", (24, 24, 28), (240, 230, 210)), (9, 14, 24)):
        yield _page(rng, paper, size)


def _noises(rng: np.random.Generator) -> Iterator[Image.Image]:
    for cells in (2, 3, 4, 6, 8, 12, 16, 24, 40, 64):
        for channels, way in ((3, SOFT), (3, SOFT), (1, SOFT), (3, HARD), (1, HARD)):
            yield _noise(rng, cells, channels, way)
    for cells in (8, 16, 33):
        yield Image.fromarray((rng.random((cells, cells)) > 0.5).astype(np.uint8) * 255).resize((SIDE, SIDE), HARD)


def _patterns(rng: np.random.Generator) -> Iterator[Image.Image]:
    for steepness, channels in product((0.5, 1.0, 1.5, 2.0, 2.5), (3, 1)):
        yield _clouds(rng, steepness, channels)
    for waves, angle in product((2, 5, 12, 30), (0.0, 0.6, 1.57)):
        yield _waves(rng, waves, angle)
    yield from map(_rings, (2, 5, 12))


def _noise(rng: np.random.Generator, cells: int, channels: int, way: Image.Resampling) -> Image.Image:
    made = rng.integers(0, 256, (cells, cells, channels), dtype=np.uint8)
    return Image.fromarray(made if channels == 3 else made[:, :, 0]).resize((SIDE, SIDE), way)


def _clouds(rng: np.random.Generator, steepness: float, channels: int) -> Image.Image:
    """Noise whose amplitude falls with frequency, as clouds and marble have it."""
    across = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    across[0, 0] = 1
    made = []
    for _ in range(channels):
        spectrum = np.fft.fft2(rng.normal(size=(SIDE, SIDE))) / across**steepness
        seen = np.fft.ifft2(spectrum).real
        made.append(np.clip(128 + 50 * (seen - seen.mean()) / seen.std(), 0, 255))
    return Image.fromarray(np.stack(made * (3 // channels), axis=-1).astype(np.uint8))


def _waves(rng: np.random.Generator, waves: int, angle: float) -> Image.Image:
    x, y = np.meshgrid(np.linspace(0, 1, SIDE), np.linspace(0, 1, SIDE))
    phase = 2 * np.pi * waves * (x * np.cos(angle) + y * np.sin(angle))
    one, other = rng.integers(0, 256, (2, 3))
    return Image.fromarray((one + (other - one) * (np.sin(phase)[..., None] + 1) / 2).astype(np.uint8))


def _rings(waves: int) -> Image.Image:
    x, y = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE))
    return Image.fromarray((127.5 + 127.5 * np.cos(2 * np.pi * waves * np.hypot(x, y))).astype(np.uint8))


def _shapes(rng: np.random.Generator, many: int, outlined: bool) -> Image.Image:
    made = Image.new("RGB", (SIDE, SIDE), tuple(map(int, rng.integers(0, 256, 3))))
    draw = ImageDraw.Draw(made)
    for number in range(many):
        x, y, size = *rng.integers(0, SIDE, 2), int(rng.integers(SIDE // 16, SIDE // 2))
        box = (int(x) - size // 2, int(y) - size // 2, int(x) + size // 2, int(y) + size // 2)
        colour = tuple(map(int, rng.integers(0, 256, 3)))
        way = {"outline": colour, "width": 4} if outlined else {"fill": colour}
        (draw.rectangle if number % 2 else draw.ellipse)(box, **way)
    return made


def _page(rng: np.random.Generator, paper: str | tuple[int, int, int], size: int) -> Image.Image:
    made = Image.new("RGB", (SIDE, SIDE), paper)
    draw, words = ImageDraw.Draw(made), WORDS.split()
    ink = "white" if paper == (24, 24, 28) else "black"
    for top in range(8, SIDE - size, round(size * 1.5)):
        line = " ".join(rng.choice(words, 60 // size + 4))
        draw.text((8, top), line, fill=ink, font_size=size)
    return made


def _sheet(rng: np.random.Generator) -> tuple[Image.Image, ImageDraw.ImageDraw, str]:
    """An empty sheet, mostly white, and the colour of its ink."""
    dark = rng.random() < 0.25
    made = Image.new("RGB", (SIDE, SIDE), (22, 24, 30) if dark else "white")
    return made, ImageDraw.Draw(made), "white" if dark else "black"


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = map(int, rng.integers(0, 230, 3))
    return red, green, blue


def _lines(rng: np.random.Generator) -> Image.Image:
    made, draw, _ = _sheet(rng)
    for _ in range(int(rng.integers(15, 60))):
        draw.line([int(place) for place in rng.integers(0, SIDE, 4)], fill=_colour(rng), width=int(rng.integers(1, 8)))
    return made


def _bars(rng: np.random.Generator) -> Image.Image:
    made, draw, ink = _sheet(rng)
    many, colour = int(rng.integers(4, 14)), _colour(rng)
    wide = (SIDE - 40) // many
    for bar in range(many):
        left, high = 30 + bar * wide, int(rng.integers(20, SIDE - 60))
        draw.rectangle((left, SIDE - 20 - high, left + wide * 2 // 3, SIDE - 20), fill=colour)
    draw.line((20, 10, 20, SIDE - 20, SIDE - 10, SIDE - 20), fill=ink, width=2)
    return made


def _curves(rng: np.random.Generator) -> Image.Image:
    made, draw, ink = _sheet(rng)
    for _ in range(3):
        heights = SIDE // 2 + np.cumsum(rng.normal(0, 9, 60))
        draw.line([(20 + 5 * at, float(high)) for at, high in enumerate(heights)], fill=_colour(rng), width=3)
    draw.line((20, 10, 20, SIDE - 20, SIDE - 10, SIDE - 20), fill=ink, width=2)
    return made


def _letters(rng: np.random.Generator) -> Image.Image:
    made = Image.new("RGB", (SIDE, SIDE), _colour(rng))
    letters = "".join(rng.choice(list("ABCDEFGHKMNPQRSTUVWXYZ0123456789"), int(rng.integers(1, 4))))
    ImageDraw.Draw(made).text((SIDE // 8, SIDE // 5), letters, fill="white", font_size=SIDE // len(letters) * 2 // 3)
    return made


def _table(rng: np.random.Generator) -> Image.Image:
    made, draw, ink = _sheet(rng)
    wide, high = map(int, rng.integers(24, 70, 2))
    for left in range(10, SIDE, wide):
        draw.line((left, 10, left, SIDE - 10), fill=ink)
    for top in range(10, SIDE, high):
        draw.line((10, top, SIDE - 10, top), fill=ink)
        for left in range(10, SIDE - wide, wide):
            draw.text((left + 3, top + 4), str(int(rng.integers(0, 9999))), fill=ink, font_size=10)
    return made


def _dots(rng: np.random.Generator) -> Image.Image:
    made, draw, _ = _sheet(rng)
    size, colour = int(rng.integers(2, 9)), _colour(rng)
    for x, y in rng.integers(0, SIDE, (int(rng.integers(40, 300)), 2)):
        draw.ellipse((int(x) - size, int(y) - size, int(x) + size, int(y) + size), fill=colour)
    return made


def _cells(rng: np.random.Generator) -> Image.Image:
    """Flat cells around random places, as maps and mosaics have them."""
    places, colours = rng.random((20, 2)) * SIDE, rng.integers(0, 256, (20, 3), dtype=np.uint8)
    down, across = np.mgrid[:SIDE, :SIDE]
    nearest = ((across[..., None] - places[:, 0]) ** 2 + (down[..., None] - places[:, 1]) ** 2).argmin(axis=-1)
    return Image.fromarray(colours[nearest])
