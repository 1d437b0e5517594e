"""Who a person can call, by country. An operator calls every number before people see it (docs/law/helplines.md)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Literal, Self

from pydantic import model_validator

from staydown.regimes.reading import Row, read

EVERYWHERE_IN_EUROPE = "112"
GOOD_FOR = timedelta(days=180)  # after which a number is called again


class Accepted(StrEnum):
    """Which numbers an operator lets people see: those that somebody called, or also those read in a named source."""

    CALLED = "called"
    READ = "read"


class Line(Row):
    """One helpline: its name, how to reach it, whom it is for, and how much of that anybody has checked."""

    name: str
    reach: str
    kind: Literal["any", "child", "adult", "report"]  # report: a place to report to, where nobody listens
    hours: str = ""
    languages: str = ""
    shown: bool = False  # on every page that people see; the others are in the directory
    read: str = ""  # where it was read; nothing for one that is from memory
    verified_on: date | None = None  # the day on which somebody called

    @model_validator(mode="after")
    def _is_known_before_it_is_shown(self) -> Self:
        if self.shown and self.telephone and not (self.read or self.verified_on):
            raise ValueError(f"{self.name}: nobody read this number anywhere; call it, set verified_on, then show it")
        return self

    def is_old(self, today: date) -> bool:
        """Whether the last call was longer ago than a number is good for."""
        return self.verified_on is not None and today - self.verified_on > GOOD_FOR

    def may_be_shown(self, accepted: Accepted) -> bool:
        """Whether an operator who accepts so much shows it: a number that nobody answers harms whoever calls it."""
        return self.shown and (not self.telephone or self.verified_on is not None or accepted is Accepted.READ)

    @property
    def telephone(self) -> str:
        """The number to dial, or nothing where it is a web address."""
        return "" if self.reach.startswith("http") else self.reach.replace(" ", "").replace("-", "")


class Country(Row):
    emergency: str
    lines: tuple[Line, ...]


class Directory(Row):
    version: date
    everywhere: tuple[Line, ...]
    countries: dict[str, Country]


@dataclass(frozen=True, slots=True)
class Help:
    """The emergency number and the helplines of one country. `known` is false where the data has nothing for it."""

    emergency: str
    lines: tuple[Line, ...]
    known: bool = True


@cache
def directory() -> Directory:
    """Every entry, also those that are not shown to people."""
    return read("helplines.yaml", Directory)


@cache
def in_country(country: str) -> Help:
    """What people of a country are shown; where it is not in the data, the European emergency number and a directory."""
    here = directory().countries.get(country, Country(emergency=EVERYWHERE_IN_EUROPE, lines=()))
    lines = tuple(line for line in here.lines + directory().everywhere if line.shown)
    return Help(here.emergency, lines, country in directory().countries)
