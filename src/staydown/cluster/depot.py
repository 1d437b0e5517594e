"""Where a shard's sealed segments are: taken out of the object store into this machine's memory, and put there."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog

from staydown.cluster.shards import Place
from staydown.matching import Damaged, Index
from staydown.vault import fingerprints as keys
from staydown.vault import indexes, objects
from staydown.vault.segments import Sealed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A shard's segment in the object store, by its salt, and how far it goes; the database vouches for it."""

    salt: bytes
    generation: int


@dataclass(frozen=True, slots=True)
class Depot:
    """The object store by its address, and the radius of the indexes in it.

    The keys are not in here: a replica reads them from its own machine's settings, so they do not pass through Ray.
    """

    store: str
    radius: int = 31

    def empty(self) -> Index:
        """An index of nothing yet, under this deployment's order of bits."""
        return Index(self.radius, permutation=np.array(keys.order_of_bits(), np.uint8))

    def opened(self, place: Place, stored: Stored) -> indexes.Opened | None:
        """A shard's segment, opened; None, and why in the log, where it cannot be used: then the tables are read."""
        with tempfile.TemporaryDirectory(prefix="staydown-segment-") as folder:
            sealed = _sealed(place, folder)
            try:
                objects.fetch(objects.store_at(self.store), objects.key_of(place.name, stored.salt), sealed.path)
                return indexes.opened(sealed, np.array(keys.order_of_bits(), np.uint8))
            except (OSError, ValueError, Damaged) as error:
                log.warning(
                    "segment not used, the shard follows the tables", shard=place.name, error=type(error).__name__
                )
                return None

    def keep(self, place: Place, index: Index) -> Stored:
        """Seal what a shard holds now and put it into the store. Raises OSError."""
        with tempfile.TemporaryDirectory(prefix="staydown-segment-") as folder:
            sealed, generation = _sealed(place, folder), index.generation
            salt = indexes.store(sealed, index)
            objects.put(objects.store_at(self.store), objects.key_of(place.name, salt), sealed.path)
            return Stored(salt, generation)

    def forget(self, place: Place, stored: Stored) -> None:
        """Remove a segment that another has replaced. Raises OSError."""
        objects.delete(objects.store_at(self.store), objects.key_of(place.name, stored.salt))


def _sealed(place: Place, folder: str) -> Sealed:
    return Sealed(Path(folder) / "segment", place.name, keys.segment_key())
