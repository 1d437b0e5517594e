"""Edits that put something around a picture: bars, captions, screenshots, collages, other pictures."""

import random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from bench.edits import COLOURS, Picture, said, saved, tilted, write


def put(picture: Picture, size: tuple[int, int], at: tuple[int, int], fill: str = "black") -> Picture:
    page = Image.new("RGB", size, fill)
    page.paste(picture, at)
    return page


def scaled(picture: Picture, width: float, height: float) -> Picture:
    """The whole picture, as large as fits."""
    factor = min(width / picture.width, height / picture.height)
    return picture.resize(
        (max(1, int(picture.width * factor)), max(1, int(picture.height * factor))), Image.Resampling.BICUBIC
    )


def letterboxed(picture: Picture, rng: random.Random) -> Picture:
    width, height = picture.size
    tall = max(int(height * 1.3), rng.choice((width, int(width * 16 / 9))))
    return put(picture, (width, tall), (0, (tall - height) // 2))


def pillarboxed(picture: Picture) -> Picture:
    width, height = picture.size
    wide = int(max(width * 1.35, height * 16 / 9))
    return put(picture, (wide, height), ((wide - width) // 2, 0))


def on_its_blur(picture: Picture) -> Picture:
    width, height = picture.size
    tall = max(int(width * 16 / 9), int(height * 1.25))
    page = ImageOps.fit(picture, (width, tall)).filter(ImageFilter.GaussianBlur(20))
    page.paste(picture, (0, (tall - height) // 2))
    return page


def bordered(picture: Picture, rng: random.Random) -> Picture:
    return ImageOps.expand(picture, int(0.1 * min(picture.size)), rng.choice(COLOURS))


def telephone(picture: Picture, rng: random.Random) -> tuple[Picture, int]:
    """A post on a telephone's screen, and the height of the picture in it, which begins at 140."""
    paper, ink, pale = rng.choice((("#121212", "#f0f0f0", "#787878"), ("white", "#141414", "#8c8c8c")))
    shown = picture.resize((540, max(1, picture.height * 540 // picture.width)), Image.Resampling.BICUBIC)
    if shown.height > 760:
        shown = ImageOps.fit(shown, (540, 760))
    page = put(shown, (540, 1170), (0, 140), paper)
    draw = ImageDraw.Draw(page)
    write(draw, (20, 8), f"{rng.randint(1, 12)}:{rng.randint(10, 59)}", 16, ink)
    write(draw, (20, 38), "Pictures", 26, ink)
    draw.ellipse((14, 88, 54, 128), fill=rng.choice(COLOURS))
    write(draw, (64, 92), said(rng, 2), 16, ink)
    for button in range(3):
        draw.ellipse((16 + button * 48, shown.height + 150, 44 + button * 48, shown.height + 178), outline=ink, width=3)
    for line in range(shown.height + 190, 1080, 24):
        write(draw, (16, line), said(rng, rng.randint(3, 7)), 15, rng.choice((ink, pale)))
    for button in range(5):
        draw.rectangle((40 + button * 105, 1126, 66 + button * 105, 1152), outline=ink, width=3)
    return page, shown.height


def screenshot(picture: Picture, rng: random.Random) -> Picture:
    return saved(telephone(picture, rng)[0], "JPEG", 80)


def cut_screenshot(picture: Picture, rng: random.Random) -> Picture:
    page, height = telephone(picture, rng)
    return saved(page.crop((0, rng.randint(60, 140), 540, rng.randint(140 + height, 260 + height))), "JPEG", 80)


def web_page(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    page = Image.new("RGB", (1280, 720), "#f5f6f8")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1280, 56), fill="#3c5aa0")
    draw.rectangle((250, 80, 970, 720), fill="white")
    write(draw, (270, 90), said(rng, 8), 16, "#141414")
    shown = scaled(picture, 700, 520)
    page.paste(shown, (260 + (700 - shown.width) // 2, 130))
    for row in range(6):
        for left in (20, 1000):
            page.paste(other.resize((60, 60)), (left, 90 + row * 90))
            write(draw, (left + 70, 100 + row * 90), said(rng, 2), 13, "#141414")
    return saved(page, "JPEG", 85)


def captioned(picture: Picture, rng: random.Random) -> Picture:
    band = int(picture.height * rng.uniform(0.15, 0.25))
    page = put(picture, (picture.width, picture.height + band), (0, band), "white")
    for line in (0.1, 0.5):
        write(ImageDraw.Draw(page), (picture.width * 0.04, band * line), said(rng, 4), band * 0.32, "black")
    return page


def captioned_twice(picture: Picture, rng: random.Random) -> Picture:
    band = int(picture.height * 0.18)
    page = put(picture, (picture.width, picture.height + 2 * band), (0, band))
    for top in (band * 0.25, picture.height + band * 1.25):
        write(ImageDraw.Draw(page), (picture.width * 0.05, top), said(rng, 3), band * 0.45, "white")
    return page


def on_another(picture: Picture, rng: random.Random, other: Picture, size: float) -> Picture:
    page, shown = ImageOps.fit(other, (800, 600)), scaled(picture, 800 * size, 600 * size)
    page.paste(shown, (rng.randint(0, 800 - shown.width), rng.randint(0, 600 - shown.height)))
    return page


def collage(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    page, place = Image.new("RGB", (800, 600)), rng.randrange(4)
    others = [other, ImageOps.mirror(other), ImageOps.flip(other), other.rotate(180)]
    for cell in range(4):
        shown = ImageOps.fit(picture if cell == place else others[cell], (400, 300))
        page.paste(shown, (cell % 2 * 400, cell // 2 * 300))
    return page


def pair(picture: Picture, rng: random.Random, other: Picture) -> Picture:
    page, place = Image.new("RGB", (800, 400), "white"), rng.randrange(2)
    for cell in range(2):
        page.paste(ImageOps.fit(picture if cell == place else other, (396, 396)), (cell * 402, 2))
    return page


def photographed_screen(picture: Picture, rng: random.Random) -> Picture:
    pixels = np.asarray(scaled(picture, 800, 4000)).astype(np.float32)
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]]
    pixels *= (1 + 0.06 * np.sin(columns * 1.9 + rows * 0.15) + 0.04 * np.sin(rows * 2.3))[..., None]
    screen = Image.fromarray(np.clip(pixels * 0.85 + 12, 0, 255).astype(np.uint8))
    room = rng.choice(("#505050", "#787878", "#a0a0a0"))
    framed = ImageOps.expand(
        ImageOps.expand(screen, 20, "#0f0f0f"), (int(screen.width * 0.13), int(screen.height * 0.13)), room
    )
    seen = np.asarray(tilted(framed, rng, 0.06, room).filter(ImageFilter.GaussianBlur(1.2))).astype(np.float32)
    rows, columns = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]]
    away = (columns - rng.uniform(0, 1) * seen.shape[1]) ** 2 + (rows - rng.uniform(0, 1) * seen.shape[0]) ** 2
    seen += 40 * np.exp(-away / (2 * (0.2 * seen.shape[1]) ** 2))[..., None]
    seen += np.random.default_rng(rng.randrange(1 << 30)).normal(0, 6, seen.shape)
    return saved(Image.fromarray(np.clip(seen, 0, 255).astype(np.uint8)), "JPEG", 70)
