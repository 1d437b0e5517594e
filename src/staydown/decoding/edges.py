"""How well the sides of quadrilaterals lie on edges, and moving them onto these by a few samples.

In C (kernel/sides.c) but for logarithms and products of matrices, and with numpy, some five times slower, where no compiler
was there.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address, library
from staydown.decoding.types import Floats

POINTS = 48  # along a side that is moved
STRETCHES, FOLD = 32, 2  # along a side that is judged: points, and how many are averaged for each
GRAIN = 3.0  # of 255: what steps anyway
LEAST_EVIDENCE, MOST_EVIDENCE = -0.7, 1.2  # of a stretch, see `lines`
MOST_STEP = 40.0  # of 255: a few strong steps do not outweigh a whole side of weak ones
NEAR, BESIDE = 1, 4  # samples from a side: an edge on it, and steps that have to be smaller
OUTSIDE = (0, 1, -2, -1)  # of the steps across a side: those beside it
OUTER = 2.5  # samples: sides nearer to the picture's own are these
ENDS = 0.06  # of a side: left out at both ends, where the other sides step

SHARE = np.linspace(ENDS, 1 - ENDS, POINTS)
JUDGED = np.linspace(ENDS, 1 - ENDS, STRETCHES * FOLD)

Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Quad = npt.NDArray[np.float64]
"""Four corners, 4 x 2: upper left, upper right, lower right, lower left, in samples."""
Quads = npt.NDArray[np.float64]


def held(small: Floats, found: Quads) -> Numbers:
    """How well the sides of n quadrilaterals (n x 4 x 2, in samples) lie on edges: n numbers, from -0.7 to 1.2.

    A side is held where the picture steps more across it than it does beside it (the logarithm of that, of each
    stretch). Pictures that were put there are held on all sides but the picture's own; what only looks like a
    part lacks one.
    """
    if (compiled := library()) is None:
        return _held(small, found)
    seen, some = np.ascontiguousarray(small, np.float32), np.ascontiguousarray(found, np.float64)
    (height, width), count = seen.shape, len(some)
    steps, scores = np.empty((count, 4, 2 * NEAR + 1, STRETCHES), np.float32), np.empty(count)
    compiled.staydown_beside(address(seen), width, height, address(some), count, address(JUDGED), GRAIN, address(steps))
    np.log(steps, out=steps)
    compiled.staydown_judged(
        address(steps), address(some), count, width, height, OUTER, LEAST_EVIDENCE, MOST_EVIDENCE, address(scores)
    )
    return scores


def _held(small: Floats, found: Quads) -> Numbers:
    starts, ends = found, np.roll(found, -1, axis=1)
    evidence = _evidence(small, starts, ends)
    real = _is_inside((starts + ends) / 2, small)
    count = real.sum(axis=1)
    worst = np.where(real, evidence, MOST_EVIDENCE).min(axis=1)
    mean = np.where(real, evidence, 0.0).sum(axis=1) / np.maximum(1, count)
    scores: Numbers = np.where(count > 0, (worst + mean) / 2 * (0.7 + 0.075 * count), LEAST_EVIDENCE)
    return scores


def _evidence(small: Floats, starts: Quads, ends: Quads) -> Numbers:
    """For each side (n x 4 x 2 each) the mean evidence for an edge on it, or half a sample beside it."""
    across = _across(small, starts, ends, BESIDE, JUDGED)
    means = across[..., ::FOLD, :] + across[..., 1::FOLD, :]
    means /= FOLD
    steps = np.abs(means[..., 1:] - means[..., :-1])
    near = steps[..., BESIDE - NEAR : BESIDE + NEAR + 1]
    beside = np.add.reduce([steps[..., at] for at in OUTSIDE]) / np.float32(len(OUTSIDE))
    found = np.log((near + np.float32(GRAIN)) / (beside[..., None] + np.float32(GRAIN)))
    found = np.minimum(np.maximum(found, np.float32(LEAST_EVIDENCE)), np.float32(MOST_EVIDENCE))
    pairs = np.add.reduce(np.maximum(found[..., :-1], found[..., 1:]), axis=-2) / STRETCHES
    best: Numbers = pairs.max(axis=-1)
    return best


def _across(small: Floats, starts: Quads, ends: Quads, reach: int, share: Numbers) -> Floats:
    """Samples on lines across sides (... x 2 each): ... x points x (2 reach + 2), the side itself in the middle."""
    along = ends - starts
    normal = _normals(along)
    return _sampled(small, starts, along, normal, reach, share)


def _normals(along: Quads) -> Quads:
    normals: Quads = along[..., ::-1] * (-1, 1) / np.maximum(1e-6, np.hypot(along[..., :1], along[..., 1:]))
    return normals


def _sampled(small: Floats, starts: Quads, along: Quads, normal: Quads, reach: int, share: Numbers) -> Floats:
    height, width = small.shape
    offsets = np.arange(-reach - 1, reach + 1) + 0.5
    points = starts[..., None, :] + share[:, None] * along[..., None, :]
    places = points[..., None, :] + offsets[:, None] * normal[..., None, None, :]
    column = np.clip(places[..., 0].astype(np.intp), 0, width - 1)
    row = np.clip(places[..., 1].astype(np.intp), 0, height - 1)
    return small[row, column]


def sharpened(small: Floats, found: Quads, reach: int) -> Quads:
    """Quadrilaterals (n x 4 x 2, in samples) whose sides are moved by at most `reach` samples at each end."""
    if (compiled := library()) is None:
        return _sharpened(small, found, reach)
    seen, some = np.ascontiguousarray(small, np.float32), np.ascontiguousarray(found, np.float64)
    (height, width), count, ways, laid = seen.shape, len(some), _laid(reach), np.empty_like(some)
    steps = np.empty((count, 4, len(ways)), np.float32)
    if not compiled.staydown_across_sides(
        address(seen), width, height, address(some), count, address(SHARE), POINTS, reach, MOST_STEP, address(steps)
    ):
        return _sharpened(small, found, reach)
    best = (steps @ ways).argmax(axis=-1)
    compiled.staydown_laid(address(some), count, address(best), reach, ENDS, width, height, OUTER, address(laid))
    return laid


def _sharpened(small: Floats, found: Quads, reach: int) -> Quads:
    starts, ends = _moved(small, found, np.roll(found, -1, axis=1), reach)
    return _crossings(np.roll(starts, 1, axis=1), np.roll(ends, 1, axis=1), starts, ends)


def _moved(small: Floats, starts: Quads, ends: Quads, reach: int) -> tuple[Quads, Quads]:
    """The two ends of each side where the steps across it add up to most; the side itself on the picture's own."""
    along = ends - starts
    normal = _normals(along)
    across = _across(small, starts, ends, reach, SHARE)
    steps = np.minimum(np.abs(across[..., 1:] - across[..., :-1]), np.float32(MOST_STEP))
    ways = _laid(reach)
    best = (steps.reshape(*along.shape[:-1], len(ways)) @ ways).argmax(axis=-1)
    first, last = (place[..., None] - reach for place in np.divmod(best, 2 * reach + 1))
    inside = _is_inside((starts + ends) / 2, small)[..., None]
    return (
        np.where(inside, starts + ENDS * along + first * normal, starts),
        np.where(inside, starts + (1 - ENDS) * along + last * normal, ends),
    )


