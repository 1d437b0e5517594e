"""An opened picture of any colour mode -> reduced luminance, and small colours, a band of rows at a time."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.decoding import bands
from staydown.decoding.errors import Unsupported
from staydown.decoding.jarosz import Side
from staydown.decoding.kernel import address, library
from staydown.decoding.samples import place, samples
from staydown.decoding.types import REDUCED, Floats, Pixels, Small

SMALL = 512  # samples, about, of the longer side of the picture in which regions are looked for
BAND = 1 << 19  # pixels: bands whose memory is used again, and never a second whole picture in memory
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
    return _brightness(band if band.mode == "RGB" else band.convert("RGB"))


def _brightness(colours: Image.Image) -> Floats:
    """In C, from where the picture lies; elsewhere by Pillow, in three times the time."""
    compiled, pixels = library(), samples(colours)
    if compiled is None or pixels is None:
        return np.asarray(colours.convert("F"))
    found = np.empty(pixels.shape[:2], np.float32)
    compiled.staydown_brightness(address(pixels), found.size, address(found))
    return found


def _on_white(band: Image.Image) -> Floats:
    colour = _brightness(band.convert("RGB"))
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
    """A picture reduced twice, upright: `flips` as in `Decoded`; `small` where it was asked for."""

    flips: Floats
    small: Small | None


def reduced(
    picture: Image.Image, whole: tuple[int, int], orientation: int, colour: bool = False, parts: bool = True
) -> Reduced:
    """A loaded picture of any mode reduced, upright, reading each of its pixels once.

    `whole` is the (width, height) in the file's header, larger than the picture's own size when the decoder
    scaled. With `colour` the small picture has its colours, too; without `parts` there is none. Turning is a matter of
    which end a side is read from, so it costs little and is exact. Raises `Unsupported` for a colour mode that has no
    agreed meaning on a screen.
    """
    if picture.mode not in PLAIN + WIDE:
        raise Unsupported
    rows_back, columns_back, exchanged = TURNS[orientation]
    fold = -(-whole[0] // picture.size[0])
    down, across = _both_ends(whole[1], fold, rows_back), _both_ends(whole[0], fold, columns_back)
    small = _Small(picture.size, colour) if parts else None
    flips = _read(picture, down, across, small).reshape(4, REDUCED, REDUCED)
    if exchanged:  # upside down and mirrored change places
        flips = np.ascontiguousarray(flips[[0, 2, 1, 3]].swapaxes(1, 2))
    return Reduced(flips, small.upright(orientation) if small else None)


@lru_cache(maxsize=64)
def _both_ends(length: int, fold: int, back: bool) -> bands.Sides:
    return Side(length, fold, back), Side(length, fold, not back)


class _Small:
    """The small picture as stored, gathered band after band."""

    def __init__(self, size: tuple[int, int], colour: bool) -> None:
        self.fold = max(1, round(max(size) / SMALL))
        self._colour = colour
        self._luma: list[Floats] = []
        self._rgb: list[Pixels] = []

    def see(self, band: Image.Image, luma: Pixels | Floats) -> None:
        self._luma.append(_folded(luma.astype(np.float32, copy=False), self.fold))
        if self._colour:
            self._rgb.append(np.asarray(colours_of_band(band).reduce(self.fold)))

    def upright(self, orientation: int) -> Small:
        rgb = _upright(np.concatenate(self._rgb), orientation) if self._colour else None
        return Small(_upright(np.concatenate(self._luma), orientation), rgb)


def _read(picture: Image.Image, down: bands.Sides, across: bands.Sides, small: _Small | None) -> Floats:
    """The operators of both sides applied, 2 x 2 x 64 x 64; every band is shown to `small`, too."""
    width, height = picture.size
    fold = small.fold if small else 1
    step = max(fold, BAND // width // fold * fold)
    if step >= height:
        as_kept = None if small or picture.has_transparency_data else place(picture)
        if as_kept:
            return bands.reduced_at(down, across, as_kept)
        return bands.reduced(down, across, _shown(picture, small))
    total = np.zeros((len(down) * REDUCED, width), dtype=np.float32)
    for top in range(0, height, step):
        band = picture.crop((0, top, width, min(top + step, height)))
        bands.down(down, _shown(band, small), top, total)
    return bands.tiles(bands.across(across, total))


def _shown(band: Image.Image, small: _Small | None) -> Pixels | Floats:
    """The luminance of a band, as bytes where it is kept so."""
    grey = samples(band) if band.mode == "L" and not band.has_transparency_data else None
    luma = of_band(band) if grey is None else grey
    if small:
        small.see(band, luma)
    return luma


def _folded(luma: Floats, fold: int) -> Floats:
    """Means of fold x fold pixels; fewer at the last row and column."""
    if fold == 1:
        return luma
    (height, width), compiled = luma.shape, library()
    if compiled is not None:
        seen, found = np.ascontiguousarray(luma), np.empty((-(-height // fold), -(-width // fold)), np.float32)
        if compiled.staydown_means(address(seen), width, height, fold, address(found)):
            return found
    down, across = np.arange(0, height, fold), np.arange(0, width, fold)
    sums = np.add.reduceat(np.add.reduceat(luma, down, axis=0), across, axis=1)
    counts = np.outer(np.diff(down, append=height), np.diff(across, append=width))
    means: Floats = (sums / counts).astype(np.float32)
    return means


def _upright[T: np.generic](stored: npt.NDArray[T], orientation: int) -> npt.NDArray[T]:
    rows_back, columns_back, exchanged = TURNS[orientation]
    seen = stored[:: -1 if rows_back else 1, :: -1 if columns_back else 1]
    return np.ascontiguousarray(seen.swapaxes(0, 1) if exchanged else seen)
