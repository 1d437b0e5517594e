"""`python -m tests.decoding.sanitised LIBRARY COUNT SEED`: read damaged JPEGs, fold and reduce frames, and look for parts,
by a library that was compiled with the address and undefined-behaviour sanitizers, which end the process at the first
byte that is touched and should not be.
"""

import contextlib
import ctypes
import io
import sys
from unittest import mock

import numpy as np
from PIL import Image

from staydown.decoding import (
    bands,
    bezels,
    edges,
    fitting,
    frames,
    kernel,
    lines,
    lowest,
    luminance,
    pdq,
    places,
    plain,
    quads,
    rectangles,
    regions,
    samples,
)
from staydown.decoding.types import Small
from staydown.fingerprints import windows

PARTS = (
    lowest, frames, bands, edges, fitting, luminance, pdq, places, quads, plain, bezels, lines, rectangles, regions,
    samples, windows,
)  # fmt: skip
WAYS = (
    {"quality": 60, "restart_marker_blocks": 5},
    {"quality": 95, "subsampling": 0},
    {"quality": 20, "subsampling": 2, "optimize": True},
)


def main(path: str, count: int, seed: int) -> None:
    """Prints how many of the damaged files were read to their end, so that it can be seen that some were."""
    compiled = ctypes.CDLL(path)
    kernel.declare(compiled)
    chance, read = np.random.default_rng(seed), 0
    whole = [_jpeg(chance, ways) for ways in WAYS]
    with contextlib.ExitStack() as patched:
        for each in PARTS:
            patched.enter_context(mock.patch.object(each, "library", lambda: compiled))
        for number in range(count):
            data, fold = _damaged(chance, whole[number % len(whole)]), (8, 4)[number % 2]
            read += lowest.luminance(data, fold) is not None
        for _ in range(count // 20 + 1):
            height, width, behind = chance.integers(1, 1500, 3)
            plane = np.zeros((height, width + behind % 64), np.uint8)[:, :width]
            small, fold = frames.folded(plane)
            frames.Frame(0.0, small, int(height), int(width), fold, studio=True).reduced()
            pdq.of_flips(chance.random((4, 64, 64), np.float32))
            luminance.of_band(Image.fromarray(np.zeros((height // 9 + 1, width // 9 + 1, 3), np.uint8)))
            for picture in (
                Image.fromarray(plane[:300, :1000]),
                Image.new("RGB", (int(width) % 700 + 1, int(height) % 700 + 1)),
            ):
                with mock.patch.object(bands, "SET", int(chance.integers(3))):
                    luminance.reduced(picture, picture.size, int(chance.integers(1, 9)), parts=False)
        for _ in range(count // 60 + 1):
            height, width = chance.integers(30, 520, 2)
            blocks = np.kron(chance.integers(0, 256, (7, 7)), np.ones((75, 75), np.float32))
            whole = regions.found(Small(blocks[:height, :width].astype(np.float32)), 1.0)[0]
            windows.of_region(whole)
    print(read)


def _jpeg(chance: np.random.Generator, ways: dict[str, int]) -> bytes:
    blocks = Image.fromarray(chance.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    made = io.BytesIO()
    blocks.resize((97, 66), Image.Resampling.BICUBIC).save(made, "JPEG", **ways)
    return made.getvalue()


def _damaged(chance: np.random.Generator, whole: bytes) -> bytes:
    """One to three bytes changed, and of every fourth file the end cut off (and its last marker put behind)."""
    damaged = bytearray(whole)
    for place in chance.integers(2, len(whole), chance.integers(1, 4)):
        damaged[place] = chance.integers(256)
    if chance.integers(4) == 0:
        return bytes(damaged[: chance.integers(2, len(whole))]) + b"\xff\xd9"
    return bytes(damaged)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
