"""An opened picture of any colour mode -> reduced luminance, and small colours, a band of rows at a time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.decoding.errors import Unsupported
from staydown.decoding.jarosz import Side, applied
from staydown.decoding.types import REDUCED, Floats, Pixels, Small

SMALL = 512  # samples, about, of the longer side of the picture in which regions are looked for
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
    if band.mode == "L":
        return np.asarray(band).astype(np.float32)
    return np.asarray((band if band.mode == "RGB" else band.convert("RGB")).convert("F"))


def _on_white(band: Image.Image) -> Floats:
    colour = np.asarray(band.convert("RGB").convert("F"))
    opacity = np.asarray(band.getchannel("A")).astype(np.float32) / np.float32(255)
    seen: Floats = np.float32(255) - (np.float32(255) - colour) * opacity
    return seen


def colours_of_band(band: Image.Image) -> Image.Image:
    """Some rows as RGB, transparent parts on white."""
    if band.mode in WIDE:
        return Image.fromarray(of_band(band).astype(np.uint8)).convert("RGB")
    if band.has_transparency_data:
        seen = band if band.mode == "RGBA" else band.convert("RGBA")
        white = Image.new("RGB", band.size, "white")
        white.paste(seen, mask=seen.getchannel("A"))
        return white
    return band if band.mode == "RGB" else band.convert("RGB")


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """A picture reduced twice, upright: `flips` as in `Decoded`."""

    flips: Floats
    small: Small


def reduced(picture: Image.Image, whole: tuple[int, int], orientation: int, colour: bool = False) -> Reduced:
    """A loaded picture of any mode reduced, upright, reading each of its pixels once.

    `whole` is the (width, height) in the file's header, larger than the picture's own size when the decoder
    scaled. With `colour` the small picture has its colours, too. Turning is a matter of which end a side is
    read from, so it costs little and is exact. Raises `Unsupported` for a colour mode that has no agreed
    meaning on a screen.
    """
    if picture.mode not in PLAIN + WIDE:
        raise Unsupported
    rows_back, columns_back, exchanged = TURNS[orientation]
    fold = -(-whole[0] // picture.size[0])
    down = [Side(whole[1], fold, rows_back ^ back) for back in (False, True)]
    across = [Side(whole[0], fold, columns_back ^ back) for back in (False, True)]
    total, luma, rgb = _read(picture, down, colour)
    columns = np.ascontiguousarray(total.reshape(-1, total.shape[2]).T)  # width x 128: both halves at once
    seen = [applied(side, columns).reshape(REDUCED, 2, REDUCED) for side in across]
    flips = [both[:, half].T for both in seen for half in range(2)]
    if exchanged:  # upside down and mirrored change places
        flips = [flips[0].T, flips[2].T, flips[1].T, flips[3].T]
    small = Small(_upright(luma, orientation), None if rgb is None else _upright(rgb, orientation))
    return Reduced(np.ascontiguousarray(flips), small)


def _read(picture: Image.Image, down: list[Side], colour: bool) -> tuple[Floats, Floats, Pixels | None]:
    """The operators of the rows applied (2 x 64 x width), and the small picture as stored, band after band."""
    width, height = picture.size
    fold = max(1, round(max(width, height) / SMALL))
    step = max(fold, BAND // width // fold * fold)
    total = np.zeros((len(down), REDUCED, width), dtype=np.float32)
    small, rgb = [], []
    for top in range(0, height, step):
        band = picture.crop((0, top, width, min(top + step, height)))
        luma = of_band(band)
        for way, side in enumerate(down):
            total[way] += applied(side, luma, top)
        small.append(_folded(luma, fold))
        if colour:
            rgb.append(np.asarray(colours_of_band(band).reduce(fold)))
    return total, np.concatenate(small), np.concatenate(rgb) if colour else None


def _folded(luma: Floats, fold: int) -> Floats:
    """Means of fold x fold pixels; fewer at the last row and column."""
    if fold == 1:
        return luma.astype(np.float32)
    height, width = luma.shape
    down, across = np.arange(0, height, fold), np.arange(0, width, fold)
    sums = np.add.reduceat(np.add.reduceat(luma, down, axis=0), across, axis=1)
    counts = np.outer(np.diff(down, append=height), np.diff(across, append=width))
    means: Floats = (sums / counts).astype(np.float32)
    return means


def _upright[T: np.generic](stored: npt.NDArray[T], orientation: int) -> npt.NDArray[T]:
    rows_back, columns_back, exchanged = TURNS[orientation]
    seen = stored[:: -1 if rows_back else 1, :: -1 if columns_back else 1]
    return np.ascontiguousarray(seen.swapaxes(0, 1) if exchanged else seen)
