"""Where to begin: pairs of a window of an upload and a window of an entry that are most alike.

Sought in C (kernel/seeds.c), and with numpy, some ten times slower, where no compiler was there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.kernel import address
from staydown.decoding.types import Floats
from staydown.fingerprints import frames
from staydown.fingerprints.kernel import library
from staydown.fingerprints.sight import Looks
from staydown.fingerprints.spectrum import Words
from staydown.fingerprints.turns import TURNS
from staydown.fingerprints.windows import PLACES, Entry

PAIRS = 400  # pairs of windows, the most alike in their coarse bits, that are compared in all bits
FOLLOWED_UP = 80  # of them, the most alike, that may become seeds
APART = 0.08  # of the picture: seeds that say nearly the same place are one
_PLAIN = 64  # bits, of a window that does not tell
_COARSE_WEIGHT = 2  # a coarse bit says twice as much as a bit: it survives misplacement
FAR = 130  # bits, coarse ones twice: the nearest pair of half of all unrelated pictures is as far, of hardly a copy


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Pairs that would agree: n places in the looks, n of the entry's windows, n truths: as negatives of each other."""

    look: npt.NDArray[np.intp]
    window: npt.NDArray[np.intp]
    negative: npt.NDArray[np.bool_]

    def some(self, rows: list[int] | npt.NDArray[np.intp]) -> "Seeds":
        """The pairs in some rows."""
        return Seeds(self.look[rows], self.window[rows], self.negative[rows])


def found(looks: Looks, entry: Entry, most: int, far: int = FAR) -> Seeds:
    """The most alike pairs of windows that say different places, the most alike first; none where all are `far`.

    Inverted colours turn every bit of PDQ into its opposite, so that pairs which differ in nearly all bits
    are as alike as pairs that differ in few.
    """
    look, window = np.divmod(_nearest(looks.coarse, entry), len(PLACES))
    apart = np.bitwise_count(looks.coarse[look] ^ entry.coarse[window])
    negative = apart > 32
    bits = np.bitwise_count(looks.hashes(look).view(np.uint64) ^ entry.hashes.view(np.uint64)[window])
    bits = bits.sum(axis=1, dtype=np.int32)
    both = _COARSE_WEIGHT * np.minimum(apart, 64 - apart) + np.where(negative, 256 - bits, bits)
    order = np.argsort(both, kind="stable")[:FOLLOWED_UP]
    if not len(order) or both[order[0]] >= far:
        return Seeds(look[:0], window[:0], negative[:0])
    return _different(looks, Seeds(look, window, negative).some(order), most)


def _nearest(looks: Words, entry: Entry) -> npt.NDArray[np.int64]:
    """The pairs (look by look) of telling windows that are most alike in their coarse bits: in order, of equals the first."""
    compiled, words = library(), entry.coarse
    least = np.where(entry.telling, np.uint64(0), np.uint64(_PLAIN))
    if compiled is None:
        return _nearest_by_numpy(looks, words, least)
    nearest, pairs = np.empty(len(looks) * len(words), np.uint8), np.empty(PAIRS, np.int64)
    found = compiled.staydown_seeds(
        address(looks), len(looks), address(words), address(least), len(words), address(nearest), PAIRS, address(pairs)
    )
    return pairs[:found]


def _nearest_by_numpy(looks: Words, words: Words, least: Words) -> npt.NDArray[np.int64]:
    apart = np.bitwise_count(looks[:, None] ^ words)
    nearest = np.maximum(np.minimum(apart, 64 - apart), least).ravel()
    if nearest.size <= PAIRS:
        return np.arange(nearest.size)
    last = np.partition(nearest, PAIRS - 1)[PAIRS - 1]
    nearer, equal = np.flatnonzero(nearest < last), np.flatnonzero(nearest == last)
    return np.sort(np.concatenate([nearer, equal[: PAIRS - len(nearer)]]))


def turned(looks: Looks, look: npt.NDArray[np.intp]) -> Floats:
    """Where looks are on their turned canvases."""
    boxes = looks.boxes[look]
    for turn in np.unique(looks.turn[look]):
        rows = looks.turn[look] == turn
        boxes[rows] = TURNS[turn].of_boxes(boxes[rows])
    return boxes


def _different(looks: Looks, seeds: Seeds, most: int) -> Seeds:
    places = frames.framed(turned(looks, seeds.look), seeds.window)
    views = np.stack([looks.region[seeds.look], looks.tilt[seeds.look], looks.turn[seeds.look], seeds.negative], axis=1)
    kept: list[int] = []
    for at in range(len(places)):
        same = (views[kept] == views[at]).all(axis=1) & (np.abs(places[kept] - places[at]).max(axis=1) < APART)
        if not same.any():
            kept.append(at)
        if len(kept) == most:
            break
    return seeds.some(kept)
