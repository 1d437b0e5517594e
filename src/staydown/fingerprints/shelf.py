"""Which entries of a bank an upload may hold, when the fingerprints of its whole and its parts find none.

A crop moves every window. Looking up whole fingerprints needs windows that are nearly in place; their coarse
64 bits do not. So the coarse bits of all windows of all entries stand in one array, and an upload's many
windows are sought among them: exact, nothing is skipped. An upload has some 3,000, so it costs about 4 ms for
3,000 entries and 60 ms for 50,000 where the kernel was compiled (`staydown.matching.engine`), and 60 ms a
thousand entries where it was not. Beyond, the lookups of whole fingerprints and of descriptors come first, and
this is for what the service looks at twice, out of anybody's way.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown import matching
from staydown.fingerprints import windows
from staydown.fingerprints.spectrum import Words, coarse
from staydown.fingerprints.types import ImageFingerprints

RADIUS = 11  # of 64 coarse bits
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
    """At most so many entries of which a window is within the radius of one of n coarse words, the nearest first.

    Windows that differ in nearly all bits are negatives of each other, and count as much.
    """
    if not len(shelf.coarse) or not len(words):
        return []
    near = matching.nearness(shelf.coarse, shelf.entry, np.concatenate([words, ~words]), RADIUS)
    found = np.flatnonzero(near.nearest <= RADIUS)
    ranked = found[np.lexsort((-near.support[found].astype(np.int64), near.nearest[found]))]
    return [int(entry) for entry in ranked[:most]]
