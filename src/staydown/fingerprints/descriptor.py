"""The copy-detection descriptor: 512 numbers that stay nearly the same whatever people do to a picture.

Kept in 576 bytes. First 512 bits, the signs of the numbers (64 bytes, first number in the highest bit of the
first byte); then the numbers themselves as 512 signed bytes, in steps of 1/127 of the largest of them. Only the
direction means anything, so the step need not be kept: a cosine is the product of two such rows divided by both
lengths, and differs from that of the numbers themselves by less than 0.01.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats, Region
from staydown.fingerprints import models, sight
from staydown.fingerprints.errors import MalformedDescriptor, NoModels, WrongModel
from staydown.fingerprints.models import Model, Pixels
from staydown.fingerprints.windows import ENOUGH

Levels = npt.NDArray[np.int8]

NUMBERS = 512
SIGNS = NUMBERS // 8
LENGTH = SIGNS + NUMBERS
STEPS = 127  # of the largest number
CANDIDATE = 0.35  # cosine from which a picture is a candidate, for `verify` to confirm; alone it proves nothing


def of_pixels(pixels: Pixels, model: Model = Model.STUDENT) -> Floats:
    """The numbers of n x 288 x 288 x 3 uint8 pictures, RGB: n x 512 float32, each of length 1.

    Raises `NoModels` or `WrongModel`.
    """
    return models.opened(model).of_pixels(pixels)


def trouble() -> NoModels | WrongModel | None:
    """Why there are no descriptors in this process, or None."""
    return models.trouble(Model.STUDENT)


def of_regions(regions: Iterable[Region]) -> dict[Region, bytes]:
    """The 576 bytes of each region that came in colour and is not flat, in their order.

    A flat region resembles every other, so 50 is asked of its quality. Turned forms, a grey one and the negative
    were measured and found nothing that the region as it is, and PDQ, do not find (docs/decisions/0012).
    """
    coloured = tuple(region for region in regions if region.rgb is not None)
    if not coloured:
        return {}
    seen = [(region, region.rgb) for region in sight.telling(coloured, ENOUGH) if region.rgb is not None]
    if not seen or trouble() is not None:
        return {}
    numbers = of_pixels(np.stack([rgb for _, rgb in seen]))
    return dict(zip((region for region, _ in seen), packed(numbers), strict=True))


def packed(numbers: Floats) -> tuple[bytes, ...]:
    """The 576 bytes of each of n x 512 float32."""
    largest = np.abs(numbers).max(axis=1, keepdims=True)
    levels = np.rint(numbers / largest * STEPS).astype(np.int8)
    signs = np.packbits(numbers > 0, axis=1)
    return tuple(sign.tobytes() + level.tobytes() for sign, level in zip(signs, levels, strict=True))


def levels(stored: Iterable[bytes]) -> Levels:
    """The signed bytes of n descriptors: n x 512 int8. Raises `MalformedDescriptor`."""
    rows = [_levels(each) for each in stored]
    return np.stack(rows) if rows else np.empty((0, NUMBERS), np.int8)


def signs(stored: Iterable[bytes]) -> npt.NDArray[np.uint8]:
    """The signs of n descriptors: n x 64 uint8. Raises `MalformedDescriptor`."""
    kept = list(stored)
    levels(kept)
    return np.array([np.frombuffer(each, np.uint8, SIGNS) for each in kept], np.uint8).reshape(-1, SIGNS)


def _levels(stored: bytes) -> Levels:
    if len(stored) != LENGTH:
        raise MalformedDescriptor
    row = np.frombuffer(stored, np.int8, NUMBERS, SIGNS)
    if row.min() == -STEPS - 1 or max(row.max(), -row.min()) != STEPS:
        raise MalformedDescriptor
    return row


def similarities(some: Levels, others: Levels) -> Floats:
    """The cosine of each of n with each of m: n x m float32, -1 to 1."""
    one, other = some.astype(np.float32), others.astype(np.float32)
    lengths = np.linalg.norm(one, axis=1)[:, None] * np.linalg.norm(other, axis=1)
    cosines: Floats = (one @ other.T / lengths).astype(np.float32)
    return cosines
