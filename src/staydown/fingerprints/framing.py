"""Where a film's own pictures are inside what is shown: bars, captions and buttons do not move.

A film comes back inside a telephone's upright screen, under a caption, between blurred or plain bars. What was put
around it stays as it is while the film plays, so the deviation of each place over time tells it from the film.
"""

import numpy as np

from staydown.decoding.frames import Frame, Grey, Span
from staydown.decoding.types import Floats
from staydown.fingerprints import padding

MOVES = 3.0  # of 255: the standard deviation over time above which a place moves; coding alone gives about one
OF_A_LINE = 0.2  # of a row's or a column's places move where it belongs to the film
LEAST, MOST = 0.15, 0.95  # of each side at least, and of the area at most, else it is not a film in a frame
STILL = 0.02  # of all places: where fewer move nothing can be told
LOOKED_AT = 12  # frames of a stretch that are compared
COARSE = 128  # places, about, along the longer side
CUT = 0.3  # of 2: the difference between two frames' shares of sixteen shades; a camera that moves makes 0.1


def is_cut(one: Floats, other: Floats) -> bool:
    """Whether the film goes on elsewhere between two frames, a quarter of a second apart, of such shades."""
    return bool(np.abs(one - other).sum() > CUT)


def shades(picture: Grey) -> Floats:
    """The shares of sixteen shades in a picture."""
    step = max(1, max(picture.shape) // COARSE)
    some = picture[::step, ::step]
    shares: Floats = (np.bincount(some.ravel() >> 4, minlength=16) / some.size).astype(np.float32)
    return shares


def content(frames: list[Frame], before: Span | None) -> Span | None:
    """The part of a stretch of frames that moves, where it is clearly a film in a frame or over its own blur;
    None: all of it, or unclear.

    `before` is the answer for the stretch before, and stays true while next to nothing moves.
    """
    some = frames[:: max(1, len(frames) // LOOKED_AT)]
    if len(some) < 3 or any(each.small.shape != some[0].small.shape for each in some):
        return None
    step = max(1, max(some[0].small.shape) // COARSE)
    moving = _deviation([each.small[::step, ::step] for each in some]) > MOVES
    if moving.mean() < STILL:
        return before
    rough = _span(moving)
    if rough is None or not _sensible(rough, moving.shape):
        return padding.content([each.small for each in some])
    return _sharpened([each.small for each in some], rough, step)


def _deviation(pictures: list[Grey]) -> Floats:
    deviation: Floats = np.stack(pictures).astype(np.float32).std(axis=0)
    return deviation


def _span(moving: np.ndarray) -> Span | None:
    """The rows and columns that move, judged twice: rows by the columns that do, and columns by the rows."""
    rows, columns = slice(None), slice(None)
    for _ in range(2):
        across = np.flatnonzero(moving[rows].mean(axis=0) > OF_A_LINE)
        if not len(across):
            return None
        columns = slice(int(across[0]), int(across[-1]) + 1)
        down = np.flatnonzero(moving[:, columns].mean(axis=1) > OF_A_LINE)
        if not len(down):
            return None
        rows = slice(int(down[0]), int(down[-1]) + 1)
    return columns.start, rows.start, columns.stop, rows.stop


def _sensible(span: Span, shape: tuple[int, ...]) -> bool:
    across, down = (span[2] - span[0]) / shape[1], (span[3] - span[1]) / shape[0]
    return min(across, down) >= LEAST and across * down <= MOST


def _sharpened(pictures: list[Grey], rough: Span, step: int) -> Span:
    """The same part to the sample: within a step of each rough side, the last line that moves."""
    height, width = pictures[0].shape
    left, top = max(0, (rough[0] - 1) * step), max(0, (rough[1] - 1) * step)
    right, bottom = min(width, (rough[2] + 1) * step), min(height, (rough[3] + 1) * step)
    moving = _deviation([each[top:bottom, left:right] for each in pictures]) > MOVES
    found = _span(moving) or (0, 0, right - left, bottom - top)
    return left + found[0], top + found[1], left + found[2], top + found[3]
