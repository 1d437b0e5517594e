"""The rules of a case: what is held before anyone has looked, which case a report joins, when two people are needed."""

from dataclasses import dataclass
from enum import StrEnum

from staydown.regimes.harms import CHILD_HARMS, Flag, Harm, Tri, child_safety
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
        CaseState.JOINED: frozenset(),
    },
)


class DecisionState(StrEnum):
    PROPOSED = "proposed"  # waits for a second person
    MADE = "made"
    DECLINED = "declined"


DECISION = Machine(
    DecisionState,
    DecisionState.PROPOSED,
    {
        DecisionState.PROPOSED: frozenset({DecisionState.MADE, DecisionState.DECLINED}),
        DecisionState.MADE: frozenset(),
        DecisionState.DECLINED: frozenset(),
    },
)


class Ruling(StrEnum):
    """What a person decides about one item."""

    REMOVE = "remove"
    ONCE = "once"  # remove this one post, bank nothing: the picture is one that very many people have
    KEEP = "keep"  # put back what was held, leave up what was up
    LABEL = "label"


class Ground(StrEnum):
    """Why (EU law, art. 17(3)(d) and (e))."""

    LAW = "law"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class Claim:
    """What one report asserts about one item, as the hold rules see it."""

    harm: Harm
    minor: Tri  # unknown counts as yes for viewing and storing, not for holding (decision 16)
    from_person_shown: bool
    trusted_flagger: bool = False


def holds_at_once(claim: Claim) -> bool:
    """Whether an item is hidden before anyone has looked (reversible, and reviewed within its deadline)."""
    if claim.harm in CHILD_HARMS or claim.minor is Tri.YES:
        return True
    return claim.from_person_shown or claim.trusted_flagger


@dataclass(frozen=True, slots=True)
class HoldsLastHour:
    """How many holds were written in the last hour, around one item."""

    item: int
    account: int
    platform: int


@dataclass(frozen=True, slots=True)
class Brake:
    """Beyond this many holds an hour, new ones go to a person first (decision 16)."""

    item: int = 2
    account: int = 20
    platform: int = 200

    def on(self, holds: HoldsLastHour) -> bool:
        return holds.item >= self.item or holds.account >= self.account or holds.platform >= self.platform


BRAKE_MINUTES = 15  # by when a person looks at what the brake let stay up


def new_fact(harm: Harm, decided_harms: frozenset[str]) -> bool:
    """Whether a report says something new about an item that a person put back (decision 12)."""
    return harm.value not in decided_harms


def needs_second_person(harm: Harm, minor: Tri, rulings: frozenset[Ruling]) -> bool:
    """Whether two people must agree: nothing of a child-safety case goes back up on one person's word (decision 19)."""
    return child_safety(harm, minor) and rulings != {Ruling.REMOVE}


SEVERITY = (
    Harm.CSAM,
    Harm.GROOMING,
    Harm.SEXTORTION,
    Harm.SEXUAL_VIOLENCE_RECORDING,
    Harm.NCII,
    Harm.SYNTHETIC_NCII,
    Harm.VOYEURISM,
    Harm.EXPOSURE_HARASSMENT,
    Harm.UNSPECIFIED,
)


def graver(one: Harm, other: Harm) -> Harm:
    """The graver of two harms: a case carries the gravest that any of its reports names."""
    return min(one, other, key=SEVERITY.index)


def surer(one: Tri, other: Tri) -> Tri:
    """What a case says of a minor when two reports differ: a yes stands, and "not known" outweighs "no"."""
    return min(one, other, key=(Tri.YES, Tri.UNKNOWN, Tri.NO).index)


def flags_of(words: list[str]) -> frozenset[Flag]:
    return frozenset(Flag(word) for word in words)
