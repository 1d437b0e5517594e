"""Two pictures of which only the windows were kept: whether they agree, neither being here to be looked at.

Windows are compared at their own places only. `verify` finds at least as much evidence, for it also looks elsewhere;
so the rules, whose wrong matches were counted with `verify`, are stricter here than they say.
"""

from dataclasses import replace

import numpy as np

from staydown.decoding.types import Kind
from staydown.fingerprints import windows
from staydown.fingerprints.rules import AGREES, CHANCE, Evidence
from staydown.fingerprints.shelf import Shelf, among, shelved
from staydown.fingerprints.verify import NOTHING


def compared(one: bytes, other: bytes) -> Evidence:
    """The evidence that two pictures, kept as 660 bytes each, are the same. Raises `MalformedWindows`."""
    first, second = windows.unpack(one), windows.unpack(other)
    whole = int(np.bitwise_count(first.hashes[0] ^ second.hashes[0]).sum(dtype=np.int64))
    seen = replace(NOTHING, region=Kind.WHOLE, whole=whole)
    telling = first.telling & second.telling
    if not telling.any():
        return seen
    apart = np.bitwise_count(first.hashes[telling] ^ second.hashes[telling]).sum(axis=1, dtype=np.int64)
    apart += np.maximum(first.handicap, second.handicap)[telling]
    return replace(
        seen,
        score=int(np.maximum(0, CHANCE - apart).sum()),
        agreeing=int((apart <= AGREES).sum()),
        visible=int(telling.sum()),
        nearest=int(apart.min()),
    )


def alike(shelf: Shelf, stored: bytes, most: int) -> list[int]:
    """At most so many of the shelf that share a window, wherever it lies, with a picture kept as 660 bytes."""
    return among(shelf, shelved([stored]).coarse, most)
