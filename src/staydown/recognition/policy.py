"""What a platform wants done by a number: its own policy, as data, for each place and audience. Off where nothing is said.

A rule says where it holds and, in steps, what follows from which number on. The first rule that fits a place is its policy,
so the more particular ones stand first:

    - platform: plaza            # left out: every platform; so are surface and audience
      surface: post
      steps:
        - {from: 0.2, act: sensitive}
        - {from: 0.5, act: blur}
        - {from: 0.8, act: hold}
    - platform: adults-only      # a place where nudity is what people come for
      steps: []

Nothing here can block or remove: those acts do not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import yaml

from staydown.recognition.signals import Signals


class BadPolicy(ValueError):
    """The policy of recognition cannot be read: it is a list of rules, each with `steps`, a list of {from: 0 to 1, act:
    sensitive, blur, age-restricted or hold}, and if you like `platform`, `surface`, `audience`, and `unseen: hold or allow`.
    """


class Act(StrEnum):
    """What may follow from a number; the first three are labels."""

    SENSITIVE = "sensitive"
    BLUR = "blur"
    AGE_RESTRICTED = "age-restricted"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Where:
    """Where something is about to be published."""

    platform: str
    surface: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """From this number on, this follows."""

    least: float
    act: Act


@dataclass(frozen=True, slots=True)
class Rule:
    """What one place wants. `where` is fulfilled by a place that says the same, or anything where it says nothing.

    `holds_unseen`: whether what could not be looked at waits for a person.
    """

    where: Where
    steps: tuple[Step, ...]
    holds_unseen: bool = True

    def fits(self, place: Where) -> bool:
        pairs = ((self.where.platform, place.platform), (self.where.surface, place.surface))
        return all(said in ("", here) for said, here in (*pairs, (self.where.audience, place.audience)))


@dataclass(frozen=True, slots=True)
class Followed:
    """What a policy made of a number: labels for the platform to show by, and whether a person looks first."""

    labels: tuple[str, ...] = ()
    holds: bool = False


def rule_for(rules: Sequence[Rule], place: Where) -> Rule | None:
    """The first rule that fits. None, and a rule without steps, want nobody to look."""
    found = next((rule for rule in rules if rule.fits(place)), None)
    return found if found and found.steps else None


def followed(rule: Rule, signals: Signals | None) -> Followed:
    """What follows from signals, or from there being none because the file could not be looked at."""
    if signals is None:
        return Followed(holds=rule.holds_unseen)
    acts = [step.act for step in rule.steps if signals.nudity >= step.least]
    return Followed(tuple(act.value for act in Act if act in acts and act is not Act.HOLD), Act.HOLD in acts)


def at(path: str) -> tuple[Rule, ...]:
    """The rules of a file; none without one. Raises `BadPolicy`."""
    if not path:
        return ()
    try:
        return read(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadPolicy(f"{path}: {error}") from error


def read(text: str) -> tuple[Rule, ...]:
    """The rules of a file's text (YAML). Raises `BadPolicy`."""
    try:
        said = yaml.safe_load(text) or []
        return tuple(_rule(**each) for each in said)
    except (yaml.YAMLError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise BadPolicy(f"{' '.join(str(BadPolicy.__doc__).split())} ({error})") from error


def _rule(
    steps: list[dict[str, object]], platform: str = "", surface: str = "", audience: str = "", unseen: str = "hold"
) -> Rule:
    if unseen not in ("hold", "allow"):
        raise ValueError(f"unseen: {unseen}")
    return Rule(Where(platform, surface, audience), tuple(_step(step) for step in steps), unseen == "hold")


def _step(said: dict[str, object]) -> Step:
    least, act = said["from"], Act(str(said["act"]))
    if len(said) != 2 or isinstance(least, bool) or not isinstance(least, int | float) or not 0 <= least <= 1:
        raise ValueError(f"step: {said}")
    return Step(float(least), act)
