"""Where to begin: pairs of a window of an upload and a window of an entry that are most alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats
from staydown.fingerprints import frames
from staydown.fingerprints.sight import Looks, coarse
from staydown.fingerprints.turns import TURNS
from staydown.fingerprints.windows import PLACES, Entry

PAIRS = 400  # pairs of windows, the most alike in their coarse bits, that are compared in all bits
FOLLOWED_UP = 80  # of them, the most alike, that may become seeds
APART = 0.08  # of the picture: seeds that say nearly the same place are one
_COARSE_WEIGHT = 2  # a coarse bit says twice as much as a bit: it survives misplacement


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """Pairs that would agree: n places in the looks, n of the entry's windows, n truths: as negatives of each other."""

    look: npt.NDArray[np.intp]
    window: npt.NDArray[np.intp]
    negative: npt.NDArray[np.bool_]

    def some(self, rows: list[int] | npt.NDArray[np.intp]) -> "Seeds":
        """The pairs in some rows."""
        return Seeds(self.look[rows], self.window[rows], self.negative[rows])


def found(looks: Looks, entry: Entry, most: int) -> Seeds:
    """The most alike pairs of windows that say different places, the most alike first.

    Inverted colours turn every bit of PDQ into its opposite, so that pairs which differ in nearly all bits
    are as alike as pairs that differ in few.
    """
    apart = np.bitwise_count(looks.coarse[:, None] ^ coarse(entry.hashes)[None])
    nearest = np.minimum(apart, 64 - apart)
    nearest[:, ~entry.telling] = 64
    pairs = np.argpartition(nearest.ravel(), PAIRS)[:PAIRS] if nearest.size > PAIRS else np.arange(nearest.size)
    look, window = np.divmod(pairs, len(PLACES))
    negative = apart[look, window] > 32
    bits = np.bitwise_count(looks.hashes(look) ^ entry.hashes[window]).sum(axis=1, dtype=np.int32)
    both = _COARSE_WEIGHT * nearest[look, window] + np.where(negative, 256 - bits, bits)
    order = np.argsort(both, kind="stable")[:FOLLOWED_UP]
    return _different(looks, Seeds(look, window, negative).some(order), most)


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
