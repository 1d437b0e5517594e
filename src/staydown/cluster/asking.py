"""One search of every shard: whoever is down, behind or slow is passed over for another replica, until time is up."""

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import ray
import structlog
from ray.exceptions import RayError

from staydown.cluster.answers import Behind
from staydown.matching import Matches

log = structlog.get_logger(__name__)
PAUSE = 0.05  # seconds before a shard is asked again of which no replica answered
_turns = itertools.count()  # another replica is asked first each time


@dataclass(frozen=True, slots=True)
class Question:
    """What every shard is asked."""

    fingerprints: npt.NDArray[np.uint8]
    radius: int
    generation: int


@dataclass(slots=True)
class Round:
    """A question on its way. `shards` are the replicas of each; `catch_up` sends one what it lacks."""

    shards: Sequence[Sequence[Any]]
    question: Question
    catch_up: Callable[[int, Any, Behind], None]
    until: float  # by time.monotonic
    hedge: float  # seconds after which another replica is asked, too
    answers: dict[int, Matches] = field(default_factory=dict)
    _waiting: dict[Any, tuple[int, int]] = field(default_factory=dict)  # {reference: (shard, replica)}
    _turn: int = field(default_factory=lambda: next(_turns))
    _failed: dict[int, int] = field(default_factory=dict)

    def run(self) -> dict[int, Matches]:
        """Ask until each shard has answered, or time is up; {shard: what it found}."""
        self._ask_missing()
        while len(self.answers) < len(self.shards) and (left := self.until - time.monotonic()) > 0:
            if not self._waiting:
                time.sleep(min(PAUSE, left))
                self._ask_missing()
                continue
            done, _ = ray.wait(list(self._waiting), timeout=min(self.hedge, left))
            for reference in done:
                self._take(reference)
            if not done:
                self._ask_missing()
        return self.answers

    def _ask_missing(self) -> None:
        self._turn += 1
        for shard in range(len(self.shards)):
            if shard not in self.answers:
                self._ask(shard)

    def _ask(self, shard: int) -> None:
        """Ask the next replica of a shard that is not being asked, if there is one."""
        asked = {number for each, number in self._waiting.values() if each == shard}
        count = len(self.shards[shard])
        for number in ((self._turn + more) % count for more in range(count)):
            if number not in asked:
                self._put(shard, number)
                return

    def _put(self, shard: int, number: int) -> None:
        asked = self.question
        reference = self.shards[shard][number].search.remote(asked.fingerprints, asked.radius, asked.generation)
        self._waiting[reference] = shard, number

    def _take(self, reference: Any) -> None:
        """Take what a replica said; one that is behind is sent what it lacks and asked again."""
        shard, number = self._waiting.pop(reference)
        if shard in self.answers:
            return
        try:
            said = ray.get(reference, timeout=max(0.0, self.until - time.monotonic()))
        except RayError as error:
            log.warning("replica did not answer", shard=shard, replica=number, error=type(error).__name__)
            self._after_failure(shard)
            return
        if isinstance(said, Behind):
            self.catch_up(shard, self.shards[shard][number], said)
            self._put(shard, number)
        else:
            self.answers[shard] = said

    def _after_failure(self, shard: int) -> None:
        """Ask each other replica once at once; then again only with a pause between, while it is started again."""
        self._turn += 1
        self._failed[shard] = self._failed.get(shard, 0) + 1
        if self._failed[shard] < len(self.shards[shard]):
            self._ask(shard)
