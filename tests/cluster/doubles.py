"""Ray as the tests hand it to a cluster: the replicas are real objects of this process, and fail as actors do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ray.exceptions import ActorUnavailableError

from staydown.cluster import actors, asking, cluster
from staydown.cluster.actors import Replica
from staydown.cluster.depot import Depot, Stored
from staydown.matching import Changes

CONNECT = actors.connect


class Actor:
    """A replica as Ray would hand it out: `gone` ones fail at once, `hung` ones never answer."""

    def __init__(self, place: Any, depot: Depot) -> None:
        self._made = place, depot
        self.gone = self.hung = False
        self.again()

    def again(self) -> None:
        """As after a kill: a new process, which knows nothing."""
        self.real, self.gone = Replica(*self._made), False

    def __getattr__(self, name: str) -> Any:
        asked = SimpleNamespace(remote=lambda *given: self._asked(name, given))
        asked.options = lambda **_options: asked
        return asked

    def _asked(self, name: str, given: tuple[Any, ...]) -> "Said":
        if self.hung:
            return Said(done=False)
        if self.gone:
            return Said(done=True, error=ActorUnavailableError("gone", None))
        return Said(done=True, value=getattr(self.real, name)(*given))


@dataclass(eq=False)
class Said:
    done: bool
    value: Any = None
    error: Exception | None = None


@dataclass
class Clock:
    """The time of a search, which goes on only while it waits: on a busy machine none is over before it has asked."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Ray:
    """Of Ray what the cluster uses."""

    clock: Clock

    def wait(self, said: list[Said], timeout: float) -> tuple[list[Said], list[Said]]:
        done = [each for each in said if each.done]
        if not done:
            self.clock.sleep(timeout)
        return done[:1], [each for each in said if not each.done]

    @staticmethod
    def get(said: Said, timeout: float = 0) -> Any:
        if said.error:
            raise said.error
        return said.value


def install(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Actor]]:
    """Let clusters be made of such actors, {name of the shard: its replicas}; by name, as Ray does."""
    made: dict[str, list[Actor]] = {}

    def replica(place: Any, number: int, depot: Depot) -> Actor:
        replicas = made.setdefault(place.name, [])
        if number == len(replicas):
            replicas.append(Actor(place, depot))
        return replicas[number]

    monkeypatch.setattr(actors, "replica", replica)
    monkeypatch.setattr(actors, "connect", lambda _address: None)
    clock = Clock()
    for module in (cluster, asking):
        monkeypatch.setattr(module, "ray", Ray(clock))
        monkeypatch.setattr(module, "time", clock)
    return made


@dataclass
class Table:
    """What the database would say, and from where it was read."""

    rows: list[tuple[Changes, int]] = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    read_after: list[int] = field(default_factory=list)

    def changes(self, after: int, upto: int) -> Iterator[tuple[Changes, int]]:
        self.read_after.append(after)
        return iter([each for each in self.rows if after < each[1] <= upto])


def prints(count: int) -> np.ndarray:
    """The same random fingerprints each time."""
    return np.random.default_rng(1).integers(0, 256, (count, 32), dtype=np.uint8)


def near(fingerprints: np.ndarray, bits: int) -> np.ndarray:
    """The same, with so many bits changed."""
    flips = np.zeros(256, np.uint8)
    flips[np.random.default_rng(bits).permutation(256)[:bits]] = 1
    return fingerprints ^ np.packbits(flips)
