"""How much a person has had to look at, and when she rests. Pure.

A second counts once, twice or three times, by how grave what it shows may be. Nobody knows an amount that is safe
(Steiger et al., "The Psychological Well-Being of Content Moderators", CHI 2021, find none); these limits are a floor that an
operator may tighten, not a licence up to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from staydown.regimes.harms import Harm, Tri, child_safety

SHOWN = 20  # seconds for which a picture stays, once shown
DAY = timedelta(days=1)
ADVISED = 0.7  # of the limit, from which on a page says so
GRAVEST, GRAVE, OTHER = 3, 2, 1


class BadLimits(ValueError):
    """Exposure limits are like stretch=300,rest=15,day=1800 (seconds, minutes, seconds) and grave=5400,days=10,turn=14,away=7
    (seconds, then days); whole numbers above 0."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Weighted seconds at a stretch, after which `rest` minutes follow without a look; and weighted seconds in 24 hours.

    Whoever looked at what is gravest for `grave` weighted seconds, or on `days` different days, within `turn` days leaves that
    to others for `away` days.
    """

    stretch: int = 300
    rest: int = 15
    day: int = 1800
    grave: int = 5400
    days: int = 10
    turn: int = 14
    away: int = 7


def read(text: str) -> Limits:
    """Of the setting's text. Raises `BadLimits`."""
    given: dict[str, int] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = each.partition("=")
        if name not in Limits.__slots__ or not number.isdigit() or not int(number):
            raise BadLimits(f"{each}: {BadLimits.__doc__}")
        given[name] = int(number)
    return Limits(**given)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: when, and how many weighted seconds it counts."""

    at: datetime
    weighted: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """Weighted seconds of the last 24 hours and since the last rest; until when she rests, where she has to."""

    day: int
    stretch: int
    rests_until: datetime | None
    advised: bool


def weight(harm: Harm, minor: Tri) -> int:
    """How many times a second of looking at what a case is about counts."""
    if child_safety(harm, minor) or harm is Harm.SEXUAL_VIOLENCE_RECORDING:
        return GRAVEST
    return OTHER if harm is Harm.UNSPECIFIED else GRAVE


def exposure(looks: Sequence[Seen], limits: Limits, now: datetime) -> Exposure:
    """What looks of the last 24 hours, in the order of time, amount to."""
    today = [look for look in looks if look.at > now - DAY]
    day, stretch = sum(look.weighted for look in today), _since_a_rest(today, limits, now)
    ends = [today[-1].at + timedelta(minutes=limits.rest)] if stretch >= limits.stretch else []
    if day >= limits.day:
        ends.append(_under(today, limits.day) + DAY)
    until = max((end for end in ends if end > now), default=None)
    return Exposure(day, stretch, until, max(stretch / limits.stretch, day / limits.day) >= ADVISED)


def is_turn_over(looks: Sequence[Seen], limits: Limits) -> bool:
    """Whether these looks at what is gravest, of one turn, are enough for somebody else to take it over."""
    return (
        sum(look.weighted for look in looks) >= limits.grave or len({look.at.date() for look in looks}) >= limits.days
    )


def _since_a_rest(looks: Sequence[Seen], limits: Limits, now: datetime) -> int:
    """The weighted seconds of the looks after the last pause that was long enough."""
    rest = timedelta(minutes=limits.rest)
    if not looks or now - looks[-1].at >= rest:
        return 0
    begins = max((place for place, (one, then) in enumerate(pairwise(looks), 1) if then.at - one.at >= rest), default=0)
    return sum(look.weighted for look in looks[begins:])


def _under(looks: Sequence[Seen], limit: int) -> datetime:
    """The look with whose end, a day later, the rest is below a limit."""
    left = sum(look.weighted for look in looks)
    for look in looks:
        left -= look.weighted
        if left < limit:
            return look.at
    return looks[-1].at
