"""An index as bytes, and those bytes as a file that is either whole or refused.

Layout, little-endian: magic (8 bytes), version u32, radius u32, generation u64, count u64, then count ids
u64, count fingerprints of 32 bytes, then the SHA-256 of all before it. Encryption is not done here: `vault`
seals the bytes.
"""

import hashlib
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from staydown.matching.errors import Damaged
from staydown.matching.types import WIDEST, WIDTH, Bytes, Ids

MAGIC = b"STAYDOWN"
VERSION = 1
_HEAD = struct.Struct("<8sIIQQ")
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Segment:
    """All that an index must remember: its radius, its generation, n ids and n x 32 bytes."""

    radius: int
    generation: int
    ids: Ids
    fingerprints: Bytes


def pack(segment: Segment) -> bytes:
    """A segment as bytes."""
    head = _HEAD.pack(MAGIC, VERSION, segment.radius, segment.generation, len(segment.ids))
    content = head + segment.ids.astype("<u8").tobytes() + segment.fingerprints.tobytes()
    return content + hashlib.sha256(content).digest()


def unpack(packed: bytes) -> Segment:
    """The segment in some bytes. Raises `Damaged` unless every one of them is as it was packed."""
    content, digest = memoryview(packed)[:-_DIGEST], packed[-_DIGEST:]
    if len(content) < _HEAD.size or hashlib.sha256(content).digest() != digest:
        raise Damaged
    magic, version, radius, generation, count = _HEAD.unpack_from(content)
    if magic != MAGIC or version != VERSION or radius > WIDEST:
        raise Damaged
    if len(content) != _HEAD.size + count * (8 + WIDTH):
        raise Damaged
    ids = np.frombuffer(content, "<u8", count, _HEAD.size).astype(np.uint64)
    fingerprints = np.frombuffer(content, np.uint8, count * WIDTH, _HEAD.size + count * 8)
    return Segment(radius, generation, ids, fingerprints.reshape(count, WIDTH))


def write(path: Path, packed: bytes) -> None:
    """Put a file in its place at once: after a power cut there is the old one or the new one, never a part."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    _settle(path.parent)


def _settle(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
