"""Cutting a place out of a picture: any convex quadrilateral brought to a square of samples."""

import numpy as np
from PIL import Image

from staydown.decoding.bands import cells, through
from staydown.decoding.shapes import as_box, homography, sides_of
from staydown.decoding.types import CANVAS, COLOURED, Corners, Floats, Pixels

MOST = 4  # samples of a side that are averaged into one cell; a picture is looked at at no more than that


def canvas(small: Floats, corners: Corners) -> Floats:
    """A part of a luminance brought to 128 x 128: the mean over each cell."""
    if box := as_box(corners):
        height, width = small.shape
        rows, columns = cells(height, ((box[1], box[3]),), CANVAS), cells(width, ((box[0], box[2]),), CANVAS)
        return through(rows, columns, np.ascontiguousarray(small, np.float32))
    return np.asarray(_warped(Image.fromarray(small.astype(np.float32)), corners, CANVAS))


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
    fold = min(MOST, max(1, round(max(sides_of(corners, small.size)) / side)))
    numbers = homography(corners, small.size, side * fold)
    square = small.transform(
        (side * fold, side * fold), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR
    )
    return square.reduce(fold) if fold > 1 else square
