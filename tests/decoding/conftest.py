"""Benign pictures, files made to do harm, and a pool of workers with short limits."""

import io
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

from staydown.decoding import Limits, Pool

pillow_heif.register_heif_opener()
Image.register_save("HEIC", Image.SAVE["HEIF"])
Image.register_save_all("HEIC", Image.SAVE_ALL["HEIF"])
QUICK = Limits(cpu_seconds=2, wall_seconds=8.0)


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    with Pool(2, QUICK) as shared:
        yield shared


@pytest.fixture(scope="session")
def photograph() -> Image.Image:
    """A Chinese temple, 640 x 427."""
    return Image.fromarray(load_sample_image("china.jpg"))


@pytest.fixture(scope="session")
def saved() -> Callable[..., bytes]:
    def save(picture: Image.Image, kind: str, **options: object) -> bytes:
        made = io.BytesIO()
        picture.save(made, kind, **options)
        return made.getvalue()

    return save


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
def scans(saved: Callable[..., bytes]) -> Callable[[int], bytes]:
    """A progressive JPEG of 4000 x 4000 grey pixels whose last scan is repeated so many times."""
    grey = Image.fromarray(np.full((4000, 4000), 128, np.uint8))
    plain = saved(grey, "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return lambda times: plain[:last] + plain[last:-2] * times + plain[-2:]


@pytest.fixture(scope="session")
def many_scans(scans: Callable[[int], bytes]) -> bytes:
    return scans(3000)


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
