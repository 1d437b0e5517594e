"""Frames and bits of chance verified by a library under the sanitizers: it stays within its memory, and ends.

Run by test_sanitised.py in a process that has the sanitizers' runtime loaded.
"""

import ctypes
import sys
from unittest import mock

import numpy as np

from staydown.fingerprints import align, crossings, kernel, seeds, windows
from staydown.fingerprints.windows import Entry

ODD = np.array([0, 0.5, 1, -0.12, 1.12, np.nan, np.inf, -np.inf, 1e30], np.float32)


def main(path: str, count: int) -> None:
    """Verify so much by the library there, print how much it was."""
    compiled = ctypes.CDLL(path)
    kernel.declare(compiled)
    chance = np.random.default_rng(1)
    with (
        mock.patch.object(align, "library", lambda: compiled),
        mock.patch.object(crossings, "library", lambda: compiled),
        mock.patch.object(seeds, "library", lambda: compiled),
    ):
        for number in range(count):
            _one(chance, (64, 128)[number % 2])
    print(count)


def _one(chance: np.random.Generator, cells: int) -> None:
    canvas = chance.choice([0, 255, 1e30], (cells, cells)) if chance.integers(4) == 0 else chance.random((cells, cells))
    steps, some = align.stepped(canvas.astype(np.float32)), int(chance.integers(1, 7))
    boxes, wanted = chance.random((some, 4), np.float32), chance.random((20, 256)) < chance.random()
    if chance.integers(2):
        boxes[chance.random((some, 4)) < 0.3] = chance.choice(ODD)
    align.aligned([steps] * some, boxes, wanted[:some], (align.WIDE, align.FINE))
    sides = windows.INTERVALS * boxes[0, 0] + boxes[0, 1], windows.INTERVALS * boxes[0, 2] + boxes[0, 3]
    crossings.apart(steps[0], sides, windows.CROSSED[: some * 3], wanted[: some * 3])
    entry = Entry(chance.integers(0, 256, (20, 32), np.uint8), chance.integers(0, 101, 20).astype(np.uint8))
    seeds._nearest(chance.integers(0, 2**64, int(chance.integers(0, 4000)), np.uint64), entry)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
