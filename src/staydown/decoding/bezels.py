"""What is inside the frame of a part: a screen's edge, the white of a print, the joint of a collage."""

import numpy as np

from staydown.decoding.plain import inside_border
from staydown.decoding.shapes import point_of
from staydown.decoding.types import CANVAS, Corners, Floats

WIDEST = 14  # samples of 128
STEEP = 7.0  # of 255, from one sample of a canvas to the next
HELD = 0.55  # of the inner side of a frame must lie on an edge
MARGIN = CANVAS // 10  # samples at the ends of a side that may belong to other sides


def inside_frame(seen: Floats, corners: Corners) -> Corners | None:
    """Where, in the whole, what a frame surrounds on the canvas of a part lies; None when there is no frame."""
    plain = inside_border(seen) or (0, 0, CANVAS, CANVAS)
    borders = plain[0], CANVAS - plain[2], plain[1], CANVAS - plain[3]
    sides = seen.T, seen.T[::-1], seen, seen[::-1]
    left, right, top, bottom = (
        (border or _frame(lines)) / CANVAS for border, lines in zip(borders, sides, strict=True)
    )
    if max(left, right, top, bottom) == 0:
        return None
    return (
        point_of(corners, left, top), point_of(corners, 1 - right, top),
        point_of(corners, 1 - right, 1 - bottom), point_of(corners, left, 1 - bottom),
    )  # fmt: skip


def _frame(lines: Floats) -> int:
    """How many first lines belong to a frame: up to the innermost line that lies on an edge."""
    steps = np.abs(np.diff(lines[: WIDEST + 3, MARGIN:-MARGIN], axis=0))
    steep = (np.maximum(steps[:-1], steps[1:]) > STEEP).mean(axis=1)  # an edge may lie between two
    edges = np.flatnonzero(steep[1:WIDEST] >= HELD)
    return int(edges[-1]) + 2 if len(edges) else 0
