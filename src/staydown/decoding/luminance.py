"""An opened picture of any colour mode -> 64 x 64 luminance, a band of rows at a time."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from staydown.decoding.errors import Unsupported
from staydown.decoding.jarosz import Side, operator
from staydown.decoding.types import REDUCED, Floats

BAND = 1 << 20  # pixels: bands that fit the cache, and never a second whole picture in memory
WIDE = ("I;16", "I;16L", "I;16B")
PLAIN = ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr")

# EXIF orientation (tag 0x0112) -> rows backwards, columns backwards, then sides exchanged.
TURNS = {
    1: (False, False, False), 2: (False, True, False), 3: (True, True, False), 4: (True, False, False),
    5: (False, False, True), 6: (True, False, True), 7: (True, True, True), 8: (False, True, True),
}  # fmt: skip


def of_band(band: Image.Image) -> Floats:
    """Luminance of some rows as the reference computes it: 0.299 R + 0.587 G + 0.114 B, float32, 0 to 255.

    Transparent parts are seen on white. Sixteen bits are scaled, not clipped as Pillow would.
    """
    if band.mode in WIDE:
        return np.asarray(band).astype(np.float32) / np.float32(257)
    if band.has_transparency_data:
        return _on_white(band if band.mode == "RGBA" else band.convert("RGBA"))
    return np.asarray((band if band.mode in ("L", "RGB") else band.convert("RGB")).convert("F"))


def _on_white(band: Image.Image) -> Floats:
    colour = np.asarray(band.convert("RGB").convert("F"))
    opacity = np.asarray(band.getchannel("A")).astype(np.float32) / np.float32(255)
    seen: Floats = np.float32(255) - (np.float32(255) - colour) * opacity
    return seen


def _bands(picture: Image.Image) -> Iterator[tuple[int, int]]:
    width, height = picture.size
    step = max(1, BAND // width)
    return ((top, min(top + step, height)) for top in range(0, height, step))


def reduced(picture: Image.Image, whole: tuple[int, int], orientation: int) -> Floats:
    """The 64 x 64 luminance of a loaded picture, upright.

    `whole` is the (width, height) in the file's header, larger than the picture's own size when the decoder
    scaled. Turning is a matter of which end a side is read from, so it costs nothing and is exact. Raises
    `Unsupported` for a colour mode that has no agreed meaning on a screen.
    """
    if picture.mode not in PLAIN + WIDE:
        raise Unsupported
    rows_back, columns_back, exchanged = TURNS[orientation]
    fold = -(-whole[0] // picture.size[0])
    down = operator(Side(whole[1], fold, rows_back))
    across = operator(Side(whole[0], fold, columns_back))
    total = np.zeros((REDUCED, picture.size[0]), dtype=np.float32)
    for top, bottom in _bands(picture):
        weights = down[:, top:bottom]
        touched = np.flatnonzero(weights.any(axis=1))  # few rows of the 64 reach into a band
        total[touched] += weights[touched] @ of_band(picture.crop((0, top, picture.size[0], bottom)))
    upright = total @ across.T
    return np.ascontiguousarray(upright.T if exchanged else upright)
