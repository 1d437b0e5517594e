"""What a look at a deployment finds: a promise that is not kept, what somebody should look at, or that all is well."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    WRONG = "wrong"  # a promise of Staydown is not kept, or will not be
    SOON = "soon"  # it works, and somebody should look at it
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    do: str = ""


type Findings = Iterator[Finding]


def wrong(what: str, do: str) -> Finding:
    return Finding(Level.WRONG, what, do)


def fine(what: str) -> Finding:
    return Finding(Level.FINE, what)
