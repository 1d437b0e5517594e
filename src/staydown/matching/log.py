"""Changes as bytes, for the log behind a segment: each record is one generation that the segment was not told of."""

import struct

import numpy as np

from staydown.matching.errors import Damaged
from staydown.matching.types import WIDTH, Changes

_HEAD = struct.Struct("<QQQ")


def record(changes: Changes, generation: int) -> bytes:
    """One record: generation, numbers of removed and added ids (u64 each), the ids (u64), 32 bytes for each added."""
    head = _HEAD.pack(generation, len(changes.removed), len(changes.added))
    ids = changes.removed.astype("<u8").tobytes() + changes.added.astype("<u8").tobytes()
    return head + ids + changes.fingerprints.tobytes()


def read(packed: bytes) -> tuple[Changes, int]:
    """The changes in a record, and their generation. Raises `Damaged`."""
    if len(packed) < _HEAD.size:
        raise Damaged
    generation, removed, added = _HEAD.unpack_from(packed)
    if len(packed) != _HEAD.size + 8 * removed + (8 + WIDTH) * added:
        raise Damaged
    ids = np.frombuffer(packed, "<u8", removed + added, _HEAD.size).astype(np.uint64)
    rows = np.frombuffer(packed, np.uint8, offset=_HEAD.size + ids.nbytes).reshape(added, WIDTH)
    return Changes(ids[:removed], ids[removed:], rows), generation
