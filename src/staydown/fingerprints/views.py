"""A region as it is and tilted by some degrees: a copy that was straightened, or turned a little and cut.

A tilted view is the same 128 x 128 cells, turned about the middle in the proportions of the picture; what lies
beyond its edges is not shown, and windows that reach there are not compared.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import CANVAS, Floats
from staydown.fingerprints import spectrum
from staydown.fingerprints.align import OUTSIDE, Steps, stepped
from staydown.fingerprints.turns import Turn

STEP = 4  # degrees from one view to the next; half of it leaves most bits as they are
MOST = 16  # degrees
SMALL = CANVAS // 2  # rows and columns for what need not be exact


@dataclass(frozen=True, eq=False)
class View:
    """A region (its place among `Sight.regions`) tilted clockwise by degrees; `straight` is its canvas as it is."""

    region: int
    tilt: int
    aspect: float
    straight: Floats
    _steps: dict[Turn, Floats] = field(default_factory=dict, init=False, repr=False)
    _small_steps: dict[Turn, Steps] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def canvas(self) -> Floats:
        """128 x 128 cells of the tilted region."""
        return tilted(self.straight, self.tilt, self.aspect)

    @cached_property
    def small(self) -> Floats:
        """The same in 64 x 64 cells."""
        rows = self.straight[::2] + self.straight[1::2]
        half = np.multiply(rows[:, ::2] + rows[:, 1::2], 0.25, dtype=np.float32)
        return tilted(half, self.tilt, self.aspect)

    def steps(self, turn: Turn) -> Floats:
        """The canvas when turned, stepped (see `spectrum.stepped`); kept, because many candidates are laid on it."""
        if turn not in self._steps:
            self._steps[turn] = np.ascontiguousarray(spectrum.stepped(turn.of_canvas(self.canvas)))
        return self._steps[turn]

    def small_steps(self, turn: Turn) -> Steps:
        """The small one when turned, as windows are moved on it (see `align`); kept, too."""
        if turn not in self._small_steps:
            self._small_steps[turn] = stepped(turn.of_canvas(self.small))
        return self._small_steps[turn]

    def shows(self, boxes: Floats) -> npt.NDArray[np.bool_]:
        """Which boxes (n x 4) lie on the picture."""
        sides = boxes
        if self.tilt:
            corners = boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]]
            sides = moved(corners, self.tilt, self.aspect).reshape(len(boxes), -1)
        shown: npt.NDArray[np.bool_] = ((sides > -OUTSIDE) & (sides < 1 + OUTSIDE)).all(axis=1)
        return shown


def moved(points: Floats, degrees: float, aspect: float) -> Floats:
    """Where points (... x 2) of a view tilted by so many degrees lie in the picture that was not tilted."""
    angle = np.deg2rad(degrees)
    sine, cosine = np.sin(angle), np.cos(angle)
    turned = np.array([[cosine, sine * aspect], [-sine / aspect, cosine]], dtype=np.float32)  # of row vectors
    there: Floats = ((points - np.float32(0.5)) @ turned + np.float32(0.5)).astype(np.float32, copy=False)
    return there


def tilted(straight: Floats, degrees: int, aspect: float) -> Floats:
    """A square canvas tilted; each cell is interpolated from four, and edges go on."""
    if not degrees:
        return straight
    cells = len(straight)
    middles = (np.arange(cells, dtype=np.float32) + np.float32(0.5)) / np.float32(cells)
    points = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
    last = np.float32(cells - 1.001)
    across, down = np.clip(moved(points, degrees, aspect) * np.float32(cells) - np.float32(0.5), 0, last).T
    column, row = across.astype(np.intp), down.astype(np.intp)
    across, down, flat, first = across - column, down - row, straight.ravel(), row * cells + column
    upper = flat[first] * (1 - across) + flat[first + 1] * across
    lower = flat[first + cells] * (1 - across) + flat[first + cells + 1] * across
    seen: Floats = (upper * (1 - down) + lower * down).astype(np.float32).reshape(cells, cells)
    return seen
