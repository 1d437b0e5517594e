"""Many ids in little room."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.matching.types import Ids, Rows

_NARROW = np.iinfo(np.uint32).max


@dataclass(frozen=True, slots=True)
class SortedIds:
    """n different ids, ascending, as what they are above the lowest: four bytes each unless they are far apart."""

    lowest: np.uint64
    offsets: npt.NDArray[np.uint32] | npt.NDArray[np.uint64]

    @classmethod
    def of(cls, ids: Ids) -> "SortedIds":
        """The same ids, which must ascend."""
        lowest = ids[0] if len(ids) else np.uint64(0)
        above = ids - lowest
        return cls(lowest, above.astype(np.uint32) if not len(ids) or above[-1] <= _NARROW else above)

    def at(self, places: Rows | slice) -> Ids:
        """The ids in some places."""
        return self.offsets[places].astype(np.uint64) + self.lowest

    def find(self, ids: Ids) -> Rows:
        """The place of each id, or -1."""
        if not len(self.offsets):
            return np.full(len(ids), -1)
        above = np.where(ids >= self.lowest, ids - self.lowest, 0)
        possible = (ids >= self.lowest) & (above <= self.offsets[-1])
        wanted = np.where(possible, above, 0).astype(
            self.offsets.dtype
        )  # of another type, numpy would copy all of them
        places = np.searchsorted(self.offsets, wanted)
        places[~possible | (self.offsets[places] != wanted)] = -1
        return places
