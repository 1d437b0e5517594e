"""How well the sides of a quadrilateral lie on edges, and moving them onto these by a few samples."""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats

POINTS = 48  # along a side that is moved
STRETCHES, FOLD = 32, 2  # along a side that is judged: points, and how many are averaged for each
GRAIN = 3.0  # of 255: what steps anyway
LEAST_EVIDENCE, MOST_EVIDENCE = -0.7, 1.2  # of a stretch, see `rectangles`
MOST_STEP = 40.0  # of 255: a few strong steps do not outweigh a whole side of weak ones
NEAR, BESIDE = 1, 4  # samples from a side: an edge on it, and steps that have to be smaller
OUTER = 2.5  # samples: sides nearer to the picture's own are these
ENDS = 0.06  # of a side: left out at both ends, where the other sides step

SHARE = np.linspace(ENDS, 1 - ENDS, POINTS)
JUDGED = np.linspace(ENDS, 1 - ENDS, STRETCHES * FOLD)

Numbers = npt.NDArray[np.float64]
Quad = npt.NDArray[np.float64]
"""Four corners, 4 x 2: upper left, upper right, lower right, lower left, in samples."""
Quads = npt.NDArray[np.float64]


def held(small: Floats, found: Quads) -> Numbers:
    """How well the sides of n quadrilaterals (n x 4 x 2, in samples) lie on edges: n numbers, from -0.7 to 1.2.

    A side is held where the picture steps more across it than it does beside it (the logarithm of that, of each
    stretch). Pictures that were put there are held on all sides but the picture's own; what only looks like a
    part lacks one.
    """
    height, width = small.shape
    starts, ends = found, np.roll(found, -1, axis=1)
    evidence = _evidence(small, starts, ends)
    middle = (starts + ends) / 2
    real = ((middle > OUTER) & (middle < np.array([width, height]) - OUTER)).all(axis=-1)
    count = real.sum(axis=1)
    worst = np.where(real, evidence, MOST_EVIDENCE).min(axis=1)
    mean = np.where(real, evidence, 0.0).sum(axis=1) / np.maximum(1, count)
    scores: Numbers = np.where(count > 0, (worst + mean) / 2 * (0.7 + 0.075 * count), LEAST_EVIDENCE)
    return scores


def _evidence(small: Floats, starts: Quads, ends: Quads) -> Numbers:
    """For each side (... x 2 each) the mean evidence for an edge on it, or half a sample beside it."""
    across = _across(small, starts, ends, BESIDE, JUDGED)
    means = across.reshape(*across.shape[:-2], STRETCHES, FOLD, across.shape[-1]).mean(axis=-2)
    steps = np.abs(np.diff(means, axis=-1))
    near = steps[..., BESIDE - NEAR : BESIDE + NEAR + 1]
    beside = np.concatenate([steps[..., : BESIDE - NEAR - 1], steps[..., BESIDE + NEAR + 2 :]], axis=-1)
    found = np.log((near + GRAIN) / (beside.mean(axis=-1, keepdims=True) + GRAIN))
    found = found.clip(LEAST_EVIDENCE, MOST_EVIDENCE)
    pairs = np.maximum(found[..., :-1], found[..., 1:]).mean(axis=-2)
    best: Numbers = pairs.max(axis=-1)
    return best


def _across(small: Floats, starts: Quads, ends: Quads, reach: int, share: Numbers) -> Floats:
    """Samples on lines across sides (... x 2 each): ... x points x (2 reach + 2), the side itself in the middle."""
    height, width = small.shape
    along = ends - starts
    length = np.maximum(1e-6, np.hypot(along[..., :1], along[..., 1:]))
    normal = np.stack([-along[..., 1], along[..., 0]], axis=-1) / length
    offsets = np.arange(-reach - 1, reach + 1) + 0.5
    points = starts[..., None, :] + share[:, None] * along[..., None, :]
    places = points[..., None, :] + offsets[:, None] * normal[..., None, None, :]
    column = np.clip(places[..., 0].astype(np.intp), 0, width - 1)
    row = np.clip(places[..., 1].astype(np.intp), 0, height - 1)
    return small[row, column]


def sharpened(small: Floats, quad: Quad, reach: int) -> Quad:
    """A quadrilateral (4 x 2, in samples) whose sides are moved by at most `reach` samples at each end."""
    sides = [_moved(small, quad[at], quad[(at + 1) % 4], reach) for at in range(4)]
    return np.array([_crossing(sides[at - 1], sides[at]) for at in range(4)])


def _moved(small: Floats, start: Quad, end: Quad, reach: int) -> Quad:
    """The two ends of a side where the steps across it add up to most; the side itself on the picture's own."""
    height, width = small.shape
    along = end - start
    normal = np.array([-along[1], along[0]]) / np.hypot(*along)
    if not _is_inside((start + end) / 2, width, height):
        return np.stack([start, end])
    steps = np.minimum(np.abs(np.diff(_across(small, start, end, reach, SHARE), axis=-1)), MOST_STEP)
    places = np.arange(2 * reach + 1)
    first, last = np.repeat(places, len(places)), np.tile(places, len(places))
    each = np.rint(first[:, None] + (last - first)[:, None] * (SHARE - ENDS) / (1 - 2 * ENDS)).astype(np.intp)
    best = int(np.argmax(steps[np.arange(POINTS), each].sum(axis=1)))
    begins, ends = (start + at * along + (place - reach) * normal
                    for at, place in ((ENDS, first[best]), (1 - ENDS, last[best])))  # fmt: skip
    return np.stack([begins, ends])


def _is_inside(point: Quad, width: int, height: int) -> bool:
    return bool(OUTER < point[0] < width - OUTER and OUTER < point[1] < height - OUTER)


def _crossing(one: Quad, other: Quad) -> Quad:
    """Where two lines, each through two points, meet."""
    (x, y), (u, v) = one[1] - one[0], other[1] - other[0]
    away = other[0] - one[0]
    part = (away[0] * v - away[1] * u) / (x * v - y * u)
    meeting: Quad = one[0] + part * np.array([x, y])
    return meeting
