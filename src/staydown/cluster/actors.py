"""A shard in a Ray actor: started again where it was killed, empty then, until it is told from where to go on."""

import os
import socket
from typing import Any

import numpy as np
import numpy.typing as npt
import ray

from staydown.cluster.answers import Behind
from staydown.cluster.depot import Depot, Stored
from staydown.cluster.shards import Place, Shard, Step
from staydown.matching import Matches
from staydown.vault.indexes import Opened

NAMESPACE = "staydown"
KEEPING = "keeping"  # what a replica does beside answering
REACHED = 2.0  # seconds in which the head must take a connection
CORES = 0.1  # of a machine's, that a replica reserves: how many fit is a matter of memory (docs/sizing.md)


class Replica:
    """One process of one shard. What it is asked it does one after another, in the order in which it was asked."""

    def __init__(self, place: Place, depot: Depot) -> None:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "staydown.site.settings.shard")  # knows the one key it needs
        self._place, self._depot = place, depot
        self._shard = Shard(depot.empty)
        self._opened: Opened | None = None  # keeps the memory that the index looks into

    def begin(self, stored: Stored | None) -> None:
        """Go on from a segment of the object store."""
        if stored is not None and stored.generation > self._shard.generation:
            self._opened = self._depot.opened(self._place, stored)
        self._shard.begin(self._opened.index if self._opened else None)

    def follow(self, step: Step) -> None:
        """See `Shard.follow`."""
        self._shard.follow(step)

    def search(self, fingerprints: npt.NDArray[np.uint8], radius: int, generation: int) -> Matches | Behind:
        """See `Shard.search`."""
        return self._shard.search(fingerprints, radius, generation)

    def keep(self) -> Stored:
        """Put a segment of what it holds now into the object store, while it goes on answering. Raises OSError."""
        return self._depot.keep(self._place, self._shard.index)

    def forget(self, stored: Stored) -> None:
        """Remove a segment of the object store. Raises OSError."""
        self._depot.forget(self._place, stored)

    def process(self) -> int:
        """Which process this is."""
        return os.getpid()


def connect(address: str) -> None:
    """Join the cluster at an address, unless this process has. Raises OSError.

    Ray ends a process that cannot reach the head, so it is asked for first.
    """
    if not ray.is_initialized():
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), REACHED).close()
        ray.init(address, namespace=NAMESPACE, log_to_driver=False, configure_logging=False)


def replica(place: Place, number: int, depot: Depot) -> Any:  # Ray's handles have no type of their own
    """The handle of a shard's replica, which is started if nobody did. It ends with the cluster."""
    groups = {KEEPING: 1}
    made = ray.remote(concurrency_groups=groups)(Replica).options(  # type: ignore[call-overload]  # Ray's types lack it
        name=f"{place.name}-{number}",
        namespace=NAMESPACE,
        lifetime="detached",
        get_if_exists=True,
        num_cpus=CORES,
        max_restarts=-1,
        scheduling_strategy="SPREAD",
    )
    return made.remote(place, depot)
