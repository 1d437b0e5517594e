"""Where a film plays over its own blurred and enlarged copy, as telephones fill an upright screen.

All of such a picture moves, so `framing` tells nothing. But the two edges of the film stay in their places, and what is
beyond them can be foretold from what is between them.
"""

import numpy as np
from PIL import Image

from staydown.decoding.frames import Grey, Span
from staydown.decoding.types import Floats

LOOKED_AT = 3  # pictures, about: edges that stay are seen in few
SMALLEST = 32  # samples of a side
SIDES = 0.45  # of a side: each edge is sought in the first and the last part
LEAST = 0.06  # of a side that a filled part must have
BLUR = 0.6  # times the sharpness of the film that what is around it may have
FORETOLD = 0.8  # correlation of what is around the film with what it should be
SOME = 4  # of so many samples one is looked at along an edge
BLOCKS = (8, 3)  # across and down, in which each filled part is compared


def content(pictures: list[Grey]) -> Span | None:
    """The part of pictures of one size that is a film over its own blur; None where there is no such part."""
    if min(pictures[0].shape) < SMALLEST:
        return None
    stack = np.stack(pictures[:: max(1, len(pictures) // LOOKED_AT)]).astype(np.float32)
    if band := _band(stack):
        return 0, band[0], stack.shape[2], band[1]
    if band := _band(stack.transpose(0, 2, 1)):
        return band[0], 0, band[1], stack.shape[1]
    return None


def _band(stack: Floats) -> tuple[int, int] | None:
    """The first row and the end of the rows between two filled parts, of n x height x width samples."""
    height = stack.shape[1]
    jumps = np.abs(np.diff(stack[:, :, ::SOME], axis=1)).mean(axis=(0, 2))
    near = int(SIDES * height)
    first, end = int(jumps[:near].argmax()) + 1, height - int(jumps[::-1][:near].argmax()) - 1
    if min(first, height - end) < LEAST * height:
        return None
    sharp = np.abs(np.diff(stack, axis=2)).mean(axis=(0, 2))
    around = np.concatenate([sharp[:first], sharp[end:]]).mean()
    if around > BLUR * sharp[first:end].mean():
        return None
    seen, foretold = (
        np.concatenate([_blocks(each, first, end) for each in some]) for some in (stack, _filled(stack, first, end))
    )
    return (first, end) if _correlation(seen, foretold) >= FORETOLD else None


def _filled(stack: Floats, first: int, end: int) -> Floats:
    """Each picture's rows from the first to the end, enlarged from the middle until they fill the picture."""
    _, height, width = stack.shape
    part = (end - first) / height
    rows = first + (np.arange(height) * part).astype(np.intp)
    columns = ((np.arange(width) - width / 2) * part + width / 2).astype(np.intp)
    return stack[:, rows][:, :, columns]


def _blocks(picture: Floats, first: int, end: int) -> Floats:
    parts = [Image.fromarray(part).resize(BLOCKS, Image.Resampling.BOX) for part in (picture[:first], picture[end:])]
    found: Floats = np.concatenate([np.asarray(part, np.float32).ravel() for part in parts])
    return found - found.mean()


def _correlation(one: Floats, other: Floats) -> float:
    energy = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / energy if energy else 0.0
