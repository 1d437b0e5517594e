"""How an organisation, and each of its officers, is let in: proposed by one person, verified, admitted by another. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from staydown.people.rules import DECIDERS, Person, Role, may_confirm
from staydown.states import Machine


class Kind(StrEnum):
    """What an organisation is to us."""

    AUTHORITY = "authority"  # orders
    FLAGGER = "flagger"  # flags (EU law, art. 22)


ROLE = {Kind.AUTHORITY: Role.OFFICER, Kind.FLAGGER: Role.FLAGGER}


class Standing(StrEnum):
    """Of an organisation, or of one of its officers."""

    PROPOSED = "proposed"
    ADMITTED = "admitted"  # until its day
    ENDED = "ended"


ADMISSION = Machine(
    Standing,
    Standing.PROPOSED,
    {
        Standing.PROPOSED: frozenset({Standing.ADMITTED, Standing.ENDED}),
        Standing.ADMITTED: frozenset({Standing.PROPOSED, Standing.ENDED}),  # proposed anew, to be renewed
        Standing.ENDED: frozenset(),
    },
)
LONGEST = timedelta(days=366)  # that anybody is in the register without being verified anew
KEY_LASTS = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Proposed:
    """An organisation as somebody proposes it.

    `number`: of its switchboard, found independently of whatever came in; `found` says where. `issuer`: the authority
    whose orders these are, as `regimes` names it; empty where the law's data has no clock of its own for it.
    """

    kind: Kind
    name: str
    country: str
    number: str
    found: str
    issuer: str = ""
    harms: tuple[str, ...] = ()  # a flagger's field; empty: all
    listed: str = ""  # a flagger's place in the Commission's list

    @property
    def complete(self) -> bool:
        """Whether somebody can be called back, and it is said how the number was found."""
        return all(text.strip() for text in (self.name, self.number, self.found)) and len(self.country) == 2


def may_propose(person: Person) -> bool:
    """Whether somebody of the staff may propose, call back, and take back."""
    return person.active and person.role in DECIDERS


def may_admit(person: Person) -> bool:
    """Whether somebody's agreement counts as the second one."""
    return may_confirm(person, child_safety=False)


def stands(state: str, until: datetime, now: datetime) -> bool:
    """Whether who was admitted still is."""
    return state == Standing.ADMITTED and now < until
