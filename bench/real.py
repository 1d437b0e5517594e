"""Hashes as real pictures have them: crops of benign pictures, each in its eight forms, flat ones among them.

`python -m bench.real [COUNTS]` writes the largest number of them for `bench/matching.py`, which runs where only numpy
and the peers are. A tenth of the pictures is held out: what is looked up is of none of the pictures that are known.
"""

import contextlib
import io
import sys
from collections.abc import Iterator

import numpy as np
from PIL import Image

from bench.gallery import ALIKE
from bench.photographs import CACHE, fetch, found
from staydown.decoding.types import CANVAS, Floats
from staydown.fingerprints import spectrum
from staydown.fingerprints.turns import TURNS

FILE = CACHE / "real-hashes.npz"
SMALLEST = 0.2  # of a side: what a crop at least leaves
WHOLE = np.array([[0, 0, 1, 1]], np.float32)
MOST = 400  # pictures


def canvases() -> Iterator[Floats]:
    """128 x 128 luminance of each picture that is no copy of one before."""
    known = np.empty((0, 32), np.uint8)
    for _, data in found():
        with contextlib.suppress(OSError, ValueError, Image.DecompressionBombError):
            with Image.open(io.BytesIO(data)) as picture:
                picture.draft("L", (512, 512))
                small = picture.convert("L").resize((CANVAS, CANVAS), Image.Resampling.BOX)
            canvas = np.asarray(small, np.float32)
            whole = _hashes(spectrum.coefficients(canvas, WHOLE))
            apart = np.bitwise_count(whole[:, None] ^ known).sum(axis=2)
            if not apart.size or apart.min() > ALIKE:
                known = np.concatenate([known, whole[:1]])
                yield canvas
        if len(known) == MOST:
            return


def crops(canvas: Floats, sides: int, rng: np.random.Generator) -> np.ndarray:
    """The hashes of sides x sides random crops, each in eight forms: n x 32 uint8."""
    lengths = rng.uniform(SMALLEST, 1, (2, sides))
    starts = rng.uniform(0, 1 - lengths)
    ends = (starts + lengths).astype(np.float32)
    columns, rows = map(spectrum.sides, starts.astype(np.float32), ends)
    return _hashes(spectrum.of_grid(canvas, columns, rows).reshape(-1, 16, 16))


def _hashes(wholes: Floats) -> np.ndarray:
    return np.concatenate([spectrum.packed(turn.of_coefficients(wholes)) for turn in TURNS])


def write(count: int) -> None:
    """Write so many known hashes, and 20,000 of other pictures."""
    fetch()
    rng, pictures = np.random.default_rng(4), list(canvases())
    sides = int(np.ceil(np.sqrt(count / (8 * 0.9 * len(pictures)))))
    each = [crops(canvas, sides, rng) for canvas in pictures]
    held_out = max(1, len(each) // 10)
    known, queries = np.concatenate(each[held_out:]), np.concatenate(each[:held_out])
    known, queries = rng.permutation(known)[:count], rng.permutation(queries)[:20_000]
    np.savez(FILE, known=known, queries=queries)
    print(f"{len(known)} hashes of crops of {len(pictures) - held_out} pictures, {len(queries)} of {held_out} others")


if __name__ == "__main__":
    write(max([int(each) for each in sys.argv[1:]] or [1_000_000]))
