"""Benign pictures, files made to do harm, and a pool of workers with short limits."""

import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from staydown.decoding import Limits, Pool
from tests.decoding import harmless

PATIENT = Limits(
    cpu_seconds=120, wall_seconds=240.0
)  # nothing that ends by itself is stopped, however slow the machine


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with Pool(2, PATIENT) as shared:
        yield shared


@pytest.fixture(scope="session")
def photograph() -> Image.Image:
    """A Chinese temple, 640 x 427."""
    return Image.fromarray(load_sample_image("china.jpg"))


@pytest.fixture(scope="session")
def saved() -> Callable[..., bytes]:
    return harmless.saved


@pytest.fixture(scope="session")
def png() -> Callable[..., bytes]:
    """A PNG from its parts, whatever they claim: an 8-bit grey one by default."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    def make(width: int, height: int, rows: bytes, extra: bytes = b"") -> bytes:
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        text = chunk(b"zTXt", b"words\0\0" + zlib.compress(extra)) if extra else b""
        return b"\x89PNG\r\n\x1a\n" + head + text + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")

    return make


@pytest.fixture(scope="session")
def scans(saved: Callable[..., bytes]) -> Callable[[int, int], bytes]:
    """A progressive JPEG of so many grey pixels a side whose last scan is repeated so many times."""

    def make(times: int, side: int) -> bytes:
        plain = saved(Image.fromarray(np.full((side, side), 128, np.uint8)), "JPEG", progressive=True)
        last = plain.rindex(b"\xff\xda")
        return plain[:last] + plain[last:-2] * times + plain[-2:]

    return make


@pytest.fixture(scope="session")
def many_scans(scans: Callable[[int, int], bytes]) -> bytes:
    """Minutes of work, on the fastest machine too."""
    return scans(20_000, 4000)


@pytest.fixture
def workers() -> Callable[[], set[int]]:
    """The process ids of the decoding workers of this very process."""

    def find() -> set[int]:
        return {int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _is_ours(folder)}

    return find


def _is_ours(folder: Path) -> bool:
    try:
        parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        command = (folder / "cmdline").read_bytes()
    except OSError:  # it has just ended
        return False
    return parent == os.getpid() and b"staydown.decoding.worker" in command
