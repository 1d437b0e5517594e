"""Where a film plays over its own blurred and enlarged copy, as telephones fill an upright screen.

All of such a picture moves, so `framing` tells nothing. But the two edges of the film stay in their places, and what is
beyond them can be foretold from what is between them.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.decoding.frames import Grey, Span
from staydown.decoding.types import Floats

Places = npt.NDArray[np.intp]
Greys = npt.NDArray[np.uint8]

LOOKED_AT = 3  # pictures, about: edges that stay are seen in few
SMALLEST = 32  # samples of a side
SIDES = 0.45  # of a side: each edge is sought in the first and the last part
LEAST = 0.06  # of a side that a filled part must have
BLUR = 0.6  # times the sharpness of the film that what is around it may have
FORETOLD = 0.8  # correlation of what is around the film with what it should be
SOME = 4  # of so many columns one is looked at
BLOCKS = (8, 3)  # across and down, in which each filled part is compared


def content(pictures: list[Grey]) -> Span | None:
    """The part of pictures of one size that is a film over its own blur; None where there is no such part."""
    if min(pictures[0].shape) < SMALLEST:
        return None
    stack = np.stack(pictures[:: max(1, len(pictures) // LOOKED_AT)])
    if band := _band(stack):
        return 0, band[0], stack.shape[2], band[1]
    if band := _band(stack.transpose(0, 2, 1)):
        return band[0], 0, band[1], stack.shape[1]
    return None


def _band(stack: Greys) -> tuple[int, int] | None:
    """The first row and the end of the rows between two filled parts, of n x height x width samples."""
    thin, beside = (stack[:, :, at::SOME][:, :, : stack.shape[2] // SOME].astype(np.float32) for at in (0, 1))
    height = thin.shape[1]
    jumps = np.abs(np.diff(thin, axis=1)).mean(axis=(0, 2))
    near = int(SIDES * height)
    first, end = int(jumps[:near].argmax()) + 1, height - int(jumps[::-1][:near].argmax()) - 1
    if min(first, height - end) < LEAST * height:
        return None
    sharp = np.abs(beside - thin).mean(axis=(0, 2))
    around = np.concatenate([sharp[:first], sharp[end:]]).mean()
    if around > BLUR * sharp[first:end].mean():
        return None
    rows, columns, part = np.arange(height), np.arange(thin.shape[2]), (end - first) / height
    seen = _around(thin, rows, columns, first, end)
    filled = first + (rows * part).astype(np.intp), (columns * part + thin.shape[2] * (1 - part) / 2).astype(np.intp)
    return (first, end) if _correlation(seen, _around(thin, *filled, first, end)) >= FORETOLD else None


def _around(stack: Floats, rows: Places, columns: Places, first: int, end: int) -> Floats:
    """What a picture of these rows and columns of each picture shows above `first` and from `end` on: n x blocks."""
    parts = [stack[:, some][:, :, columns] for some in (rows[:first], rows[end:])]
    found: Floats = np.stack([[_blocks(picture) for picture in part] for part in parts], axis=1)
    return found - found.mean(axis=(1, 2, 3), keepdims=True)


def _blocks(picture: Floats) -> Floats:
    return np.asarray(Image.fromarray(picture).resize(BLOCKS, Image.Resampling.BOX), np.float32)


def _correlation(one: Floats, other: Floats) -> float:
    energy = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / energy if energy else 0.0
