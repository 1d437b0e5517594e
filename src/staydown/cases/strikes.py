"""Strikes: what decided removals weigh against an account, and what a person is then proposed to decide. Pure.

Weights, windows and thresholds are data (`data/strikes.yaml`, or the operator's own file). A proposal is words on a page:
no account is touched without a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from staydown.cases.rules import AccountRuling
from staydown.regimes.harms import Harm
from staydown.regimes.reading import Row, parse

SHIPPED = "on"


@dataclass(frozen=True, slots=True)
class Strike:
    """What one case weighs against one account: when the first of its posts was removed, and for which harm."""

    at: datetime
    harm: Harm
    case: UUID | None = None


class Weight(Row):
    harms: frozenset[Harm]
    weight: int = Field(ge=1, le=1000)
    window_days: int = Field(ge=1, le=3650)


class Threshold(Row):
    """From how many points on which ruling is proposed."""

    points: int = Field(alias="from", ge=1)
    propose: AccountRuling


class Policy(Row):
    version: date
    policies: tuple[Weight, ...]
    steps: tuple[Threshold, ...]

    @model_validator(mode="after")
    def _covers_every_harm_once_and_rises(self) -> Self:
        named = [harm for each in self.policies for harm in each.harms]
        if sorted(named) != sorted(Harm):
            raise ValueError("every harm has one weight and one window: each is named exactly once")
        points = [step.points for step in self.steps]
        if points != sorted(set(points)):
            raise ValueError("the steps rise: each begins at more points than the one before")
        if {step.propose for step in self.steps} & {AccountRuling.LEAVE, AccountRuling.REINSTATE}:
            raise ValueError("a step proposes restrict, suspend or end")
        return self

    def of(self, harm: Harm) -> Weight:
        """What a harm weighs, and for how long."""
        return next(each for each in self.policies if harm in each.harms)


def read(setting: str) -> Policy | None:
    """The policy of the setting: none, the one that comes with this version ("on"), or a file's. Raises `BadData`."""
    if not setting.strip():
        return None
    return shipped() if setting.strip() == SHIPPED else of_file(Path(setting.strip()))


def shipped() -> Policy:
    """The policy that comes with this version."""
    path = resources.files("staydown.cases").joinpath("data", "strikes.yaml")
    return parse("strikes.yaml", path.read_text(encoding="utf-8"), Policy)


def of_file(path: Path) -> Policy:
    """An operator's own policy. Raises `OSError`, `BadData`."""
    return parse(path.name, path.read_text(encoding="utf-8"), Policy)


def points(strikes: Iterable[Strike], policy: Policy, now: datetime) -> int:
    """What the strikes weigh together now, each within its window."""
    return sum(policy.of(strike.harm).weight for strike in strikes if _counts(strike, policy, now))


def _counts(strike: Strike, policy: Policy, now: datetime) -> bool:
    return strike.at <= now < strike.at + timedelta(days=policy.of(strike.harm).window_days)


def proposed(weighs: int, policy: Policy) -> AccountRuling:
    """What is proposed at so many points."""
    reached = [step.propose for step in policy.steps if step.points <= weighs]
    return reached[-1] if reached else AccountRuling.LEAVE


def highest(strikes: list[Strike], policy: Policy) -> AccountRuling:
    """The strictest ruling that this policy would ever have proposed of an account: points only rise with a strike."""
    return proposed(max((points(strikes, policy, strike.at) for strike in strikes), default=0), policy)


@dataclass(frozen=True, slots=True)
class Reached:
    """How many accounts a step was ever proposed of, and how many it would be proposed of now."""

    step: AccountRuling
    points: int
    ever: int
    now: int


def simulate(accounts: Iterable[list[Strike]], policy: Policy, now: datetime) -> list[Reached]:
    """What a policy would have proposed on this history, by step. An account counts at the strictest step it reached."""
    histories = list(accounts)
    ever = [highest(strikes, policy) for strikes in histories]
    today = [proposed(points(strikes, policy, now), policy) for strikes in histories]
    return [Reached(s.propose, s.points, ever.count(s.propose), today.count(s.propose)) for s in policy.steps]
