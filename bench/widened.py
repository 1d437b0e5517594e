"""Real descriptors for measuring, and as many more like them as a size asks for.

- *Real*: each picture of the gallery as a whole, and nine crops of it (a quarter to nine tenths of its area, every second
  one mirrored), through the network.
- *Asked*: photographs of the gallery, each in one of the sixty edits, fingerprinted as an upload: one to seven descriptors.
- *Widened*: from there on vectors drawn at random with the mean and the covariance of the real ones, each turned towards a
  real one by a random share, and brought to signed bytes as real ones are.

The first two are made once and kept in the cache.
"""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from bench import recall
from bench.gallery import Picture, pictures
from bench.photographs import CACHE
from staydown import fingerprints
from staydown.fingerprints import descriptor

Levels = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float32]

KEPT = CACHE / "descriptors-2.npz"
SIDE = 288
CROPS = 9  # of each picture
UPLOADS = 200
AT_ONCE = 10_000
NEAR = 0.5  # the largest share of a real descriptor in one that was drawn


@dataclass(frozen=True, slots=True)
class Real:
    """`known`: n x 512, ten of each picture. `asked`: m x 512, of upload `upload[i]`, whose source's rows are
    `source[i]` * 10 and the nine after it.
    """

    known: Levels
    asked: Levels
    upload: npt.NDArray[np.int64]
    source: npt.NDArray[np.int64]


def real() -> Real:
    """From the cache, or made: some minutes."""
    if not KEPT.exists():
        found = pictures()
        known = np.concatenate([_of_picture(picture) for picture in found])
        asked, upload, source = _of_uploads(found)
        np.savez(KEPT, known=known, asked=asked, upload=upload, source=source)
    with np.load(KEPT) as kept:
        return Real(kept["known"], kept["asked"], kept["upload"], kept["source"])


def widened(known: Levels, size: int) -> Iterator[Levels]:
    """`size` descriptors, some thousands at a time: the real ones first."""
    yield known[:size]
    rng, left = np.random.default_rng(7), size - len(known)
    numbers = known.astype(np.float32)
    numbers /= np.linalg.norm(numbers, axis=1, keepdims=True)
    mean, factor = numbers.mean(axis=0), _factor(numbers)
    while left > 0:
        count = min(AT_ONCE, left)
        drawn = mean + rng.standard_normal((count, len(factor)), dtype=np.float32) @ factor
        share = rng.uniform(0, NEAR, (count, 1)).astype(np.float32)
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        yield levels_of((1 - share) * drawn + share * numbers[rng.integers(0, len(numbers), count)])
        left -= count


def levels_of(numbers: Floats) -> Levels:
    """As the bank keeps them."""
    return descriptor.levels(descriptor.packed(numbers))


def _factor(numbers: Floats) -> Floats:
    """What standard normal numbers are multiplied with to have the covariance of these."""
    values, directions = np.linalg.eigh(np.cov(numbers, rowvar=False))
    factor: Floats = (np.sqrt(np.maximum(values, 0))[:, None] * directions.T).astype(np.float32)
    return factor


def _of_picture(picture: Picture) -> Levels:
    rng = random.Random(picture.name)  # noqa: S311 - to be repeated
    whole = Image.open(io.BytesIO(picture.data)).convert("RGB")
    crops = (_crop(whole, rng) for _ in range(CROPS))
    seen = [whole, *(ImageOps.mirror(crop) if place % 2 else crop for place, crop in enumerate(crops))]
    pixels = np.stack(
        [np.asarray(each.resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2)) for each in seen]
    )
    return levels_of(descriptor.of_pixels(pixels))


def _crop(whole: Image.Image, rng: random.Random) -> Image.Image:
    wide, high = (int(side * rng.uniform(0.25, 0.9) ** 0.5) for side in whole.size)
    left, top = rng.randint(0, whole.width - wide), rng.randint(0, whole.height - high)
    return whole.crop((left, top, left + wide, top + high))


def _of_uploads(found: list[Picture]) -> tuple[Levels, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rng = random.Random(5)  # noqa: S311 - to be repeated
    sources = [place for place, picture in enumerate(found) if picture.is_source]
    asked: list[Levels] = []
    places: list[tuple[int, int]] = []
    for upload in range(UPLOADS):
        source, beside, edit = rng.choice(sources), rng.choice(found), rng.choice(sorted(recall.EDITS))
        made = fingerprints.of_image(recall.made(found[source], edit, beside), descriptors=True)
        levels = descriptor.levels(made.descriptors)
        asked.append(levels)
        places += [(upload, source)] * len(levels)
    upload_of, source_of = np.array(places, np.int64).T
    return np.concatenate(asked), upload_of, source_of


if __name__ == "__main__":
    print(*(each.shape for each in (real().known, real().asked)))
