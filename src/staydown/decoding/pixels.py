"""Strangers' bytes -> a reduced picture, by Pillow. Runs inside the sandbox; call it nowhere else but in
tests.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import AvifImagePlugin, Image, ImageFile, UnidentifiedImageError

from staydown.decoding import heic, pdq, regions, scaling
from staydown.decoding.errors import TooLarge, Undecodable, Unsupported
from staydown.decoding.formats import ALLOWED, SAME_AS, known_elsewhere
from staydown.decoding.kernel import library
from staydown.decoding.luminance import TURNS, WIDE, Reduced, of_band, reduced
from staydown.decoding.misread import misread
from staydown.decoding.types import SHOWN, Decoded, Floats, Hashed, Limits, Picture

ORIENTATION = 0x0112
FLIP, MIRROR = Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT
EXCHANGE = Image.Transpose.TRANSPOSE

# What Pillow's parsers raise on damaged files. Anything else ends the worker, and its parent says
# "undecodable".
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, EOFError, RuntimeError,
          AttributeError, AssertionError, struct.error, zlib.error)  # fmt: skip
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def prepare(limits: Limits) -> None:
    """Load every decoder now (later no file can be opened) and let Pillow refuse what is too large."""
    Image.init()
    heic.register()
    library()
    Image.MAX_IMAGE_PIXELS = limits.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    warnings.simplefilter("ignore")
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def decode(data: bytes, limits: Limits, colour: bool = False) -> Decoded:
    """One picture's bytes reduced to 64 x 64, whole where possible and what is there of it otherwise.

    With `colour`, its regions have `rgb`. Raises `Undecodable`, `Unsupported` or `TooLarge`.
    """
    return _whole_or_what_is_there(data, lambda: _with_parts(_seen(data, limits, colour)))


def reduce(data: bytes, limits: Limits) -> Decoded:
    """`decode` without regions, for little more than the decoder's own time."""
    return _decoded(_whole_or_what_is_there(data, lambda: _seen(data, limits, colour=False, parts=False)))


def hashed(data: bytes, limits: Limits) -> Hashed:
    """The PDQ of the whole picture. Raises as `decode` does."""
    seen = _whole_or_what_is_there(data, lambda: _seen(data, limits, colour=False, parts=False))
    misread = None if seen.misread is None else pdq.of_reduced(seen.misread)
    return Hashed(pdq.of_flips(seen.reduced.flips), *seen.size, seen.format, seen.truncated, misread)


@dataclass(slots=True, eq=False)
class _Seen:
    """A whole picture, reduced. `size` is that of the whole picture, upright; the rest is as in `Decoded`."""

    reduced: Reduced
    size: tuple[int, int]
    format: str
    misread: Floats | None
    truncated: bool = False


def _whole_or_what_is_there[P: (Decoded, Picture, _Seen)](data: bytes, look: Callable[[], P]) -> P:
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        return look()
    except (*BOMBS, MemoryError) as cause:
        raise TooLarge from cause
    except DAMAGE:
        return _what_is_there(data, look)


def _what_is_there[P: (Decoded, Picture, _Seen)](data: bytes, look: Callable[[], P]) -> P:
    """Browsers show the part of a picture that arrived, so refusing it would be a way round the bank.

    Where nothing arrived it is refused, and so waits for a person: a decoder whose memory was not enough tells it as damage.
    """
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        found = replace(look(), truncated=True)
        if _is_plain(found):
            raise Undecodable
        return found
    except (*BOMBS, MemoryError) as cause:
        raise TooLarge from cause
    except UnidentifiedImageError as cause:
        raise (Unsupported if known_elsewhere(data) else Undecodable) from cause
    except DAMAGE as cause:
        raise Undecodable from cause


def _is_plain(found: Decoded | Picture | _Seen) -> bool:
    """Whether nothing is to be seen but one colour."""
    if isinstance(found, Picture):
        return found.rgb == found.rgb[:3] * (found.width * found.height)
    flips = found.reduced.flips if isinstance(found, _Seen) else found.flips
    return bool(np.ptp(flips) < 1)


def _seen(data: bytes, limits: Limits, colour: bool, parts: bool = True) -> _Seen:
    """The whole picture, and with `parts` the small picture in which they are looked for."""
    with Image.open(io.BytesIO(data), formats=ALLOWED) as picture:
        kind = picture.format or ""
        whole = _checked_size(picture, limits)
        loaded, is_whole = scaling.loaded(picture, data, colour)
        if is_whole:
            whole = _checked_size(picture, limits)  # TIFF is turned while loading; a header's size may be a lie
        orientation = _orientation(picture)
        seen = reduced(loaded, whole, orientation, colour, parts)
        wrong = misread(loaded, whole)
    upright = whole[::-1] if TURNS[orientation][2] else whole
    return _Seen(seen, upright, SAME_AS.get(kind, kind), wrong)


def _decoded(seen: _Seen) -> Decoded:
    return Decoded(seen.reduced.flips, *seen.size, seen.format, seen.truncated, misread=seen.misread)


def _with_parts(seen: _Seen) -> Decoded:
    (width, height), small = seen.size, seen.reduced.small
    return replace(_decoded(seen), regions=regions.found(small, width / height)) if small else _decoded(seen)


def _checked_size(picture: Image.Image, limits: Limits) -> tuple[int, int]:
    width, height = picture.size
    if width < 1 or height < 1:
        raise Undecodable
    if width * height > limits.pixels or max(width, height) > limits.side:
        raise TooLarge
    return width, height


def _orientation(picture: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; upright when it is absent, invalid or damaged, as browsers show it."""
    try:
        found = picture.getexif().get(ORIENTATION, 1)
    except DAMAGE:
        return 1
    return found if isinstance(found, int) and found in TURNS else 1


def show(data: bytes, limits: Limits, longest: int = SHOWN) -> Picture:
    """One picture redrawn for a reviewer, at most `longest` pixels a side. Raises as `decode` does."""
    return _whole_or_what_is_there(data, lambda: _shown(data, limits, longest))


def _shown(data: bytes, limits: Limits, longest: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=ALLOWED) as picture:
        _checked_size(picture, limits)
        scaling.load_to_show(picture, data, longest)
        return _redrawn(picture, longest)


def _redrawn(picture: Image.Image, longest: int) -> Picture:
    orientation = _orientation(picture)
    if picture.mode in WIDE:
        picture = Image.fromarray(of_band(picture)).convert("L")  # scaled; Pillow alone clips to white
    small = picture.convert("RGBA")
    small.thumbnail((longest, longest))
    seen = Image.new("RGB", small.size, "white")
    seen.paste(small, mask=small.getchannel("A"))
    rows_back, columns_back, exchanged = TURNS[orientation]
    for turn, needed in ((FLIP, rows_back), (MIRROR, columns_back), (EXCHANGE, exchanged)):
        seen = seen.transpose(turn) if needed else seen
    return Picture(seen.tobytes(), *seen.size)
