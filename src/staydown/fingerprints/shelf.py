"""Which entries of a bank an upload may hold, when the fingerprints of its whole and its parts find none.

A crop moves every window. Looking up whole fingerprints needs windows that are nearly in place; their coarse
64 bits do not. So the coarse bits of all windows of all entries stand in one array, and an upload's many
windows are compared with all of them: exact, nothing is skipped. An upload has some 3,000, so it costs about
20 to 40 ms a thousand entries, and is meant for banks of a few thousand. Beyond, the lookups of whole fingerprints
and of descriptors come first, and this is for what the service looks at twice, out of anybody's way.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.fingerprints import windows
from staydown.fingerprints.sight import Words, coarse
from staydown.fingerprints.types import ImageFingerprints

RADIUS = 11  # of 64 coarse bits
ROWS = 1 << 16  # windows compared at a time, so that they stay in the cache
MOST = 12  # entries worth verifying

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The telling windows of many entries: `coarse` n words, `entry` n places in the list that was shelved."""

    coarse: Words
    entry: Rows


def shelved(stored: list[bytes]) -> Shelf:
    """The shelf of entries given as 660 bytes each. Raises `MalformedWindows`."""
    entries = [windows.unpack(each) for each in stored]
    if not entries:
        return Shelf(np.empty(0, np.uint64), np.empty(0, np.intp))
    telling = np.concatenate([entry.telling for entry in entries])
    words = coarse(np.concatenate([entry.hashes for entry in entries]))
    owner = np.repeat(np.arange(len(entries)), len(windows.PLACES))
    return Shelf(words[telling], owner[telling])


def search(shelf: Shelf, query: ImageFingerprints) -> list[int]:
    """At most twelve entries that the upload may hold, the most alike first, for `verify` to decide."""
    return among(shelf, query.sight.looks.coarse)


def among(shelf: Shelf, words: Words, most: int = MOST) -> list[int]:
    """At most so many entries of which a window is within the radius of one of n coarse words, the nearest first."""
    if not len(shelf.coarse) or not len(words):
        return []
    nearest = np.full(int(shelf.entry.max()) + 1, 64, dtype=np.int64)
    support = np.zeros(len(nearest), dtype=np.int64)
    for start in range(0, len(shelf.coarse), ROWS):
        _compared(shelf.coarse[start : start + ROWS], shelf.entry[start : start + ROWS], words, nearest, support)
    found = np.flatnonzero(nearest <= RADIUS)
    ranked = found[np.lexsort((-support[found], nearest[found]))]
    return [int(entry) for entry in ranked[:most]]


def _compared(words: Words, owner: Rows, looked: Words, nearest: Rows, support: Rows) -> None:
    """Lower `nearest` to the smallest distance of each entry, and count the words within the radius.

    Windows that differ in nearly all bits are negatives of each other, and count as much.
    """
    for word in looked:
        apart = np.bitwise_count(words ^ word)
        apart = np.minimum(apart, 64 - apart)
        near = np.flatnonzero(apart <= RADIUS)
        if len(near):
            np.minimum.at(nearest, owner[near], apart[near])
            np.add.at(support, owner[near], RADIUS + 1 - apart[near].astype(np.int64))
