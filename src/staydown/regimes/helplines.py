"""Who a person can call, by country (data file; an operator verifies each entry before public use)."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Line:
    """One helpline: its name, how to reach it, and whom it is for (any, child, adult)."""

    name: str
    reach: str
    kind: str

    @property
    def telephone(self) -> str:
        """The number to dial, or nothing where it is a web address."""
        return "" if self.reach.startswith("http") else self.reach.replace(" ", "").replace("-", "")


@dataclass(frozen=True, slots=True)
class Help:
    """The emergency number and the helplines of one country."""

    emergency: str
    lines: tuple[Line, ...]


@cache
def in_country(country: str) -> Help:
    """The help of a country; where it is not in the data, the European emergency number and a directory."""
    data = yaml.safe_load(resources.files("staydown.regimes").joinpath("data/help.yaml").read_text(encoding="utf-8"))
    here = data["countries"].get(country, {"emergency": "112", "lines": []})
    return Help(here["emergency"], tuple(Line(**line) for line in here["lines"] + data["everywhere"]))
