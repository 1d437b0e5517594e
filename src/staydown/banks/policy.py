"""What an operator may set of matching: how near is near for a harm, and which harms are only watched."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from staydown.regimes.harms import Harm

RADIUS = 31  # bits of 256: the distance PDQ's authors recommend (TMK+PDQ, 2019)


class BadPolicy(ValueError):
    """A distance is HARM=BITS with 0 to 31 bits, a watched harm its name; several are separated by commas."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How far from an entry of one harm a picture may be to resemble it, and whether that stops anything.

    In `shadow` what resembles an entry is written down for people and stops nothing; the same bytes are stopped.
    """

    distance: int = RADIUS
    shadow: bool = False


DEFAULT = Policy()


def read(distances: str, shadow: str) -> Mapping[str, Policy]:
    """{harm: policy} of two settings: "NCII=23,VOYEURISM=27" and "SYNTHETIC_NCII". Raises `BadPolicy`."""
    policies: dict[str, Policy] = {}
    for each in _each(distances):
        harm, _, bits = each.partition("=")
        if not bits.strip().isdigit() or int(bits) > RADIUS:
            raise BadPolicy(f"{each}: {BadPolicy.__doc__}")
        policies[_harm(harm)] = Policy(int(bits))
    for each in _each(shadow):
        policies[_harm(each)] = replace(policies.get(_harm(each), DEFAULT), shadow=True)
    return policies


def _each(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _harm(name: str) -> str:
    if name.strip() not in set(Harm):
        raise BadPolicy(f"{name}: {BadPolicy.__doc__}")
    return Harm(name.strip()).value
