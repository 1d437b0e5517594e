"""How long what is kept must be kept, and by when it must be gone: by kind, harm, role and country."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Literal

from pydantic import Field

from staydown.regimes import places
from staydown.regimes.duties import Bound
from staydown.regimes.harms import Harm, Role, Tri, child_safety, may_be_a_child
from staydown.regimes.periods import Period, at_latest, at_least
from staydown.regimes.places import Deployment
from staydown.regimes.reading import Row, Sourced, read


class Kept(StrEnum):
    """What is kept."""

    MEDIA = "media"
    FINGERPRINT = "fingerprint"
    FILE = "file"  # notices, decisions, statements of reasons, complaints
    CONTACT = "contact"  # the reporter's, where they gave one
    ORDER = "order"  # what an authority's order said that never became complete
    UPLOADER = "uploader"  # who uploaded, and from where
    PUBLIC_REPORT = "public_report"
    JOURNAL = "journal"


class Start(StrEnum):
    """From when a time of keeping counts."""

    HELD = "held"  # sealed, or held back
    DECIDED = "decided"
    CLOSED = "closed"  # nobody can complain any more
    REFERRED = "referred"  # an authority was told
    BANKED = "banked"
    COLLECTED = "collected"
    PUBLISHED = "published"
    RECEIVED = "received"  # an authority's order
    WRITTEN = "written"


class Rule(Sourced):
    """One row: keep for at least a time, or no longer than it. Empty roles, countries or harms mean every one."""

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    what: Kept
    bound: Bound
    keep: Period
    since: Start
    then: str
    law: str
    roles: frozenset[Role] = frozenset()
    countries: tuple[str, ...] = ()
    harms: frozenset[Harm] = frozenset()
    child: Literal["certain", "possible", ""] = ""


class Rules(Row):
    version: date
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is kept, of which case, by whom."""

    what: Kept
    harm: Harm
    minor: Tri
    deployment: Deployment


@dataclass(frozen=True, slots=True)
class End:
    """A moment (UTC) and the rule it comes from."""

    at: datetime
    rule: Rule


@dataclass(frozen=True, slots=True)
class Schedule:
    """Keep at least until, gone at the latest by; None where no rule says so. A legal hold takes `gone_by` away."""

    keep_until: End | None
    gone_by: End | None

    @property
    def in_conflict(self) -> bool:
        """Whether two laws cannot both be kept: a person decides, and nothing is destroyed meanwhile."""
        return bool(self.keep_until and self.gone_by and self.gone_by.at < self.keep_until.at)


@cache
def rules() -> tuple[Rule, ...]:
    return read("retention.yaml", Rules).rules


def schedule(thing: Thing, moments: Mapping[Start, datetime], *, hold: bool = False) -> Schedule:
    """When what is kept may and must go. A rule whose moment is not in `moments` has not begun."""
    ends = [
        _end(rule, thing, moments[rule.since]) for rule in rules() if _applies(rule, thing) and rule.since in moments
    ]
    keeps = [end for end in ends if end.rule.bound is Bound.AT_LEAST]
    goes = [] if hold else [end for end in ends if end.rule.bound is Bound.AT_LATEST]
    return Schedule(max(keeps, key=lambda end: end.at, default=None), min(goes, key=lambda end: end.at, default=None))


def _end(rule: Rule, thing: Thing, start: datetime) -> End:
    count = at_least if rule.bound is Bound.AT_LEAST else at_latest
    return End(count(start, rule.keep, places.zones(thing.deployment.country)), rule)


def _applies(rule: Rule, thing: Thing) -> bool:
    countries = thing.deployment.countries
    return (
        rule.what is thing.what
        and (not rule.roles or thing.deployment.role in rule.roles)
        and (not rule.countries or any(places.inside(each, area) for each in countries for area in rule.countries))
        and (not rule.harms or thing.harm in rule.harms)
        and _child(rule, thing)
    )


def _child(rule: Rule, thing: Thing) -> bool:
    if rule.child == "certain":
        return child_safety(thing.harm, thing.minor)
    return rule.child != "possible" or may_be_a_child(thing.harm, thing.minor)
