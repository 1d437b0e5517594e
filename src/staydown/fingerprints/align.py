"""Moving windows until their fingerprints agree best, several at once.

A window is moved and stretched along one side, then along the other, first in wide steps, then in narrow
ones. The side that stays is transformed once, so that trying another place costs a sixteenth of a transform.
"""

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats
from staydown.fingerprints import spectrum
from staydown.fingerprints.spectrum import F
from staydown.fingerprints.views import OUTSIDE

Truths = npt.NDArray[np.bool_]
Distances = npt.NDArray[np.int64]
Options = npt.NDArray[np.float32]


def _options(shift: float, stretch: float) -> Options:
    """25 ways to change a side: 5 shifts and 5 stretches, both as parts of its length."""
    shifts, stretches = np.linspace(-shift, shift, 5), np.linspace(-stretch, stretch, 5)
    return np.stack(np.meshgrid(shifts, stretches), axis=-1).reshape(-1, 2).astype(np.float32)


WIDE, NARROW, FINE = _options(0.06, 0.08), _options(0.024, 0.03), _options(0.01, 0.012)


def aligned(canvases: Floats, boxes: Floats, wanted: Truths, steps: tuple[Options, ...]) -> tuple[Floats, Distances]:
    """Boxes (n x 4) moved on their canvases (n x 128 x 128, or half as many) towards the wanted bits (n x 256), and distances."""
    steps_down = spectrum.stepped(canvases)
    steps_across, turned = np.ascontiguousarray(steps_down.swapaxes(1, 2)), _transposed(wanted)
    found = boxes
    distances = np.full(len(boxes), 256)
    for options in steps:
        found, _ = _along(steps_down, found, turned, options)
        exchanged, distances = _along(steps_across, found[:, [1, 0, 3, 2]], wanted, options)
        found = exchanged[:, [1, 0, 3, 2]]
    return found, distances


def _transposed(wanted: Truths) -> Truths:
    return wanted.reshape(-1, F, F).swapaxes(1, 2).reshape(-1, F * F)


def _along(steps: Floats, boxes: Floats, wanted: Truths, options: Options) -> tuple[Floats, Distances]:
    """The best option for the horizontal side of each box; the wanted bits come column by column."""
    count, each, cells = len(boxes), len(options), steps.shape[-1] + 1
    starts, ends = _tried(boxes[:, 0], boxes[:, 2], options)
    across = spectrum.waves(starts, ends, cells).reshape(count, F * each, cells - 1)
    half = spectrum.waves(boxes[:, [1]], boxes[:, [3]], cells)[:, :, 0] @ steps
    transformed = (across @ half.swapaxes(1, 2)).reshape(count, F, each, F).swapaxes(1, 2) * spectrum.PARTS
    distances = (spectrum.above(transformed) != wanted[:, None]).sum(axis=2)
    off = (starts < -OUTSIDE) | (ends > 1 + OUTSIDE)
    best = np.argmin(distances + 256 * off, axis=1)
    rows = np.arange(count)
    moved = boxes.copy()
    moved[:, 0], moved[:, 2] = starts[rows, best], ends[rows, best]
    return moved, distances[rows, best]


def _tried(starts: Floats, ends: Floats, options: Options) -> tuple[Floats, Floats]:
    length = (ends - starts)[:, None]
    middle = (starts + ends)[:, None] / 2 + options[:, 0] * length
    half = length * (1 + options[:, 1]) / 2
    return (middle - half).astype(np.float32), (middle + half).astype(np.float32)
