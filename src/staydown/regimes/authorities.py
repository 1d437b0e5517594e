"""Who must know of a case: from the harm, and where the offence, the suspect and the person harmed are, to authorities."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal, Self

from pydantic import model_validator

from staydown.regimes import places
from staydown.regimes.clocks import Deadline, Facts, owed
from staydown.regimes.duties import Act, Event, by_id
from staydown.regimes.harms import Flag, Harm, Role, child_safety
from staydown.regimes.reading import Row, Sourced, read

TELLING = frozenset({Event.KNOWLEDGE, Event.SUSPICION})


class Authority(Sourced):
    """A body that is told. `takes`: cases of a child only, or whatever threatens a life or somebody's safety.

    `always`: a provider of its country owes it the report wherever everybody else is. `instead`: told only where no
    authority of a country is (EU law, art. 18(2)).
    """

    id: str
    name: str
    country: str
    form: Literal["cybertip", "dossier"]
    language: Literal["en", "fr"]
    takes: Literal["child", "grave"]
    duties: tuple[str, ...]
    roles: frozenset[Role]
    reach: str = ""
    always: bool = False
    instead: bool = False

    @model_validator(mode="after")
    def _names_duties_to_tell(self) -> Self:
        for each in self.duties:
            if each not in by_id() or by_id()[each].owes is not Act.REFER:
                raise ValueError(f"{self.id}: {each} is no duty to tell an authority")
        return self


class Authorities(Row):
    version: str
    authorities: tuple[Authority, ...]

    @model_validator(mode="after")
    def _are_named_once(self) -> Self:
        names = [each.id for each in self.authorities]
        if twice := sorted({each for each in names if names.count(each) > 1}):
            raise ValueError(f"two authorities are named {', '.join(twice)}")
        return self


@dataclass(frozen=True, slots=True)
class Route:
    """One authority to tell, and by when; without a deadline it may be told, and nobody is obliged to."""

    authority: Authority
    deadline: Deadline | None

    @property
    def at(self) -> datetime | None:
        return self.deadline.at if self.deadline else None


@cache
def authorities() -> dict[str, Authority]:
    """The data file, by id."""
    return {each.id: each for each in read("authorities.yaml", Authorities).authorities}


def is_grave(facts: Facts) -> bool:
    """Whether a suspected offence threatens a life or somebody's safety (EU law, art. 18(1)).

    An adult whose image was passed on decides herself whether the police should know.
    """
    grave = facts.harm is Harm.SEXUAL_VIOLENCE_RECORDING or Flag.IMMINENT_DANGER in facts.flags
    return grave or child_safety(facts.harm, facts.minor)


def routes(facts: Facts, at: datetime, known: frozenset[str] = frozenset()) -> tuple[Route, ...]:
    """Who is to be told of what a person found at `at`, the most urgent first.

    `known`: the countries of the offence, the suspect and the person harmed, as far as anybody knows them; else those
    of the deployment count, and where these have no authority in the data, whoever stands in for all of a union.
    """
    if not is_grave(facts):
        return ()
    where = known or frozenset(facts.deployment.countries)
    deadlines = _deadlines(facts, at)
    fit = [each for each in authorities().values() if _takes(each, facts)]
    found = [each for each in fit if not each.instead and (each.country in where or _always(each, facts))]
    if not any(_first(each, deadlines) for each in found):
        found += [each for each in fit if each.instead and any(places.inside(one, each.country) for one in where)]
    return tuple(sorted((Route(each, _first(each, deadlines)) for each in found), key=_urgency))


def _takes(authority: Authority, facts: Facts) -> bool:
    child = child_safety(facts.harm, facts.minor)
    return facts.deployment.role in authority.roles and (authority.takes == "grave" or child)


def _always(authority: Authority, facts: Facts) -> bool:
    return authority.always and authority.country in facts.deployment.countries


def _deadlines(facts: Facts, at: datetime) -> dict[str, Deadline]:
    events = (Facts(facts.harm, facts.minor, facts.flags, facts.deployment, event=event) for event in TELLING)
    found = (one for each in events for one in owed(each, at).deadlines)
    return {one.duty.id: one for one in found if one.duty.owes is Act.REFER}


def _first(authority: Authority, deadlines: dict[str, Deadline]) -> Deadline | None:
    mine = [deadlines[each] for each in authority.duties if each in deadlines]
    return min(mine, key=lambda one: one.at, default=None)


def _urgency(route: Route) -> tuple[bool, str, str]:
    return route.at is None, route.at.isoformat() if route.at else "", route.authority.id
