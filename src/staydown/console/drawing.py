"""The picture that a reviewer sees: redrawn in the sandbox, as much of it as was asked for, with the viewer's name in it."""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from staydown import decoding
from staydown.console.grades import Grade
from staydown.decoding import storyboard
from staydown.decoding.containers import PICTURES, container
from staydown.platforms.evidence import Unobtainable

TINY = 64  # pixels of the longer side
BLURRED = 320
BLUR = 7  # pixels, of these
APART = (180, 70)  # pixels between two places where the name stands
INK = (255, 255, 255, 90)


def drawn(data: bytes, grade: Grade, name: str) -> bytes:
    """A stranger's media as a JPEG, nothing else of its file in it. Raises `Unobtainable` where it cannot be decoded.

    A film is never played: it is a sheet of small grey frames, whatever the grade.
    """
    try:
        return _file(_marked(_seen(data, grade), name))
    except decoding.DecodingError as error:
        raise Unobtainable(Unobtainable.__doc__) from error


def _seen(data: bytes, grade: Grade) -> Image.Image:
    moves = container(data) not in (None, *PICTURES)
    if grade is Grade.GREY and not moves:
        return _tiny(data)
    shown = storyboard.storyboard(data) if moves else decoding.show(data)
    picture = Image.frombytes("RGB", (shown.width, shown.height), shown.rgb)
    if grade in (Grade.PEEK, Grade.FULL):
        return picture
    side = TINY * storyboard.COLUMNS if grade is Grade.GREY else BLURRED
    picture = picture.convert("L")
    picture.thumbnail((side, side), Image.Resampling.BOX)
    return picture.filter(ImageFilter.GaussianBlur(BLUR if grade is Grade.BLURRED else 2))


def _tiny(data: bytes) -> Image.Image:
    found = decoding.reduce(data)
    grey = Image.fromarray(np.clip(found.luma, 0, 255).astype(np.uint8))
    longer = max(found.width, found.height)
    sides = max(1, TINY * found.width // longer), max(1, TINY * found.height // longer)
    return grey.resize(sides, Image.Resampling.BOX)


def _marked(picture: Image.Image, name: str) -> Image.Image:
    """The name all over it, small and pale: whoever photographs a screen is known by it."""
    if max(picture.size) <= TINY:
        return picture
    whole = picture.convert("RGBA")
    layer = Image.new("RGBA", whole.size, (0, 0, 0, 0))
    pen, font = ImageDraw.Draw(layer), ImageFont.load_default(11)
    for row, top in enumerate(range(8, whole.height, APART[1])):
        for left in range(8 - row % 2 * APART[0] // 2, whole.width, APART[0]):
            pen.text((left + 1, top + 1), name, (0, 0, 0, INK[3]), font)
            pen.text((left, top), name, INK, font)
    return Image.alpha_composite(whole, layer).convert("RGB")


def _file(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
