"""One kind of request after another, several times over, and what each came to."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.http_load import load
from bench.http_processes import seconds

ROUNDS = 3


@dataclass
class Asked:
    """One kind of request to one service, and what its rounds came to."""

    name: str
    port: int
    processes: Callable[[], list[int]]
    requests: list[bytes]
    checks: int = 1  # in one request
    cost: list[float] = field(default_factory=list)  # milliseconds of a processor for one check
    rate: list[float] = field(default_factory=list)  # checks a second, by the clock
    times: list[float] = field(default_factory=list)  # milliseconds of each answer

    def round(self, length: float) -> None:
        """Ask for some seconds."""
        before, found = seconds(self.processes()), load(self.port, self.requests, length)
        checks = len(found.times) * self.checks
        self.cost.append((seconds(self.processes()) - before) * 1000 / checks)
        self.rate.append(checks / found.seconds)
        self.times += found.times

    @property
    def a_core(self) -> float:
        """Checks a second and core: of the median cost."""
        return 1000 / statistics.median(self.cost)


def in_turns(kinds: list[Asked], length: float) -> list[Asked]:
    """All kinds, one after another, several times; a first short round of each does not count."""
    for each in kinds:
        load(each.port, each.requests, min(length, 1.0))
    for _ in range(ROUNDS):
        for each in kinds:
            each.round(length)
    return kinds
