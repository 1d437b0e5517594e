"""GIF, animated WebP and animated PNG -> their frames, by Pillow. Runs inside the sandbox."""

import io
from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from staydown.decoding.containers import Container
from staydown.decoding.errors import TooLarge, Undecodable
from staydown.decoding.frames import Clock, Frame, Reading, folded
from staydown.decoding.luminance import colours_of_band, of_band
from staydown.decoding.pixels import BOMBS, DAMAGE

SHORTEST, USUAL = 0.011, 0.1  # seconds: browsers show what is meant to be shown for less as long as usual


def frames(data: bytes, kind: Container, reading: Reading) -> Iterator[Frame]:
    """At most four frames a second, once through; a picture that does not move has one.

    Raises `Undecodable` or `TooLarge`. A file that ends early ends its frames, and is noted down.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(data), formats=(kind.value,)) as picture:
            reading.checked(*picture.size)
            yield from _shown(picture, reading)
    except (*BOMBS, MemoryError) as cause:
        raise TooLarge from cause
    except UnidentifiedImageError as cause:
        raise Undecodable from cause
    except DAMAGE as cause:
        if not reading.seen:
            raise Undecodable from cause
        reading.truncated = True


def _shown(picture: Image.Image, reading: Reading) -> Iterator[Frame]:
    clock, now, place = Clock(1 / USUAL), 0.0, 0
    reading.width, reading.height = picture.size
    while True:
        try:
            picture.seek(place)
        except EOFError:
            break
        picture.load()
        if clock.is_due(now):
            yield _looked_at(picture, now, reading)
        if reading.is_enough(reading.spent):
            return
        now += _seconds(picture)
        place += 1
        reading.duration = reading.thorough = now
    reading.rate = place / now if place > 1 and now else 0.0
    if place < 2:  # it does not move, so it lasts no time
        reading.duration = reading.thorough = 0.0


def _seconds(picture: Image.Image) -> float:
    found = picture.info.get("duration", 0)
    seconds = float(found) / 1000 if isinstance(found, int | float) else 0.0
    return seconds if seconds > SHORTEST else USUAL


def _looked_at(picture: Image.Image, now: float, reading: Reading) -> Frame:
    small, fold = folded(np.clip(np.rint(of_band(picture)), 0, 255).astype(np.uint8))
    reading.seen += 1
    width, height = picture.size
    return Frame(now, small, height, width, fold, False, partial(_colours, picture) if reading.colour else None)


def _colours(picture: Image.Image, side: int) -> Image.Image:
    return colours_of_band(picture).resize((side, side), Image.Resampling.BILINEAR)
