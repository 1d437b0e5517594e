"""More edits that are not in the table, told apart in the result.

Nothing was tuned to the first ten. The last four were looked at, on photographs that are no sources, while the
regions were built: they say how these carry over to other photographs, not to other edits.
"""

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from bench import edits as e
from bench import frames as f
from bench.edits import Picture


def sepia(picture: Picture, rng: random.Random) -> Picture:
    grey = np.asarray(picture.convert("L")).astype(np.float32)[..., None] * np.array([1.07, 0.86, 0.62])
    return e.noisy(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)), rng, 12)


def palette(picture: Picture) -> Picture:
    return picture.quantize(24, dither=Image.Dither.FLOYDSTEINBERG).convert("RGB")


def tinted(picture: Picture, rng: random.Random) -> Picture:
    """Under a gradient between two colours, as filters of stories lay one over a picture."""
    one, other = (Image.new("RGB", picture.size, colour) for colour in rng.sample(e.COLOURS[2:], 2))
    ramp = Image.linear_gradient("L").resize(picture.size)
    return Image.blend(picture, Image.composite(one, other, ramp), 0.4)


def through_a_lens(picture: Picture) -> Picture:
    """Bent outwards by a twelfth at the corners (a mesh of small quadrilaterals)."""
    width, height = picture.size

    def bent(x: float, y: float) -> tuple[float, float]:
        u, v = 2 * x / width - 1, 2 * y / height - 1
        factor = (1 - 0.12 * (1 - (u * u + v * v) / 2)) / 1.0
        return (u * factor + 1) * width / 2, (v * factor + 1) * height / 2

    mesh = []
    for row in range(12):
        for column in range(12):
            box = (width * column // 12, height * row // 12, width * (column + 1) // 12, height * (row + 1) // 12)
            left, top, right, bottom = box
            corners = (bent(left, top), bent(left, bottom), bent(right, bottom), bent(right, top))
            mesh.append((box, tuple(part for corner in corners for part in corner)))
    return picture.transform(picture.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def sheared(picture: Picture, rng: random.Random) -> Picture:
    lean = rng.choice((-0.1, 0.1))
    start = 0 if lean > 0 else lean * picture.height
    wide = picture.width + round(abs(lean) * picture.height)
    way = (1, -lean, start if lean < 0 else 0, 0, 1, 0)
    return picture.transform((wide, picture.height), Image.Transform.AFFINE, way, Image.Resampling.BICUBIC)


def mosaic(picture: Picture, rng: random.Random) -> Picture:
    """A third of each side pixelated, somewhere in the middle, as people hide a face or a name."""
    seen, (wide, high) = picture.copy(), (picture.width // 3, picture.height // 3)
    left = rng.randint(wide // 2, picture.width - wide * 3 // 2)
    top = rng.randint(high // 2, picture.height - high * 3 // 2)
    part = seen.crop((left, top, left + wide, top + high))
    seen.paste(part.resize((8, 8), Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST), (left, top))
    return seen


def passed_on(picture: Picture) -> Picture:
    """Sent on three times, smaller and coarser each time, then enlarged for a screen."""
    for side, quality in ((800, 60), (600, 45), (400, 35)):
        picture = e.saved(f.scaled(picture, side, side), "JPEG", quality)
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def story(picture: Picture, rng: random.Random) -> Picture:
    page = ImageOps.fit(picture, (540, 960)).filter(ImageFilter.GaussianBlur(30))
    shown = f.scaled(picture, 500, 760)
    page.paste(shown, ((540 - shown.width) // 2, (960 - shown.height) // 2 + rng.randint(-60, 60)))
    e.write(ImageDraw.Draw(page), (60, rng.randint(80, 800)), e.said(rng, 2), 54, "white")
    return e.stickered(page, rng, (0.22,))


def moved(picture: Picture) -> Picture:
    """Blurred along the rows by a fiftieth of the width, as by a hand that moved."""
    reach = max(1, picture.width // 100)
    pixels = np.asarray(picture).astype(np.float32)
    padded = np.cumsum(np.pad(pixels, ((0, 0), (reach + 1, reach), (0, 0)), mode="edge"), axis=1)
    seen = (padded[:, 2 * reach + 1 :] - padded[:, : -2 * reach - 1]) / (2 * reach + 1)
    return Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8))


def framed_mirror(picture: Picture, rng: random.Random) -> Picture:
    return f.bordered(ImageOps.mirror(e.cropped(picture, rng, 0.8)), rng)


def card(picture: Picture, rng: random.Random) -> Picture:
    """On a page of one colour with rounded corners and a shadow, as applications show a post, above some text."""
    page = Image.new("RGB", (900, 1100), rng.choice(("#f2efe9", "#e8eef5", "#22262b", "white")))
    shown = f.scaled(picture, rng.randint(420, 760), 620)
    left, top = rng.randint(20, 880 - shown.width), rng.randint(60, 400)
    shadow = Image.new("L", page.size, 0)
    ImageDraw.Draw(shadow).rectangle((left + 6, top + 8, left + shown.width + 6, top + shown.height + 8), fill=110)
    page.paste((20, 20, 20), mask=shadow.filter(ImageFilter.GaussianBlur(9)))
    mask = Image.new("L", shown.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, shown.width - 1, shown.height - 1), rng.randint(10, 26), fill=255)
    page.paste(shown, (left, top), mask)
    for line in range(5):
        e.write(ImageDraw.Draw(page), (40, top + shown.height + 24 + line * 28), e.said(rng, 6), 18, "#777777")
    return page


def uneven(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    """One of three cells of different sizes, with a joint of some colour between them or none."""
    gap, cut, row = rng.choice((0, 2, 4, 8)), rng.randint(480, 640), rng.randint(300, 400)
    page = Image.new("RGB", (1000, 700), rng.choice(e.COLOURS))
    cells = [(0, 0, cut, 700), (cut + gap, 0, 1000, row), (cut + gap, row + gap, 1000, 700)]
    place, others = rng.randrange(3), (other, ImageOps.mirror(other), other.rotate(180))
    for number, (left, top, right, bottom) in enumerate(cells):
        seen = picture if number == place else others[number]
        page.paste(ImageOps.fit(seen, (right - left, bottom - top)), (left, top))
    return page


def stacked(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    """One of three pictures above each other without a joint, as in a long screenshot put together."""
    place, others = rng.randrange(3), (other, ImageOps.mirror(other), other.rotate(180))
    shown = [
        picture.resize((640, max(1, picture.height * 640 // picture.width)))
        if number == place
        else ImageOps.fit(others[number], (640, rng.randint(300, 520)))
        for number in range(3)
    ]
    page, top = Image.new("RGB", (640, sum(each.height for each in shown))), 0
    for each in shown:
        page.paste(each, (0, top))
        top += each.height
    return page


def in_a_corner(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    """In a corner of another picture, with a thin frame or without, as in a reaction to it."""
    page, size, margin = ImageOps.fit(other, (1280, 720)), rng.uniform(0.38, 0.62), rng.randint(10, 40)
    shown = f.scaled(picture, 1280 * size, 720 * size)
    if rng.randrange(2):
        shown = ImageOps.expand(shown, 4, "white")
    left = rng.choice((margin, 1280 - margin - shown.width))
    page.paste(shown, (left, rng.choice((margin, 720 - margin - shown.height))))
    return page


UNLISTED: dict[str, e.Edit] = {
    "sepia and grain": lambda p, r, o: sepia(p, r),
    "24 colours": lambda p, r, o: palette(p),
    "gradient over it": lambda p, r, o: tinted(p, r),
    "through a lens": lambda p, r, o: through_a_lens(p),
    "sheared": lambda p, r, o: sheared(p, r),
    "part pixelated": lambda p, r, o: mosaic(p, r),
    "passed on thrice": lambda p, r, o: passed_on(p),
    "in a story": lambda p, r, o: story(p, r),
    "moved": lambda p, r, o: moved(p),
    "cut, mirrored, framed": lambda p, r, o: framed_mirror(p, r),
    "card with a shadow": lambda p, r, o: card(p, r),
    "one of three cells": lambda p, r, o: uneven(p, r, o),
    "stacked": lambda p, r, o: stacked(p, r, o),
    "in a corner": lambda p, r, o: in_a_corner(p, r, o),
}
