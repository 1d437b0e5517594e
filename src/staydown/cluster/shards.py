"""Which shard an id is in, and one shard in one process."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.cluster.answers import Behind
from staydown.matching import Changes, Index, Matches
from staydown.matching.types import Ids, as_ids


@dataclass(frozen=True, slots=True)
class Place:
    """One of the shards of a named index."""

    index: str
    shard: int
    shards: int

    @property
    def name(self) -> str:
        """What its segment and its actors are called."""
        return f"{self.index}-{self.shard}-of-{self.shards}"

    def own(self, changes: Changes) -> Changes:
        """What of some changes concerns this shard."""
        removed, added = as_ids(changes.removed), as_ids(changes.added)
        mine = self.holds(added)
        return Changes(removed[self.holds(removed)], added[mine], changes.fingerprints[mine])

    def holds(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Which ids are in this shard; spread evenly, however they were given (splitmix64, Steele et al. 2014)."""
        mixed = ids + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mine: npt.NDArray[np.bool_] = (mixed ^ (mixed >> np.uint64(31))) % np.uint64(self.shards) == self.shard
        return mine


@dataclass(frozen=True, slots=True)
class Step:
    """What changed for one shard between two generations."""

    after: int
    changes: Changes
    generation: int


class Shard:
    """One shard, followed step by step. It answers for the generations it has reached, and for no other."""

    def __init__(self, empty: Callable[[], Index]) -> None:
        self.index = empty()
        self._looked = False

    @property
    def generation(self) -> int:
        return self.index.generation

    def begin(self, opened: Index | None) -> None:
        """Go on from an index that was opened from a segment, unless it is further already; None: there was none."""
        self._looked = True
        if opened is not None and opened.generation > self.generation:
            self.index = opened

    def follow(self, step: Step) -> None:
        """Take a step, if it is the next one. One taken before, as several askers may send it, is left alone."""
        if step.after == self.generation < step.generation:
            self.index.apply(step.changes, step.generation)

    def search(self, fingerprints: npt.NDArray[np.uint8], radius: int, generation: int) -> Matches | Behind:
        """Everything within the radius of n x 32 uint8 as of a generation or later; or that it is not that far."""
        if self.generation < generation:
            return Behind(self.generation, self._looked)
        return self.index.search(fingerprints, radius)
