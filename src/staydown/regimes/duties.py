"""The duties the law sets, from `data/duties/`: who owes what, upon what, within which time, and where that is written."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from staydown.regimes import places
from staydown.regimes.harms import Capacity, Flag, Harm, Role
from staydown.regimes.periods import Period
from staydown.regimes.reading import BadData, Row, Sourced, names, read

OWN = "staydown"  # the regime of what this software promises by itself


class Event(StrEnum):
    """What starts a duty's time."""

    NOTICE = "notice"  # a report arrives
    UPLOAD_HELD = "upload_held"  # an upload waits for a person
    DECISION = "decision"  # somebody is told what was decided
    RESTRICTION = "restriction"  # an item or an account is hidden, removed, suspended
    COMPLAINT = "complaint"  # a reporter or an uploader contests a decision
    SUSPICION = "suspicion"  # a person suspects an offence that threatens life or safety
    KNOWLEDGE = "knowledge"  # a person knows of apparent sexual abuse of a child
    REFERRAL = "referral"  # an authority was told
    REMOVAL_ORDER = "removal_order"
    INFORMATION_ORDER = "information_order"
    PRESERVATION_ORDER = "preservation_order"
    EFFECT = "effect"  # an authority's order was carried out
    MISUSE = "misuse"  # somebody keeps on sending what is manifestly illegal or unfounded
    YEAR_END = "year_end"


class Act(StrEnum):
    """What is owed."""

    CONFIRM = "confirm_receipt"
    DECIDE = "decide"
    REMOVE = "remove"
    ANSWER = "answer"
    EXPLAIN = "explain_to_uploader"
    LISTEN = "accept_complaints"
    REFER = "tell_authority"
    REPLY = "reply_to_authority"
    PRESERVE = "preserve"
    SUSPEND = "suspend_misuse"
    PUBLISH = "publish"


class Bound(StrEnum):
    """Whether it must be done by the end of the time, or go on until then."""

    AT_LATEST = "at_latest"
    AT_LEAST = "at_least"


class PauseReason(StrEnum):
    FORCE_MAJEURE = "force_majeure"
    MANIFEST_ERROR = "manifest_error"


class PauseRule(Row):
    """What stops a duty's time, and who must be told so that it does."""

    reason: PauseReason
    words: str
    tell: str = ""


class Duty(Sourced):
    """One duty. An empty list of countries, roles, harms or capacities means every one."""

    id: str = Field(pattern=r"^[a-z0-9_]+$", max_length=40)
    regime: str
    law: str
    does: str
    on: Event
    owes: Act
    bound: Bound = Bound.AT_LATEST
    countries: tuple[str, ...] = ()
    issuers: frozenset[str] = frozenset()  # authorities; their orders' time runs wherever the deployment is
    roles: frozenset[Role] = frozenset()
    harms: frozenset[Harm] = frozenset()
    child: Literal["certain", "possible", ""] = ""
    flag: Flag | None = None
    capacities: frozenset[Capacity] = frozenset()
    spares_small: bool = False  # not for micro and small enterprises
    within: Period | None = None  # the law's own number
    words: str = ""  # what the law says where it has no number
    target: Period | None = None  # what this software promises for these words
    stated: bool = False  # the order itself may set the time
    pauses: tuple[PauseRule, ...] = ()
    since: date | None = None
    until: date | None = None  # the last day

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if (self.within is None) == (not self.words):
            raise ValueError("give the law's number in `within`, or its `words` where it has none, and not both")
        if self.within and self.target:
            raise ValueError("a `target` stands for words; this law has a number")
        if self.since and self.until and self.until < self.since:
            raise ValueError("`until` lies before `since`")
        return self

    @property
    def period(self) -> Period | None:
        return self.within or self.target

    @property
    def kind(self) -> Literal["law", "target"]:
        """Whether the number is a statute's or our own promise."""
        return "law" if self.within else "target"

    @property
    def is_own(self) -> bool:
        return self.regime == OWN

    def pause_rule(self, reason: PauseReason) -> PauseRule | None:
        return next((rule for rule in self.pauses if rule.reason is reason), None)


class Law(Row):
    name: str
    source: str


class Book(Row):
    """One file: the laws of a place, and their duties, each with its law's short name in `law`."""

    version: date
    regime: str
    countries: tuple[str, ...]
    laws: dict[str, Law]
    duties: tuple[Duty, ...]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, book: dict[str, Any]) -> dict[str, Any]:
        laws = book.get("laws", {})
        shared = {"regime": book.get("regime"), "countries": book.get("countries")}
        return book | {"duties": [shared | dict(row) | _law(row, laws) for row in book.get("duties", [])]}


def _law(row: dict[str, Any], laws: dict[str, dict[str, str]]) -> dict[str, str]:
    law = laws.get(row.get("law", ""))
    if law is None:
        raise ValueError(f"{row.get('id')}: no law named {row.get('law')!r} among this file's laws")
    return {"law": law["name"], "source": row.get("source", law["source"])}


@cache
def books() -> tuple[Book, ...]:
    """Every file of `data/duties/`. Raises `BadData`, also where two duties have one id."""
    found = tuple(read(name, Book) for name in names("duties"))
    ids = [duty.id for book in found for duty in book.duties]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise BadData(f"data/duties/ has two duties named {', '.join(twice)}; give one of them another id.")
    return found


@cache
def by_id() -> dict[str, Duty]:
    return {duty.id: duty for book in books() for duty in book.duties}


def duty(duty_id: str) -> Duty:
    """The duty with this id; `KeyError` for an id that no version of the data has."""
    return by_id()[duty_id]


def regimes_of(country: str) -> tuple[str, ...]:
    """The regimes in the data that reach this country, our own promises apart; none for a country we do not know."""
    return tuple(
        book.regime
        for book in books()
        if book.regime != OWN and any(places.inside(country, area) for area in book.countries)
    )
