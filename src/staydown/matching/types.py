"""The arrays that go into an index and come out of it, checked at the door."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from staydown.matching.errors import Incomplete, Misshapen

Ids = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Distances = npt.NDArray[np.uint16]

WIDTH = 32  # bytes of a fingerprint
WORDS = 4  # the same, in 64-bit words
WIDEST = 64  # the largest radius: a quarter of the bits, far beyond any sensible match


def as_ids(given: npt.ArrayLike) -> Ids:
    """Ids as n uint64. Raises `Misshapen`."""
    ids = np.asarray(given)
    if ids.size == 0:
        return np.empty(0, np.uint64)
    if ids.ndim != 1 or ids.dtype.kind not in "ui" or (ids.dtype.kind == "i" and ids.min() < 0):
        raise Misshapen
    return ids.astype(np.uint64)


def as_fingerprints(given: npt.ArrayLike) -> Bytes:
    """Fingerprints as n x 32 uint8, one after another in memory. Raises `Misshapen`."""
    fingerprints = np.asarray(given)
    if fingerprints.size == 0:
        return np.empty((0, WIDTH), np.uint8)
    if fingerprints.dtype != np.uint8 or fingerprints.ndim != 2 or fingerprints.shape[1] != WIDTH:
        raise Misshapen
    return np.ascontiguousarray(fingerprints)


def as_radius(radius: int) -> int:
    """A radius in bits. Raises `Misshapen` outside 0 to 64."""
    if not 0 <= radius <= WIDEST:
        raise Misshapen(radius)
    return radius


def _no_ids() -> Ids:
    return np.empty(0, np.uint64)


def _no_fingerprints() -> Bytes:
    return np.empty((0, WIDTH), np.uint8)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one or more generations change: ids to remove, then ids and fingerprints (n x 32 uint8) to add."""

    removed: Ids = field(default_factory=_no_ids)
    added: Ids = field(default_factory=_no_ids)
    fingerprints: Bytes = field(default_factory=_no_fingerprints)


@dataclass(frozen=True, slots=True)
class Matches:
    """Everything within the radius: three arrays of equal length, ordered by query, distance, id.

    `query` is the place of the query in the search, `id` what was found (uint64), `distance` in bits
    (uint16). `generation` is that of the index when the search began; `complete`, that every row was looked at.
    """

    query: Rows
    id: Ids
    distance: Distances
    generation: int = 0
    complete: bool = True

    @classmethod
    def none(cls, generation: int = 0) -> "Matches":
        """Nothing within the radius."""
        return cls(*_NOTHING, generation)

    def whole(self) -> "Matches":
        """These, for whoever concludes something from what is not among them. Raises `Incomplete`."""
        if not self.complete:
            raise Incomplete(self.generation)
        return self

    def __len__(self) -> int:
        return len(self.id)


_NOTHING = np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.uint16)  # nearly every answer
