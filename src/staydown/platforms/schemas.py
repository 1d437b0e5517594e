"""What the platform API takes and answers."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

from staydown.platforms.rules import Action, ItemState, OrderState, Outcome, Verdict
from staydown.regimes.harms import Flag, Harm, Tri

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _storable(text: str) -> str:
    """Text that every database can hold: no NUL, no lone surrogate."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a sign that is no text (NUL or a lone surrogate)")
    return text


def _plausible(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("must lie between 1990 and 2200")
    return moment


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_storable)]
Url = Annotated[
    str, StringConstraints(min_length=8, max_length=2000, pattern=r"^https?://\S+$"), AfterValidator(_storable)
]
Words = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class FingerprintIn(Strict):
    kind: Literal["pdq"]
    value: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    quality: Annotated[int, Field(ge=0, le=100)]


class Uploader(Strict):
    """Who uploads, and where on the platform."""

    account_id: Id | None = None
    surface: Annotated[str, StringConstraints(max_length=60), AfterValidator(_storable)] = ""


class CheckIn(Uploader):
    fingerprints: Annotated[list[FingerprintIn], Field(min_length=1, max_length=8)]


class CheckOut(Schema):
    check_id: UUID
    verdict: Verdict
    reasons: list[str]
    labels: list[str]


class ItemIn(Strict):
    url: Url
    account_id: Id | None = None
    posted_at: Moment
    audience: Literal["everyone", "followers", "private"] = "everyone"
    check_id: UUID | None = None


class ItemOut(Schema):
    item_id: str
    state: ItemState
    sequence: int
    views: int


class ViewsIn(Strict):
    views: Annotated[int, Field(ge=0, le=2**62)]


class ReportIn(Strict):
    item_ids: Annotated[list[Id], Field(max_length=100)] = []
    account_ids: Annotated[list[Id], Field(max_length=100)] = []
    harm: Harm = Harm.UNSPECIFIED
    minor: Tri = Tri.UNKNOWN
    flags: Annotated[list[Flag], Field(max_length=10)] = []
    words: Words = ""
    language: Language = "en"
    reporter_ref: Id | None = None


class ReportOut(Schema):
    receipt: str
    follow_url: str


class LinkIn(Strict):
    item_id: Id
    language: Language = "en"


class LinkOut(Schema):
    url: str
    expires_at: datetime


class OrderOut(Schema):
    order_id: UUID
    action: Action
    item_id: str | None
    account_id: str | None
    check_id: UUID | None
    sequence: int
    deadline: datetime | None
    policy: str
    label: str | None
    resolution: str | None
    state: OrderState


class OrdersOut(Schema):
    orders: list[OrderOut]


class ConfirmIn(Strict):
    outcome: Outcome
