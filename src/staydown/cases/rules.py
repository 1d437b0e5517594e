"""The rules of a case: its states, what a person rules, what becomes of complaints and of misuse, when somebody is alerted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from staydown.people.rules import DECIDERS, SENIORS, Role
from staydown.states import Machine


class CaseState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"
    JOINED = "joined"  # its reports moved to another case that turned out to be the same


CASE = Machine(
    CaseState,
    CaseState.OPEN,
    {
        CaseState.OPEN: frozenset({CaseState.DECIDED, CaseState.JOINED}),
        CaseState.DECIDED: frozenset({CaseState.CLOSED, CaseState.OPEN}),
        CaseState.CLOSED: frozenset({CaseState.OPEN}),
        CaseState.JOINED: frozenset({CaseState.OPEN}),  # taken apart again
    },
)


class DecisionState(StrEnum):
    PROPOSED = "proposed"  # waits for a second person
    SETTLING = "settling"  # made; what cannot be taken back waits a few seconds for whoever made a mistake
    MADE = "made"
    UNDONE = "undone"
    DECLINED = "declined"
    LAPSED = "lapsed"  # nobody answered in time: the case is to be decided again


DECISION = Machine(
    DecisionState,
    DecisionState.PROPOSED,
    {
        DecisionState.PROPOSED: frozenset({DecisionState.SETTLING, DecisionState.DECLINED, DecisionState.LAPSED}),
        DecisionState.SETTLING: frozenset({DecisionState.MADE, DecisionState.UNDONE}),
        DecisionState.MADE: frozenset(),
        DecisionState.UNDONE: frozenset(),
        DecisionState.DECLINED: frozenset(),
        DecisionState.LAPSED: frozenset(),
    },
)
STANDS = (DecisionState.SETTLING, DecisionState.MADE)  # somebody has decided
RULED = (DecisionState.PROPOSED, *STANDS)  # somebody has ruled on all that a case was then


class Ruling(StrEnum):
    """What a person decides about one item."""

    REMOVE = "remove"
    ONCE = "once"  # remove this one post, bank nothing: the picture is one that very many people have
    KEEP = "keep"  # put back what was held, leave up what was up
    LABEL = "label"


class AccountRuling(StrEnum):
    """What a person decides about one account (decision 12)."""

    LEAVE = "leave"
    RESTRICT = "restrict"  # it publishes nothing until somebody lifts it
    SUSPEND = "suspend"
    END = "end"
    REINSTATE = "reinstate"


class Outcome(StrEnum):
    """What became of a complaint (EU law, art. 20(4))."""

    UPHELD = "upheld"  # the decision stands
    REVERSED = "reversed"  # in whole or in part


TAKEN_DOWN = (Ruling.REMOVE, Ruling.ONCE)
FEWEST = 5  # settled complaints below which a share says more of chance, and of one person, than of a rule


def outcome[Id](before: Mapping[Id, str], after: Mapping[Id, str]) -> Outcome:
    """What a new decision ({item: ruling}) makes of a complaint about some items of a former one.

    To remove a post and bank nothing is as much a removal to who asked for it, and a gain to who published it.
    """
    changed = any(after.get(item, ruling) != ruling for item, ruling in before.items())
    return Outcome.REVERSED if changed else Outcome.UPHELD


class Step(StrEnum):
    """What is done about misuse, in this order."""

    WARNED = "warned"
    SLOWED = "slowed"  # looked at after others of the same harm and hour; never silenced


class Degree(StrEnum):
    """How grave, or how much meant: what a person says of it (EU law, art. 23(3)(c) and (d))."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Record:
    """The number of manifestly unfounded reports of one pseudonym in a year, and of how many: art. 23(3)(a) and (b).

    Reports that concern a child, or may, are in neither.
    """

    unfounded: int
    of: int
    since_warning: int  # unfounded ones that came after the last warning

    @property
    def may_be_warned(self) -> bool:
        return self.unfounded >= OFTEN and 2 * self.unfounded >= self.of

    @property
    def may_be_slowed(self) -> bool:
        """Whether a warning did not help."""
        return self.may_be_warned and self.since_warning > 0


OFTEN = 3
MISUSE_DAYS = 365
SLOWED_DAYS = 90


class Ground(StrEnum):
    """Why (EU law, art. 17(3)(d) and (e))."""

    LAW = "law"
    RULES = "rules"


ALERTED = {
    50: DECIDERS,
    80: SENIORS,
    100: frozenset({Role.LEAD}),
}  # per cent of the time to decide: whose pages say so, beside whoever works on it


def alert_at(start: datetime, due: datetime, percent: int) -> datetime:
    """When so many per cent of the time that there is to decide are over."""
    return start + (due - start) * percent / 100
