"""Whether two films that look alike also change alike.

Buttons, captions and bars around a film, or a room that a camera never leaves, make frames of unrelated films look
alike all the time, and so in any order. What tells a copy is that what changes in one changes in the other at the same
time: the bits of the fingerprints, each without its mean over the passage, go together.
"""

import numpy as np
import numpy.typing as npt

from staydown.fingerprints.coherence import NEAR, Line, Rows
from staydown.fingerprints.footage import ENOUGH, Frames, Hashes, Times

TOGETHER = 0.3  # correlation of the changes in two films from which they change together: unrelated ones reach 0.1

BESIDE = (0.0, -0.25, 0.25)  # seconds beside the line at which a frame may have been looked at


def agree(turned: tuple[Frames, Hashes], known: Frames, line: Line, pairs: tuple[Rows, Rows]) -> bool:
    """Whether two films change alike along a line, judged by the parts of frames that look alike most often on it.

    `turned` is the query with its fingerprints in the orientation in which it looks alike; `pairs` are rows of the query
    and of the known film. All rows along the line are looked at, and not only those that look alike: these were chosen
    for it.
    """
    query, hashes = turned
    at, other = pairs[0][line.on], pairs[1][line.on]
    kinds, counts = np.unique(np.stack([query.part[at], known.part[other]]), axis=1, return_counts=True)
    part, known_part = kinds[:, np.argmax(counts)]
    when = query.time[at]
    mine = _rows(query, int(part), float(when.min()), float(when.max()))
    theirs = _rows(known, int(known_part), -np.inf, np.inf)
    nearest = _nearest(hashes[mine], line.speed * query.time[mine] + line.offset, known, theirs)
    near = np.abs(known.time[nearest] - line.speed * query.time[mine] - line.offset) <= NEAR
    return together(hashes[mine[near]], known.hash[nearest[near]]) >= TOGETHER


def _nearest(hashes: Hashes, when: Times, known: Frames, rows: Rows) -> Rows:
    """For each fingerprint the row, among some of a film, that is most like it of those about a time.

    Two films were looked at at different moments, and a hand that shakes moves a picture in a quarter of a second.
    """
    between = (known.time[rows][1:] + known.time[rows][:-1]) / 2
    about = np.stack([rows[np.searchsorted(between, when + beside)] for beside in BESIDE])
    apart = np.bitwise_count(known.hash[about] ^ hashes).sum(axis=2)
    nearest: Rows = about[apart.argmin(axis=0), np.arange(len(when))]
    return nearest


def _rows(frames: Frames, part: int, first: float, last: float) -> Rows:
    """The rows of a part of frames between two seconds, with enough in them."""
    return np.flatnonzero(
        (frames.part == part) & (frames.time >= first) & (frames.time <= last) & (frames.quality >= ENOUGH)
    )


def together(query: Hashes, known: Hashes) -> float:
    """How far the bits of n fingerprints and those of the n at the same times in another film go together: -1 to 1.

    Zero where nothing changes.
    """
    if not len(query):
        return 0.0
    one, other = _changes(query), _changes(known)
    energy = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / energy if energy else 0.0


def _changes(hashes: Hashes) -> npt.NDArray[np.float32]:
    bits = np.unpackbits(hashes, axis=1).astype(np.float32)
    changes: npt.NDArray[np.float32] = bits - bits.mean(axis=0)
    return changes
