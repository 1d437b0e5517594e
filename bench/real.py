"""Hashes as real pictures have them: crops of benign pictures, each in its eight forms, flat ones among them.

`python -m bench.real [COUNTS]` writes the largest number of them for `bench/matching.py`, which runs where only numpy
and the peers are. A tenth of the pictures, drawn by lot, is held out: what is looked up is of none of the pictures that
are known. (The first by name would be one package's logos and plain grounds.) Of each crop PDQ's quality is kept: below
50 it is flat.

Ten million pictures are not to be had; so there are some ten thousand hashes of each, and crops that overlap are near
each other as pictures of different people and places are not. What is looked up is near none of them, except where both
are flat.
"""

import contextlib
import io
import sys
from collections.abc import Iterator

import numpy as np
from PIL import Image

from bench.gallery import ALIKE
from bench.photographs import CACHE, fetch, found
from staydown.decoding.bands import cells, through
from staydown.decoding.types import CANVAS, REDUCED, Floats
from staydown.fingerprints import pdq, spectrum
from staydown.fingerprints.turns import TURNS

FILE = CACHE / "real-hashes-2.npz"
SMALLEST = 0.2  # of a side: what a crop at least leaves
WHOLE = np.array([[0, 0, 1, 1]], np.float32)
Crops = tuple[np.ndarray, np.ndarray]  # n x 8 x 32 uint8: the forms of each; n uint8: PDQ's quality


def canvases() -> Iterator[Floats]:
    """128 x 128 luminance of each picture that is no copy of one before."""
    known = np.empty((0, 32), np.uint8)
    for _, data in found():
        with contextlib.suppress(OSError, ValueError, Image.DecompressionBombError):
            with Image.open(io.BytesIO(data)) as picture:
                picture.draft("L", (512, 512))
                small = picture.convert("L").resize((CANVAS, CANVAS), Image.Resampling.BOX)
            canvas = np.asarray(small, np.float32)
            whole = _forms(spectrum.coefficients(canvas, WHOLE))[0]
            apart = np.bitwise_count(whole[:, None] ^ known).sum(axis=2)
            if not apart.size or apart.min() > ALIKE:
                known = np.concatenate([known, whole[:1]])
                yield canvas


def crops(canvas: Floats, sides: int, rng: np.random.Generator) -> Crops:
    """sides x sides random crops."""
    lengths = rng.uniform(SMALLEST, 1, (2, sides))
    starts = rng.uniform(0, 1 - lengths)
    ends = (starts + lengths).astype(np.float32)
    columns, rows = map(spectrum.sides, starts.astype(np.float32), ends)
    forms = _forms(spectrum.of_grid(canvas, columns, rows).reshape(-1, 16, 16))
    return forms, _qualities(canvas, starts, ends)


def _forms(wholes: Floats) -> np.ndarray:
    return np.stack([spectrum.packed(turn.of_coefficients(wholes)) for turn in TURNS], axis=1)


def _qualities(canvas: Floats, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """PDQ's quality of every row interval with every column interval, in the order of `spectrum.of_grid`."""
    across, down = (
        cells(CANVAS, tuple(zip(start, end, strict=True)), REDUCED)
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    )
    count = starts.shape[1]
    reduced = through(down, across, canvas).reshape(count, REDUCED, count, REDUCED)
    return pdq.qualities(reduced.transpose(0, 2, 1, 3).reshape(-1, REDUCED, REDUCED))


def _drawn(each: list[Crops], count: int, rng: np.random.Generator) -> Crops:
    """So many hashes of some pictures' crops, in the order of a lot, and the quality of each."""
    forms, quality = (np.concatenate(column) for column in zip(*each, strict=True))
    chosen = rng.permutation(forms.shape[0] * forms.shape[1])[:count]
    return forms.reshape(-1, 32)[chosen], quality[chosen // forms.shape[1]]


def write(count: int) -> None:
    """Write so many known hashes, and 20,000 of other pictures."""
    fetch()
    rng, pictures = np.random.default_rng(4), list(canvases())
    sides = int(np.ceil(np.sqrt(count / (8 * 0.9 * len(pictures)))))
    each = [crops(pictures[place], sides, rng) for place in rng.permutation(len(pictures))]
    held_out = max(1, len(each) // 10)
    (known, of_known), (queries, of_queries) = _drawn(each[held_out:], count, rng), _drawn(each[:held_out], 20_000, rng)
    np.savez(FILE, known=known, known_quality=of_known, queries=queries, queries_quality=of_queries)
    print(
        f"{len(known)} hashes of crops of {len(pictures) - held_out} pictures, {(of_known < 50).mean():.1%} of them flat; "
        f"{len(queries)} of {held_out} others, {(of_queries < 50).mean():.1%} flat"
    )


if __name__ == "__main__":
    write(max([int(each) for each in sys.argv[1:]] or [1_000_000]))
