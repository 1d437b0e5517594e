"""Cutting a place out of a picture: any convex quadrilateral brought to a square of samples.

A luminance is cut in C (kernel/cut.c), and with numpy and Pillow, some six times slower, where no compiler was there.
"""

import numpy as np
from PIL import Image

from staydown.decoding.bands import cells, through
from staydown.decoding.kernel import address, library
from staydown.decoding.shapes import as_box, homography, sides_of
from staydown.decoding.types import CANVAS, COLOURED, Box, Corners, Floats, Pixels

MOST = 4  # samples of a side that are averaged into one cell; a picture is looked at at no more than that


def canvas(small: Floats, corners: Corners) -> Floats:
    """A part of a luminance brought to 128 x 128: the mean over each cell."""
    seen, box = np.ascontiguousarray(small, np.float32), as_box(corners)
    found = _upright(seen, box) if box else _tilted(seen, corners)
    if found is not None:
        return found
    if box is None:
        return np.asarray(_warped(Image.fromarray(seen), corners, CANVAS))
    height, width = seen.shape
    rows, columns = cells(height, ((box[1], box[3]),), CANVAS), cells(width, ((box[0], box[2]),), CANVAS)
    return through(rows, columns, seen)


def _upright(seen: Floats, box: Box) -> Floats | None:
    """In C; None where it is not there, or a cell would hold very many samples."""
    if (compiled := library()) is None:
        return None
    found, place = np.empty((CANVAS, CANVAS), np.float32), np.array(box)
    height, width = seen.shape
    return found if compiled.staydown_canvas(address(seen), width, height, address(place), address(found)) else None


def _tilted(seen: Floats, corners: Corners) -> Floats | None:
    """In C; None where it is not there, or the picture is too large."""
    if (compiled := library()) is None:
        return None
    height, width = seen.shape
    fold = _fold(corners, (width, height), CANVAS)
    numbers = np.array(homography(corners, (width, height), CANVAS * fold))
    found = np.empty((CANVAS, CANVAS), np.float32)
    done = compiled.staydown_warped(address(seen), width, height, address(numbers), fold, address(found))
    return found if done else None


def colours(small: Pixels, corners: Corners) -> Pixels:
    """A part of an RGB picture (height x width x 3) brought to 288 x 288 x 3.

    Each sample is a weighted mean where the part shrinks, and interpolated where it grows.
    """
    picture = Image.fromarray(small)
    if box := as_box(corners):
        place = box[0] * picture.width, box[1] * picture.height, box[2] * picture.width, box[3] * picture.height
        cut = picture.resize((COLOURED, COLOURED), Image.Resampling.BILINEAR, place)
    else:
        cut = _warped(picture, corners, COLOURED)
    return np.asarray(cut)


def _warped(small: Image.Image, corners: Corners, side: int) -> Image.Image:
    """A quadrilateral as a square of `side` samples, each the mean of several where it shrinks."""
    fold = _fold(corners, small.size, side)
    numbers = homography(corners, small.size, side * fold)
    square = small.transform(
        (side * fold, side * fold), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
    )
    return square.reduce(fold) if fold > 1 else square


def _fold(corners: Corners, size: tuple[int, int], side: int) -> int:
    """How many samples of a side are averaged into one cell."""
    return min(MOST, max(1, round(max(sides_of(corners, size)) / side)))
