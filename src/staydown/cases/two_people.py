"""Which acts of a decision take two people, from `data/two_people.yaml`, and for how long a proposal waits. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Self

from pydantic import Field, model_validator

from staydown.cases.rules import AccountRuling, Ruling
from staydown.platforms.rules import ItemState
from staydown.regimes.harms import Harm, Tri, child_safety
from staydown.regimes.reading import Row, parse


class Act(StrEnum):
    """One thing that nobody does alone."""

    NO_ACTION_CHILD = "no_action_child"  # a child-safety report closed without action
    RESTORE_CHILD = "restore_child"  # put back what was held as child-safety
    SPARE_COPIES_CHILD = "spare_copies_child"  # remove one post of a child-safety case, and bank nothing
    END_ACCOUNT = "end_account"  # for good


class Rule(Row):
    """How long a proposal of this act waits, and why it takes two."""

    act: Act
    lapses_after_hours: int = Field(ge=1, le=720)
    because: str = Field(min_length=1)


class Rules(Row):
    version: date
    acts: tuple[Rule, ...]

    @model_validator(mode="after")
    def _names_each_act_once(self) -> Self:
        named = [rule.act for rule in self.acts]
        if sorted(named) != sorted(Act):
            raise ValueError(f"each of these takes two people and is named once: {', '.join(sorted(Act))}")
        return self


@cache
def rules() -> Rules:
    """The data of this version."""
    path = resources.files("staydown.cases").joinpath("data", "two_people.yaml")
    return parse("two_people.yaml", path.read_text(encoding="utf-8"), Rules)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a decision says: of each post with the state it is in, and of each account."""

    posts: tuple[tuple[Ruling, ItemState], ...]
    accounts: tuple[AccountRuling, ...] = ()


def acts(harm: Harm, minor: Tri, ruled: Ruled) -> frozenset[Act]:
    """Which acts of a decision take two people; none where one person may decide so alone."""
    found = {Act.END_ACCOUNT} if AccountRuling.END in ruled.accounts else set()
    return frozenset(found | (_of_a_child(ruled) if child_safety(harm, minor) else set()))


def _of_a_child(ruled: Ruled) -> set[Act]:
    left = [state for ruling, state in ruled.posts if ruling in (Ruling.KEEP, Ruling.LABEL)]
    found = {Act.RESTORE_CHILD} if any(state is not ItemState.UP for state in left) else set()
    if any(ruling is Ruling.ONCE for ruling, _ in ruled.posts):
        found.add(Act.SPARE_COPIES_CHILD)
    acted = bool(ruled.posts) or any(each in AGAINST for each in ruled.accounts)
    if ItemState.UP in left or not acted:
        found.add(Act.NO_ACTION_CHILD)
    return found


AGAINST = frozenset({AccountRuling.RESTRICT, AccountRuling.SUSPEND, AccountRuling.END})


def lapse(which: Iterable[Act], proposed_at: datetime) -> datetime:
    """Until when a proposal of these acts waits for a second person: the shortest of their times."""
    named = frozenset(which)
    hours = min(rule.lapses_after_hours for rule in rules().acts if rule.act in named)
    return proposed_at + timedelta(hours=hours)
