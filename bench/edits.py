"""Sixty things people do to a picture before they post it again, for measuring recall.

Each takes the picture, a random generator and an unrelated picture, and gives the edited picture. Sizes and
strengths follow the table in the issue; nothing in `staydown` knows them.
"""

import io
import math
import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Picture = Image.Image
Edit = Callable[[Picture, random.Random, Picture], Picture]
WORDS = ("river", "under", "seven", "old bridges", "nobody", "counts", "boats", "morning", "a", "that", "pass in the")
COLOURS = ("white", "black", "#e63c5a", "#ffd23c", "#2f6fde")


def saved(picture: Picture, kind: str, quality: int) -> Picture:
    made = io.BytesIO()
    picture.save(made, kind, quality=quality)
    return Image.open(made).convert("RGB")


def said(rng: random.Random, count: int) -> str:
    return " ".join(rng.choices(WORDS, k=count))


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: float, fill: object) -> None:
    draw.text(at, text, font=ImageFont.load_default(max(9, size)), fill=fill)


def cropped(picture: Picture, rng: random.Random, area: float) -> Picture:
    side, (width, height) = math.sqrt(area), picture.size
    left, top = rng.uniform(0, 1 - side) * width, rng.uniform(0, 1 - side) * height
    return picture.crop((int(left), int(top), int(left + side * width), int(top + side * height)))


def side_cropped(picture: Picture, rng: random.Random, part: float = 0.2) -> Picture:
    width, height = picture.size
    wide, high = int(width * part), int(height * part)
    boxes = (
        (wide, 0, width, height),
        (0, high, width, height),
        (0, 0, width - wide, height),
        (0, 0, width, height - high),
    )
    return picture.crop(rng.choice(boxes))


def centred(picture: Picture, ratio: float) -> Picture:
    """The largest part in the middle that has this width divided by height."""
    width, height = picture.size
    wide, high = min(width, int(height * ratio)), min(height, int(width / ratio))
    left, top = (width - wide) // 2, (height - high) // 2
    return picture.crop((left, top, left + wide, top + high))


def rotated(picture: Picture, degrees: float, cut: bool) -> Picture:
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True)
    if not cut:
        return turned
    width, height = picture.size
    sine, cosine = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    double = cosine * cosine - sine * sine
    wide, high = (width * cosine - height * sine) / double, (height * cosine - width * sine) / double
    if min(width, height) <= 2 * sine * cosine * max(width, height):
        half = 0.5 * min(width, height)
        wide, high = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    x, y = turned.width / 2, turned.height / 2
    return turned.crop((int(x - wide / 2), int(y - high / 2), int(x + wide / 2), int(y + high / 2)))


def watermarked(picture: Picture, rng: random.Random) -> Picture:
    seen, width = Image.new("RGBA", picture.size), picture.width
    draw = ImageDraw.Draw(seen)
    for row in range(4):
        for column in range(3):
            at = ((column - 0.3 + 0.2 * (row % 2)) * width / 2.2, row * picture.height / 4)
            write(draw, at, "(c) some.example", width / 15, (255, 255, 255, 110))
    return Image.alpha_composite(picture.convert("RGBA"), seen).convert("RGB")


def written_on(picture: Picture, rng: random.Random, lines: int = 3) -> Picture:
    seen = picture.copy()
    for _ in range(lines):
        at = (rng.uniform(0.02, 0.3) * seen.width, rng.uniform(0.03, 0.85) * seen.height)
        write(ImageDraw.Draw(seen), at, said(rng, 3), seen.width / 12, rng.choice(COLOURS))
    return seen


def stickered(picture: Picture, rng: random.Random, sizes: tuple[float, ...]) -> Picture:
    seen = picture.copy()
    draw = ImageDraw.Draw(seen)
    for size in sizes:
        side = size * min(seen.size)
        x, y = rng.uniform(0, seen.width - side), rng.uniform(0, seen.height - side)
        draw.ellipse((x, y, x + side, y + side), fill=rng.choice(("#ffd23c", "#ff7a3c", "#7ad13c")), outline="black")
        for eye in (0.3, 0.62):
            draw.ellipse((x + eye * side, y + 0.3 * side, x + (eye + 0.1) * side, y + 0.45 * side), fill="black")
        draw.arc((x + 0.25 * side, y + 0.3 * side, x + 0.75 * side, y + 0.8 * side), 20, 160, fill="black", width=3)
    return seen


def blocked(picture: Picture, rng: random.Random) -> Picture:
    seen, (wide, high) = picture.copy(), (picture.width // 2, picture.height // 2)
    x, y = rng.randint(0, wide), rng.randint(0, high)
    ImageDraw.Draw(seen).rectangle((x, y, x + wide, y + high), fill="black")
    return seen


def hue_turned(picture: Picture, rng: random.Random) -> Picture:
    hue, saturation, value = picture.convert("HSV").split()
    turn = rng.randint(30, 220)
    return Image.merge("HSV", (hue.point([(at + turn) % 256 for at in range(256)]), saturation, value)).convert("RGB")


def noisy(picture: Picture, rng: random.Random, deviation: float = 25) -> Picture:
    pixels = np.asarray(picture).astype(np.float32)
    noise = np.random.default_rng(rng.randrange(1 << 30)).normal(0, deviation, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


def filtered(picture: Picture) -> Picture:
    pixels = (np.asarray(picture).astype(np.float32) / 255) ** 0.8 * np.array([1.08, 1.0, 0.88])
    rows, columns = np.linspace(-1, 1, picture.height)[:, None], np.linspace(-1, 1, picture.width)[None, :]
    pixels *= (1 - 0.35 * (rows**2 + columns**2))[..., None]
    return Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def stretched(picture: Picture, rng: random.Random) -> Picture:
    wide, high = rng.choice(((1.33, 1), (1, 1.33)))
    return picture.resize((int(picture.width * wide), int(picture.height * high)))


def blurred(picture: Picture, part: float) -> Picture:
    return picture.filter(ImageFilter.GaussianBlur(part * min(picture.size)))


def tilted(picture: Picture, rng: random.Random, most: float, fill: str = "black") -> Picture:
    """Seen from a side: each corner moved inwards, up to a part of the sides."""
    width, height = picture.size
    corners = [(x * width, y * height) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    moved = [
        (x + (1 if x == 0 else -1) * rng.uniform(0, most) * width, y + (1 if y == 0 else -1) * rng.uniform(0, most) * height)
        for x, y in corners
    ]  # fmt: skip
    rows = []
    for (x, y), (u, v) in zip(moved, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    found = np.linalg.solve(np.array(rows), np.array(corners).ravel())
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, found, Image.Resampling.BICUBIC, fillcolor=fill)
