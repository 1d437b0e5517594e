"""Benign scenes to make films of: cameras over photographs, things that move, textures, titles, credits."""

import io
import math
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from bench.edits import said, write

SIZE = (640, 360)
Picture = Image.Image
Scene = Callable[[float], Picture]
"""What is seen at a part of a scene, 0 to 1."""

INKS = ("white", "#ffd23c", "#9fd0ff", "#e8e8e8")
PAPERS = ("black", "#101018", "#14243c", "#3c1420")


def opened(data: bytes) -> Picture:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _part(picture: Picture, left: float, top: float, part: float) -> Picture:
    """A part of a picture of the films' shape; left and top are 0 to 1 of what there is room for."""
    across = part * min(picture.width, picture.height * SIZE[0] / SIZE[1])
    down = across * SIZE[1] / SIZE[0]
    x, y = left * (picture.width - across), top * (picture.height - down)
    return picture.resize(SIZE, Image.Resampling.BILINEAR, box=(x, y, x + across, y + down))


def _way(rng: random.Random, least: float = 0.5, most: float = 0.9) -> tuple[float, float, float]:
    return rng.random(), rng.random(), rng.uniform(least, most)


def pan(picture: Picture, rng: random.Random) -> Scene:
    """A camera that moves and zooms."""
    begins, ends = _way(rng), _way(rng)
    return lambda done: _part(picture, *(a + (b - a) * done for a, b in zip(begins, ends, strict=True)))


def hand_held(picture: Picture, rng: random.Random) -> Scene:
    """A telephone in a hand: it shakes, and its exposure drifts."""
    left, top, part = _way(rng, 0.6, 0.85)
    phases = [rng.uniform(0, math.tau) for _ in range(4)]

    def seen(done: float) -> Picture:
        shake = [0.02 * math.sin(9 * done * turns + phase) for turns, phase in zip((3, 7, 5, 2), phases, strict=True)]
        place = (min(1.0, max(0.0, at + moved)) for at, moved in ((left, shake[0]), (top, shake[1])))
        return ImageEnhance.Brightness(_part(picture, *place, part + shake[2])).enhance(1 + 10 * shake[3])

    return seen


def fixed(
    picture: Picture, rng: random.Random, cut_from: Picture | None = None, place: random.Random | None = None
) -> Scene:
    """A camera that stands still; three things, cut from the picture or another, move about in front of it."""
    ground = _part(picture, *_way(place or rng))
    things = []
    for _ in range(3):
        high = rng.randint(SIZE[1] // 5, SIZE[1] // 2)
        thing = _part(cut_from or picture, *_way(rng, 0.2, 0.5)).resize((rng.randint(high // 2, high * 3 // 2), high))
        mask = Image.new("L", thing.size)
        ImageDraw.Draw(mask).ellipse((0, 0, *thing.size), fill=255)
        things.append(
            (thing, mask, [rng.uniform(0, math.tau) for _ in range(2)], [rng.uniform(3, 9) for _ in range(2)])
        )

    def seen(done: float) -> Picture:
        frame = ground.copy()
        for thing, mask, phase, pace in things:
            x, y = (0.5 + 0.45 * math.sin(phase[side] + pace[side] * done) for side in (0, 1))
            frame.paste(thing, (int(x * (SIZE[0] - thing.width)), int(y * (SIZE[1] - thing.height))), mask)
        return frame

    return seen


def texture(rng: random.Random) -> Scene:
    """Waves of light that run through each other."""
    rows, columns = np.mgrid[0 : SIZE[1] // 8, 0 : SIZE[0] // 8].astype(np.float32)
    waves = [(rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), rng.uniform(-20, 20)) for _ in range(5)]
    tint = np.array([rng.uniform(0.4, 1) for _ in range(3)], np.float32)

    def seen(done: float) -> Picture:
        height = sum(np.sin(columns * x + rows * y + pace * done) for x, y, pace in waves) / len(waves)
        return Image.fromarray(((height[..., None] + 1) * 127 * tint).astype(np.uint8)).resize(SIZE)

    return seen


def title(rng: random.Random) -> Scene:
    """Words that come out of the dark and stay."""
    paper, ink = rng.choice(PAPERS), rng.choice(INKS)
    page, lines = Image.new("RGB", SIZE, paper), [said(rng, rng.randint(1, 3)) for _ in range(rng.randint(1, 3))]
    for place, line in enumerate(lines):
        write(ImageDraw.Draw(page), (SIZE[0] * 0.2, SIZE[1] * (0.3 + 0.15 * place)), line, SIZE[1] // 10, ink)
    dark = Image.new("RGB", SIZE, paper)
    return lambda done: Image.blend(dark, page, min(1.0, done * 4))


def rolling(rng: random.Random) -> Scene:
    """White words that roll over black."""
    roll = Image.new("RGB", (SIZE[0], SIZE[1] * 3))
    for place in range(36):
        write(ImageDraw.Draw(roll), (SIZE[0] * 0.1, place * 30), said(rng, 2), 18, "white")
        write(ImageDraw.Draw(roll), (SIZE[0] * 0.55, place * 30), said(rng, 2), 18, "white")
    return lambda done: roll.crop((0, int(done * SIZE[1] * 2), SIZE[0], int(done * SIZE[1] * 2) + SIZE[1]))


def black(_: random.Random) -> Scene:
    return lambda done: Image.new("RGB", SIZE)


OF_PICTURES: tuple[Callable[[Picture, random.Random], Scene], ...] = (pan, pan, hand_held, fixed)
OF_NOTHING: tuple[Callable[[random.Random], Scene], ...] = (texture, title, rolling, black)
