"""Services that a person is led to because they reach other platforms: which, by age, country and what is reported."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, Self

from pydantic import Field, model_validator

from staydown.regimes import places
from staydown.regimes.harms import Capacity, Harm, Tri
from staydown.regimes.reading import Row, read

PICTURES = frozenset(
    {
        Harm.CSAM,
        Harm.NCII,
        Harm.SYNTHETIC_NCII,
        Harm.SEXUAL_VIOLENCE_RECORDING,
        Harm.SEXTORTION,
        Harm.VOYEURISM,
        Harm.UNSPECIFIED,
    }
)  # of which there may be an intimate picture
OF_CHILDREN = frozenset({Harm.CSAM})


class Service(Row):
    """One service: whom it is for by the age of the person shown, where, and whether its form takes a ready text."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    reach: str = Field(pattern=r"^https://")
    whom: Literal["any", "child", "adult"]
    own: bool = False  # only for the person shown and who acts for them
    text: bool = False
    countries: tuple[str, ...] = ()  # empty: every one
    languages: tuple[str, ...] = ()  # in which a text can be sent; empty: every one
    does: str
    read: str
    verified: bool
    to_verify: str = ""

    @model_validator(mode="after")
    def _says_what_to_verify(self) -> Self:
        if self.verified == bool(self.to_verify):
            raise ValueError("say in to_verify what is left to check, exactly where verified is false")
        return self


class Services(Row):
    version: date
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is led there. `minor`: of whoever is shown; `capacity`: none where nobody asked; `country`: that was chosen."""

    harm: Harm
    minor: Tri
    capacity: Capacity | None
    country: str


@cache
def services() -> tuple[Service, ...]:
    """All of them, in the order of the data."""
    return read("services.yaml", Services).services


def chosen(person: Person) -> tuple[Service, ...]:
    """Those that can help. Where nobody knows the age, those for either: each says for which it is."""
    return tuple(each for each in services() if person.harm in PICTURES and _helps(each, person))


def _helps(service: Service, person: Person) -> bool:
    minor = Tri.YES if person.harm in OF_CHILDREN else person.minor
    of_age = service.whom == "any" or minor is not (Tri.NO if service.whom == "child" else Tri.YES)
    here = not service.countries or any(places.inside(person.country, area) for area in service.countries)
    return of_age and here and not (service.own and person.capacity is Capacity.WITNESS)
