"""The rules of a case: its states, what is held before anyone has looked, which case a report joins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from staydown.people.rules import DECIDERS, SENIORS, Role
from staydown.regimes.harms import CHILD_HARMS, Flag, Harm, Tri
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


FLAGGERS_BRAKE = Brake(item=2, account=200, platform=1000)  # one list of a trusted flagger, counted apart
ALERTED = {
    50: DECIDERS,
    80: SENIORS,
    100: frozenset({Role.LEAD}),
}  # per cent of the time to decide: whose pages say so, beside whoever works on it


def alert_at(start: datetime, due: datetime, percent: int) -> datetime:
    """When so many per cent of the time that there is to decide are over."""
    return start + (due - start) * percent / 100


SEVERAL = 3  # people under age: from so many on, whom they report is looked at first
VOICES_DAYS = 90
RISEN_MINUTES = 60  # by when a person looks then


@dataclass(frozen=True, slots=True)
class Voices:
    """How many people under age reported one account, for themselves, and in how many cases. Who takes back counts no more."""

    pseudonyms: int = 0  # different ones of a platform (decision 20)
    receipts: int = 0  # reports of people of whom nothing is known, each counted
    cases: int = 0

    @property
    def people(self) -> int:
        return self.pseudonyms + self.receipts

    @property
    def rise(self) -> bool:
        """Whether what they say is looked at first. It hides nothing and proves nothing."""
        return self.people >= SEVERAL


BRAKE_MINUTES = 15  # by when a person looks at what the brake let stay up


def new_fact(harm: Harm, decided_harms: frozenset[str]) -> bool:
    """Whether a report says something new about an item that a person put back (decision 12)."""
    return harm.value not in decided_harms


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


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a case, and by when which duty wants it decided."""

    harm: Harm
    minor: Tri
    flags: frozenset[str]
    due_at: datetime
    clock: str

    def with_(self, other: "Standing") -> "Standing":
        """What is known of two cases that are one: the graver, the surer, and the earlier deadline. In any order the same."""
        first = min(self, other, key=lambda one: (one.due_at, one.clock))
        return Standing(
            graver(self.harm, other.harm),
            surer(self.minor, other.minor),
            self.flags | other.flags,
            first.due_at,
            first.clock,
        )


def flags_of(words: list[str]) -> frozenset[Flag]:
    return frozenset(Flag(word) for word in words)
