"""What is inside the frame of a part: a screen's edge, the white of a print, the joint of a collage."""

import numpy as np

from staydown.decoding.kernel import address, library
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
    left, right, top, bottom = (
        (border or frame) / CANVAS for border, frame in zip(borders, _frames(seen), strict=True)
    )
    if max(left, right, top, bottom) == 0:
        return None
    return (
        point_of(corners, left, top), point_of(corners, 1 - right, top),
        point_of(corners, 1 - right, 1 - bottom), point_of(corners, left, 1 - bottom),
    )  # fmt: skip


def _frames(seen: Floats) -> list[int]:
    """How many lines at the left, right, upper and lower side belong to a frame: up to the innermost on an edge."""
    if (compiled := library()) is None:
        return _with_numpy(seen)
    lines, found = np.ascontiguousarray(seen, np.float32), np.empty(4, np.int64)
    compiled.staydown_framed(address(lines), MARGIN, WIDEST, STEEP, HELD, address(found))
    return [int(line) for line in found]


def _with_numpy(seen: Floats) -> list[int]:
    sides = seen.T, seen.T[::-1], seen, seen[::-1]
    lines = np.array([side[: WIDEST + 3, MARGIN:-MARGIN] for side in sides])
    steps = np.abs(lines[:, 1:] - lines[:, :-1])
    steep = np.maximum(steps[:, :-1], steps[:, 1:]) > STEEP  # an edge may lie between two
    edges = np.count_nonzero(steep[:, 1:WIDEST], axis=2) / steep.shape[2] >= HELD
    innermost = WIDEST - edges[:, ::-1].argmax(axis=1)
    return [int(line) if any_at_all else 0 for line, any_at_all in zip(innermost, edges.any(axis=1), strict=True)]
