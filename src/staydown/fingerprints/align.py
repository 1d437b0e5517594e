"""Moving windows until their fingerprints agree best, several at once.

A window is moved and stretched along one side, then along the other, first in wide steps, then in narrow
ones. The side that stays is transformed once, so that trying another place costs a sixteenth of a transform.
In C (kernel/align.c), and with numpy, some six times slower, where no compiler was there.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address
from staydown.decoding.types import Floats
from staydown.fingerprints import spectrum
from staydown.fingerprints.kernel import library
from staydown.fingerprints.spectrum import F

Truths = npt.NDArray[np.bool_]
Distances = npt.NDArray[np.int64]
Options = npt.NDArray[np.float32]

OUTSIDE = 0.12  # of the canvas that a window may reach beyond it; there its edges go on


def _options(shift: float, stretch: float) -> Options:
    """25 ways to change a side: 5 shifts and 5 stretches, both as parts of its length."""
    shifts, stretches = np.linspace(-shift, shift, 5), np.linspace(-stretch, stretch, 5)
    return np.stack(np.meshgrid(shifts, stretches), axis=-1).reshape(-1, 2).astype(np.float32)


WIDE, NARROW, FINE = _options(0.06, 0.08), _options(0.024, 0.03), _options(0.01, 0.012)


Steps = tuple[Floats, Floats]
"""A canvas stepped (see `spectrum.stepped`), n x n, and the same with its sides exchanged; both C-contiguous."""


def stepped(canvas: Floats) -> Steps:
    """A canvas (128 x 128, or half as many cells) as windows are moved on it."""
    down = np.ascontiguousarray(spectrum.stepped(canvas), np.float32)
    return down, np.ascontiguousarray(down.T)


def aligned(
    canvases: Sequence[Steps], boxes: Floats, wanted: Truths, rounds: tuple[Options, ...]
) -> tuple[Floats, Distances]:
    """n boxes (n x 4), each moved on its canvas, all of one size, towards the wanted bits (n x 256), and distances."""
    compiled = library()
    if compiled is None:
        return _by_numpy(canvases, boxes, wanted, rounds)
    found, bits, options = boxes.astype(np.float32, order="C"), np.ascontiguousarray(wanted), np.concatenate(rounds)
    down, across = (np.array([address(canvas[side]) for canvas in canvases], np.uintp) for side in (0, 1))
    distances = np.empty(len(found), np.int64)
    compiled.staydown_aligned(
        address(down), address(across), len(canvases[0][0]), address(found), len(found), address(bits),
        address(options), len(options) // len(rounds), len(rounds), OUTSIDE, address(distances),
    )  # fmt: skip
    return found, distances


def _by_numpy(
    canvases: Sequence[Steps], boxes: Floats, wanted: Truths, rounds: tuple[Options, ...]
) -> tuple[Floats, Distances]:
    steps_down, steps_across = (np.stack([canvas[side] for canvas in canvases]) for side in (0, 1))
    turned, found, distances = _transposed(wanted), boxes, np.full(len(boxes), 256)
    for options in rounds:
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
