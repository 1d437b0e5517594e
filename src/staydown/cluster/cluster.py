"""The index over machines: asked and followed as one, complete or said not to be."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import ray
import structlog
from ray.exceptions import RayError

from staydown.cluster import actors
from staydown.cluster.answers import Behind, merged, together
from staydown.cluster.asking import Question, Round
from staydown.cluster.depot import Depot, Stored
from staydown.cluster.shards import Place, Step
from staydown.cluster.spread import Spread
from staydown.matching import Changes, Matches
from staydown.matching.types import as_fingerprints, as_radius

log = structlog.get_logger(__name__)
TOGETHER = 4096  # queries that are asked at a time
HEDGE = 0.1  # of the time a search may take, after which a second replica is asked


@dataclass(frozen=True, slots=True)
class Truth:
    """The tables, as an index follows them: what changed after one generation up to another, in order, some thousands
    at a time; and the segment that a shard may begin with, by its name.
    """

    changes: Callable[[int, int], Iterator[tuple[Changes, int]]]
    stored: Callable[[str], Stored | None]


class Cluster:
    """Searched as `matching.Index` is, for an index that is larger, or asked more, than one machine should bear.

    Nobody has to tell it of changes: what a replica lacks it is sent out of the tables when it is asked, so it makes no
    difference which replicas were killed, or who follows the tables how far.
    """

    def __init__(self, index: str, spread: Spread, truth: Truth, limit: float, radius: int = 31) -> None:
        """`limit`: seconds that some thousands of queries may take. Raises OSError."""
        actors.connect(spread.address)
        self.generation = 0
        self._truth, self._limit, self._depot = truth, limit, Depot(spread.store, radius)
        self._places = [Place(index, shard, spread.shards) for shard in range(spread.shards)]
        self._shards: list[Sequence[Any]] = [
            [actors.replica(place, number, self._depot) for number in range(spread.replicas)] for place in self._places
        ]

    def reach(self, generation: int) -> None:
        """Let every search from now on be of this generation of the tables or of a later one."""
        self.generation = max(generation, self.generation)

    def search(self, fingerprints: npt.ArrayLike, radius: int | None = None) -> Matches:
        """What is within the radius of each of n x 32 uint8; not complete where a shard did not answer in time."""
        asked, limit = as_fingerprints(fingerprints), self._depot.radius if radius is None else as_radius(radius)
        found = [self._search(asked[:TOGETHER], limit)]
        for first in range(TOGETHER, len(asked), TOGETHER):
            more = self._search(asked[first : first + TOGETHER], limit)
            found.append(Matches(more.query + first, more.id, more.distance, more.generation, more.complete))
        return merged(found, min(each.generation for each in found), all(each.complete for each in found))

    join = search  # there is no quicker way for very many

    def keep(self, shard: int) -> Stored:
        """Put a segment of one shard into the object store, for the database to vouch for. Raises OSError."""
        wanted = self._shards[shard][0].keep.options(concurrency_group=actors.KEEPING).remote()
        try:
            stored: Stored = ray.get(wanted)
        except RayError as error:
            raise OSError(f"{self._places[shard].name} was not kept: {type(error).__name__}") from error
        return stored

    def forget(self, shard: int, stored: Stored) -> None:
        """Let a segment be removed that another has replaced."""
        self._shards[shard][0].forget.options(concurrency_group=actors.KEEPING).remote(stored)

    @property
    def names(self) -> list[str]:
        """What the shards, and their segments, are called."""
        return [place.name for place in self._places]

    def _search(self, asked: npt.NDArray[np.uint8], radius: int) -> Matches:
        question, until = Question(asked, radius, self.generation), time.monotonic() + self._limit
        catch_up = partial(self._catch_up, upto=question.generation, until=until)
        answers = Round(self._shards, question, catch_up, until, HEDGE * self._limit).run()
        return together(answers, len(self._shards), question.generation)

    def _catch_up(self, shard: int, replica: Any, behind: Behind, *, upto: int, until: float) -> None:
        """Send a replica what it lacks; as much of it as there is time for, and the rest when it is asked again."""
        place = self._places[shard]
        if not behind.looked:
            replica.begin.remote(self._truth.stored(place.name))
            return
        after = behind.generation
        for changes, generation in self._truth.changes(after, upto):
            replica.follow.remote(Step(after, place.own(changes), generation))
            after = generation
            if time.monotonic() > until:
                return
        if after < upto:  # nothing changed in what is left
            replica.follow.remote(Step(after, Changes(), upto))
