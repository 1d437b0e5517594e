"""The eight orientations, in the order of `pdq.turned`: how a canvas, a box and coefficients are turned."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats
from staydown.fingerprints.pdq import ACROSS, DOWN, FREQUENCIES

Hashes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Turn:
    """One orientation: rows backwards, columns backwards, then sides exchanged. `words` complete "found ..."."""

    rows_back: bool
    columns_back: bool
    exchanged: bool
    words: str

    def of_canvas(self, canvas: Floats) -> Floats:
        """A canvas so turned (rows and columns are the last two axes)."""
        seen = canvas[..., :: -1 if self.rows_back else 1, :: -1 if self.columns_back else 1]
        return seen.swapaxes(-1, -2) if self.exchanged else seen

    def of_boxes(self, boxes: Floats) -> Floats:
        """Where boxes (n x 4: left, top, right, bottom) of a canvas are on the turned canvas."""
        left, top, right, bottom = range(4)
        seen = boxes.copy()
        if self.columns_back:
            seen[:, [left, right]] = 1 - boxes[:, [right, left]]
        if self.rows_back:
            seen[:, [top, bottom]] = 1 - boxes[:, [bottom, top]]
        return seen[:, [top, left, bottom, right]] if self.exchanged else seen

    def undone(self, boxes: Floats) -> Floats:
        """Where boxes of the turned canvas are on the canvas: the inverse of `of_boxes`."""
        seen = boxes[:, [1, 0, 3, 2]] if self.exchanged else boxes
        return replace(self, exchanged=False).of_boxes(seen)

    def of_hashes(self, hashes: Hashes) -> Hashes:
        """The fingerprints (n x 32) of what is so turned, told from those of what is upright.

        Exact where sides are only exchanged; where one is backwards up to 22 bits beside those of the turned picture,
        because the median of the coefficients is not quite zero.
        """
        bits = np.unpackbits(hashes, axis=1)[:, ::-1].reshape(-1, FREQUENCIES, FREQUENCIES)
        if self.rows_back:
            bits = bits ^ (DOWN < 0)
        if self.columns_back:
            bits = bits ^ (ACROSS < 0)
        seen = bits.swapaxes(1, 2) if self.exchanged else bits
        return np.packbits(seen.reshape(len(bits), -1)[:, ::-1], axis=1)

    def of_coefficients(self, transformed: Floats) -> Floats:
        """The coefficients (... x n x n, the lowest n of 16) of what is so turned; exact for a canvas."""
        seen, count = transformed, transformed.shape[-1]
        if self.rows_back:
            seen = seen * DOWN[:count]
        if self.columns_back:
            seen = seen * ACROSS[:, :count]
        return seen.swapaxes(-1, -2) if self.exchanged else seen


TURNS = (
    Turn(False, False, False, "upright"),
    Turn(False, True, True, "turned by 90 degrees"),
    Turn(True, True, False, "upside down (turned by 180 degrees)"),
    Turn(True, False, True, "turned by 270 degrees"),
    Turn(True, False, False, "mirrored top to bottom"),
    Turn(False, True, False, "mirrored left to right"),
    Turn(False, False, True, "mirrored along a diagonal"),
    Turn(True, True, True, "mirrored along the other diagonal"),
)
UPRIGHT, MIRRORED = TURNS[0], TURNS[5]
