"""Countries, the unions they are in, their clocks; and the deployment that stands in them."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import field_validator

from staydown.regimes.harms import Role
from staydown.regimes.reading import Row, read

ANYWHERE = ("Etc/GMT-14", "Etc/GMT+12")  # the first and the last clock on Earth, for a country we do not know


class Place(Row):
    """A country: its name, and its time zones from the one whose day ends first to the one whose day ends last."""

    name: str
    zones: tuple[str, ...]

    @field_validator("zones")
    @classmethod
    def _exist(cls, zones: tuple[str, ...]) -> tuple[str, ...]:
        for zone in zones:
            try:
                ZoneInfo(zone)
            except (KeyError, ValueError, OSError) as error:
                raise ValueError(f"{zone} is not a time zone that this machine knows") from error
        return zones


class Places(Row):
    unions: dict[str, frozenset[str]]
    countries: dict[str, Place]


@dataclass(frozen=True, slots=True)
class Deployment:
    """Who runs this Staydown, in the law's eyes. `serves`: countries besides its own whose people it serves."""

    role: Role
    country: str
    serves: frozenset[str] = frozenset()
    small: bool = False  # a micro or small enterprise (Recommendation 2003/361/EC)

    @property
    def countries(self) -> tuple[str, ...]:
        """Its own country first."""
        return (self.country, *sorted(self.serves - {self.country}))


@cache
def places() -> Places:
    """The data file of countries."""
    return read("places.yaml", Places)


def inside(country: str, area: str) -> bool:
    """Whether a country is the area, or one of a union's."""
    return country == area or country in places().unions.get(area, ())


def zones(country: str) -> tuple[ZoneInfo, ...]:
    """The country's clocks; of a country we do not know, the first and the last on Earth."""
    known = places().countries.get(country)
    return tuple(ZoneInfo(name) for name in (known.zones if known else ANYWHERE))


def name(country: str) -> str:
    """What people call the country or union; its code where the data does not know it."""
    known = places().countries.get(country)
    return known.name if known else {"EU": "European Union"}.get(country, country)
