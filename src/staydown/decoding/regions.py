"""The parts of a picture that may be somebody's whole picture, cut out and brought to one size.

A copy comes back inside a screenshot, under a caption, in a frame or among others in a collage. What was put
around it is plain, or begins at a long straight edge; both are cheap to see. Runs inside the sandbox.
"""

from collections.abc import Iterator

import numpy as np

from staydown.decoding.places import canvas, colours
from staydown.decoding.plain import banded, inside_border
from staydown.decoding.rectangles import rectangles
from staydown.decoding.shapes import aspect_of, corners_of
from staydown.decoding.types import REGIONS, Box, Floats, Kind, Region, Small

LOOKED_AT = 256  # samples, about, of the longer side of the picture in which parts are proposed
SMALLEST = 0.12  # of a side; smaller parts hold too little to be compared
LARGEST = 0.975  # of the area; larger parts are the whole
REACH = 3  # samples by which a side may be moved to its edge
SAME = 0.92  # of the union: parts that share more are one

Span = tuple[int, int, int, int]
"""Left, top, right, bottom in samples."""


def found(small: Small, aspect: float) -> tuple[Region, ...]:
    """The whole of a small upright picture (about 512 samples a side) and at most eight parts of it.

    `aspect` is the whole picture's width divided by its height, in pixels.
    """
    whole: Box = (0.0, 0.0, 1.0, 1.0)
    kept = [(Kind.WHOLE, whole)]
    for kind, rough in _proposed(small.luma):
        box = _sharpened(small.luma, rough)
        if len(kept) < REGIONS and _size_is_sensible(box) and all(_shared(box, other) < SAME for _, other in kept):
            kept.append((kind, box))
    places = [(kind, corners_of(box)) for kind, box in kept]
    return tuple(
        Region(
            kind, corners, aspect_of(corners, aspect), canvas(small.luma, corners),
            None if small.rgb is None else colours(small.rgb, corners),
        ) for kind, corners in places
    )  # fmt: skip


def _proposed(small: Floats) -> Iterator[tuple[Kind, Box]]:
    """Every proposal as a box, the more certain kinds first."""
    fold = max(1, round(max(small.shape) / LOOKED_AT))
    height, width = (side // fold * fold for side in small.shape)
    if min(height, width) < 32 * fold:
        return
    seen = small[:height, :width].reshape(height // fold, fold, width // fold, fold).mean(axis=(1, 3))
    sides = seen.shape[1], seen.shape[0]
    if trimmed := inside_border(seen):
        yield Kind.TRIMMED, _as_box(trimmed, sides)
    for span in banded(seen):
        yield Kind.BAND, _as_box(span, sides)
    for span in rectangles(seen):
        yield Kind.RECTANGLE, _as_box(span, sides)


def _sharpened(small: Floats, box: Box) -> Box:
    """A box whose sides are moved, by a sample or two, to where the picture steps most beside them."""
    height, width = small.shape
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    rows, columns = small[top:bottom], small[:, left:right].T
    return (
        _steepest(rows, left) / width, _steepest(columns, top) / height,
        _steepest(rows, right) / width, _steepest(columns, bottom) / height,
    )  # fmt: skip


def _steepest(lines: Floats, at: int) -> int:
    """The place near `at` before which all lines together step most; `at` on the picture's own sides."""
    length = lines.shape[1]
    first, last = max(1, at - REACH), min(length - 1, at + REACH)
    if not 0 < at < length or first >= last:
        return at
    steps = np.abs(np.diff(lines[:, first - 1 : last + 1], axis=1)).mean(axis=0)
    return first + int(np.argmax(steps))


def _as_box(span: Span, sides: tuple[int, int]) -> Box:
    width, height = sides
    return span[0] / width, span[1] / height, span[2] / width, span[3] / height


def _size_is_sensible(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= SMALLEST and _area(box) <= LARGEST


def _area(box: Box) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def _shared(one: Box, other: Box) -> float:
    """The area in both as a part of the area in either."""
    left, top = max(one[0], other[0]), max(one[1], other[1])
    both = _area((left, top, min(one[2], other[2]), min(one[3], other[3])))
    return both / (_area(one) + _area(other) - both)
