"""What an operator may set of matching: how near is near, which harms are only watched, how much is too much."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from staydown.regimes.harms import Harm

RADIUS = 31  # bits of 256: the distance PDQ's authors recommend (TMK+PDQ, 2019)


class BadPolicy(ValueError):
    """A distance is HARM=BITS with 0 to 31 bits, or HARM=BITS/BITS with a wider one on trial; a watched harm is its name;
    several are separated by commas.
    """


@dataclass(frozen=True, slots=True)
class Policy:
    """How far from an entry of one harm a picture may be to resemble it, and whether that stops anything.

    In `shadow` what resembles an entry is written down for people and stops nothing; the same bytes are stopped. So is
    what resembles it beyond `distance` but not beyond `trial`: a wider distance, before it is let do anything.
    """

    distance: int = RADIUS
    shadow: bool = False
    trial: int = 0


DEFAULT = Policy()


def read(distances: str, shadow: str) -> Mapping[str, Policy]:
    """{harm: policy} of two settings: "NCII=23,VOYEURISM=27" and "SYNTHETIC_NCII". Raises `BadPolicy`."""
    policies: dict[str, Policy] = {}
    for each in _each(distances):
        harm, _, bits = each.partition("=")
        distance, slash, trial = (part.strip() for part in bits.partition("/"))
        policies[_harm(harm)] = Policy(_bits(distance, each), trial=_bits(trial, each) if slash else 0)
    for each in _each(shadow):
        policies[_harm(each)] = replace(policies.get(_harm(each), DEFAULT), shadow=True)
    return policies


def _bits(text: str, said: str) -> int:
    if not text.isdigit() or int(text) > RADIUS:
        raise BadPolicy(f"{said}: {' '.join(str(BadPolicy.__doc__).split())}")
    return int(text)


def _each(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _harm(name: str) -> str:
    if name.strip() not in set(Harm):
        raise BadPolicy(f"{name}: {' '.join(str(BadPolicy.__doc__).split())}")
    return Harm(name.strip()).value


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """How much one entry may hit in some hours before it freezes itself and calls a person (promise P12)."""

    items: int = 500
    accounts: int = 100
    hours: int = 24


class BadBlastRadius(ValueError):
    """A blast radius is items=500,accounts=100,hours=24: whole numbers from 1 on; what is left out has these values."""


def read_blast_radius(text: str) -> BlastRadius:
    """Of the setting's text. Raises `BadBlastRadius`."""
    given: dict[str, int] = {}
    for each in _each(text):
        name, _, number = each.partition("=")
        if name.strip() not in BlastRadius.__slots__ or not number.strip().isdigit() or not int(number):
            raise BadBlastRadius(f"{each}: {BadBlastRadius.__doc__}")
        given[name.strip()] = int(number)
    return BlastRadius(**given)


class BadRollout(ValueError):
    """A roll-out is a number of hours, 0 to 8760: how long a raised entry holds before it blocks."""


def read_rollout(text: str) -> timedelta:
    """Of the setting's text. Raises `BadRollout`."""
    if not text.strip().isdigit() or int(text) > 8760:
        raise BadRollout(f"{text}: {BadRollout.__doc__}")
    return timedelta(hours=int(text))
