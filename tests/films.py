"""Benign films, made of photographs that a camera moves over, and what people do to films before they post them."""

import io
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from tests.pictures import photograph

SIZE = (256, 144)
RATE = 12
Edit = Callable[[Image.Image], Image.Image]


def scene(name: str, seconds: float, seed: int = 1, rate: int = RATE) -> Iterator[Image.Image]:
    """A camera that moves and zooms over a photograph."""
    picture, rng = photograph(name), np.random.default_rng(seed)
    width, height = picture.size
    (x, y, zoom), (to_x, to_y, to_zoom) = rng.uniform((0, 0, 0.4), (0.35, 0.35, 0.6), (2, 3))
    count = round(seconds * rate)
    for place in range(count):
        done = place / count
        left, top, part = x + (to_x - x) * done, y + (to_y - y) * done, zoom + (to_zoom - zoom) * done
        box = (left * width, top * height, (left + part) * width, (top + part) * height)
        yield picture.resize(SIZE, Image.Resampling.BILINEAR, box=box)


def film(pictures: Iterable[Image.Image], kind: str = "mp4", codec: str = "libx264", rate: int = RATE,
         pixels: str = "yuv420p", **options: str) -> bytes:  # fmt: skip
    """Pictures as a film."""
    made = io.BytesIO()
    with av.open(made, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        stream.pix_fmt = pixels
        stream.codec_context.thread_count = 1
        for place, picture in enumerate(pictures):
            if place == 0:
                stream.width, stream.height = picture.size
            container.mux(stream.encode(av.VideoFrame.from_image(picture.convert("RGB"))))
        container.mux(stream.encode(None))
    return made.getvalue()


def film_in_av1(pictures: Iterable[Image.Image]) -> bytes:
    """Pictures as a film in AV1, made by a process of its own.

    SVT-AV1 gives whoever calls it as root the first claim on every core (SCHED_FIFO), and so to all it starts later.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(film, list(pictures), "mp4", "libsvtav1", preset="12").result()


def moving(pictures: Iterable[Image.Image], kind: str, rate: int = 4) -> bytes:
    """Pictures as a GIF, an animated WebP or an animated PNG."""
    first, *rest = pictures
    made = io.BytesIO()
    first.save(made, kind, save_all=True, append_images=rest, duration=1000 // rate, loop=0)
    return made.getvalue()


def mirrored(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def with_logo(picture: Image.Image) -> Image.Image:
    """Cut by a tenth, and with an opaque mark over a corner."""
    width, height = picture.size
    seen = picture.crop((width // 20, height // 20, width - width // 20, height - height // 20)).resize(SIZE)
    ImageDraw.Draw(seen).ellipse((width * 0.75, height * 0.68, width * 0.97, height * 0.95), fill="orange")
    return seen


def as_story(picture: Image.Image) -> Image.Image:
    """Upright, with bars above and below and a caption that stays."""
    seen = Image.new("RGB", (180, 320), (18, 18, 24))
    seen.paste(picture.resize((180, 102)), (0, 109))
    draw = ImageDraw.Draw(seen)
    draw.text((20, 40), "a day at the lake", fill="white", font_size=18)
    draw.ellipse((140, 270, 170, 300), fill="red")
    return seen


def on_a_telephone(picture: Image.Image) -> Image.Image:
    """A fifth of an upright screen, among buttons and lines of words."""
    seen = Image.new("RGB", (180, 320), (18, 18, 18))
    draw = ImageDraw.Draw(seen)
    for line in range(190, 300, 12):
        draw.rectangle((8, line, 60 + line * 7 % 110, line + 6), fill="white")
    for button in range(5):
        draw.ellipse((6 + 34 * button, 8, 32 + 34 * button, 34), fill=("orange", "white", "teal")[button % 3])
        draw.rectangle((10 + 34 * button, 300, 30 + 34 * button, 316), fill="white")
    seen.paste(picture.resize((150, 84)), (15, 60))
    return seen


def over_its_blur(picture: Image.Image) -> Image.Image:
    """Upright, over a blurred copy of itself that fills the rest."""
    ground = ImageOps.fit(picture, (180, 320)).filter(ImageFilter.GaussianBlur(9))
    ground.paste(picture.resize((180, 102)), (0, 109))
    return ground


def edited(pictures: Iterable[Image.Image], edit: Edit) -> Iterator[Image.Image]:
    return map(edit, pictures)