@lru_cache(maxsize=8)  # of half a megabyte: reaches are few
def _laid(reach: int) -> Floats:
    """Every way to lay a side between places beside it: which step counts at each point, (points x places) x ways."""
    places = np.arange(2 * reach + 1)
    first, last = np.repeat(places, len(places)), np.tile(places, len(places))
    each = np.rint(first + (last - first) * (SHARE[:, None] - ENDS) / (1 - 2 * ENDS)).astype(np.intp)
    ways: Floats = (each[:, None] == places[:, None]).reshape(-1, len(first)).astype(np.float32)
    return ways


def _is_inside(points: Quads, small: Floats) -> Truths:
    """Which points (... x 2) are not on the picture's own sides."""
    height, width = small.shape
    inside: Truths = ((points > OUTER) & (points < np.array([width, height]) - OUTER)).all(axis=-1)
    return inside


def _crossings(start: Quads, end: Quads, other_start: Quads, other_end: Quads) -> Quads:
    """Where lines, each through two points, meet others."""
    one, other, away = end - start, other_end - other_start, other_start - start
    part = _spanned(away, other) / _spanned(one, other)
    meeting: Quads = start + part[..., None] * one
    return meeting


def _spanned(one: Quads, other: Quads) -> Numbers:
    area: Numbers = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return area
