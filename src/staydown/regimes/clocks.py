"""Facts → the moment by which a person must have decided, and the rule it comes from."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from staydown.regimes.harms import Flag, Harm, Tri, child_safety


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a report when its clock starts."""

    harm: Harm
    minor: Tri
    flags: frozenset[Flag]
    country: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One rule of `data/clocks.yaml`."""

    id: str
    regime: str
    article: str
    source: str
    kind: Literal["law", "target"]
    hours: float
    when: dict[str, object]
    verified: bool

    def applies(self, facts: Facts) -> bool:
        """Whether every condition of the rule holds. An unknown condition never does."""
        return all(_holds(name, wanted, facts) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which something is owed, with the clock it comes from."""

    at: datetime
    clock: Clock


def _holds(name: str, wanted: object, facts: Facts) -> bool:
    known = {
        "flag": lambda: wanted in facts.flags,
        "child_safety": lambda: wanted == child_safety(facts.harm, facts.minor),
        "country": lambda: wanted == facts.country,
        "harms": lambda: isinstance(wanted, list) and facts.harm in wanted,
    }
    return name in known and bool(known[name]())


@cache
def all_clocks() -> tuple[Clock, ...]:
    """The clocks of the data file, in its order."""
    text = resources.files("staydown.regimes").joinpath("data/clocks.yaml").read_text(encoding="utf-8")
    return tuple(Clock(**row) for row in yaml.safe_load(text)["clocks"])


def clock(clock_id: str) -> Clock:
    """The clock with this id; `KeyError` for an id that no version of the data has."""
    return {each.id: each for each in all_clocks()}[clock_id]


def deadline(facts: Facts, received_at: datetime) -> Deadline:
    """The earliest deadline that applies to a report received at `received_at` (aware UTC)."""
    return min(
        (Deadline(received_at + timedelta(hours=each.hours), each) for each in all_clocks() if each.applies(facts)),
        key=lambda one: one.at,
    )
