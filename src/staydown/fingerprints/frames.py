"""Where a whole picture lies when a window of it lies here, and where its other windows lie then.

Boxes and frames are left, top, right, bottom in rows of 4; a frame is the box of the whole picture, which a
crop leaves partly beyond the canvas.
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats
from staydown.fingerprints import views
from staydown.fingerprints.windows import INTERVALS, PLACES

LEAST_SIDE, MOST_SIDE = 0.2, 5.0  # of the region: how small or large the whole picture may lie in it
MOST_STRETCHED = 3.0  # the one side's scale divided by the other's

Windows = npt.NDArray[np.intp]


def framed(boxes: Floats, window: Windows) -> Floats:
    """Where the whole picture lies when these windows of it lie in these boxes (all n x 4)."""
    part = PLACES[window]
    size = (boxes[:, 2:] - boxes[:, :2]) / (part[:, 2:] - part[:, :2])
    corner = boxes[:, :2] - part[:, :2] * size
    return np.concatenate([corner, corner + size], axis=1)


def placed(frame: Floats, window: Windows | slice) -> Floats:
    """Where windows of the whole picture lie when it lies in a frame (4, or n x 4 for n windows)."""
    part, size = PLACES[window], frame[..., 2:] - frame[..., :2]
    return np.concatenate([frame[..., :2] + part[:, :2] * size, frame[..., :2] + part[:, 2:] * size], axis=-1)


def crossed(frame: Floats) -> tuple[Floats, Floats]:
    """Where the columns and the rows in which windows lie (`windows.INTERVALS`, n x 2) are, as `placed` says."""
    size = frame[2:] - frame[:2]
    return frame[0] + INTERVALS * size[0], frame[1] + INTERVALS * size[1]


def fitted(boxes: Floats, window: Windows, weights: Floats) -> Floats:
    """The frame that is nearest to what n windows, each in its box, say of it: weighted least squares."""
    part = PLACES[window].reshape(-1, 2, 2)
    places, seen = part.reshape(-1, 2), boxes.reshape(-1, 2)
    weight = np.repeat(weights, 2)[:, None] / weights.sum() / 2
    middle, seen_middle = (weight * places).sum(axis=0), (weight * seen).sum(axis=0)
    away = places - middle
    scale = (weight * away * (seen - seen_middle)).sum(axis=0) / (weight * away**2).sum(axis=0)
    corner = seen_middle - scale * middle
    frame: Floats = np.concatenate([corner, corner + scale])
    return frame


def is_sensible(frame: Floats) -> bool:
    """Whether a picture that somebody posted may lie so: not a speck, hardly any of it, or a thin strip of it."""
    sides = frame[2:] - frame[:2]
    if not (sides.min() > LEAST_SIDE and sides.max() < MOST_SIDE):
        return False
    return bool(sides.max() / sides.min() < MOST_STRETCHED)


def tilted(frame: Floats, degrees: float, aspect: float) -> Floats:
    """The frame in a view that is tilted by so many degrees more: its middle goes around, its sides stay."""
    middle, half = (frame[:2] + frame[2:]) / 2, (frame[2:] - frame[:2]) / 2
    there = views.moved(middle.astype(np.float32), -degrees, aspect)
    return np.concatenate([there - half, there + half])
