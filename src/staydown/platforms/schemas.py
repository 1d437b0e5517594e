"""What the platform API takes and answers."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from staydown.platforms.rules import Action, ItemState, OrderState, Outcome, Verdict
from staydown.recognition import Care, Level
from staydown.recognition.patterns import Tactic
from staydown.regimes.harms import Flag, Harm, Tri

PLACE = "#/components/schemas/{model}"
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def storable(text: str) -> str:
    """Text that every database can hold: no NUL, no lone surrogate."""
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds a sign that is no text (NUL or a lone surrogate)")
    return text


def _plausible(moment: datetime) -> datetime:
    if not EARLIEST <= moment <= LATEST:
        raise ValueError("must lie between 1990 and 2200")
    return moment


Id = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
Url = Annotated[
    str, StringConstraints(min_length=8, max_length=2000, pattern=r"^https?://\S+$"), AfterValidator(storable)
]
Words = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_plausible)]
Surface = Annotated[str, StringConstraints(max_length=60), AfterValidator(storable)]
Pdq = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
Quality = Annotated[int, Field(ge=0, le=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class FingerprintIn(Strict):
    kind: Literal["pdq"]
    value: Pdq
    quality: Quality


class Uploader(Strict):
    """Who uploads, where on the platform, and for whom."""

    account_id: Id | None = None
    surface: Surface = ""
    audience: Surface = ""


class CheckIn(Uploader):
    fingerprints: Annotated[list[FingerprintIn], Field(min_length=1, max_length=8)]


class HashIn(BaseModel):
    """What a platform computed of one picture. No digest of the file: nobody asks the bank about one without the file.

    Unlike what is sent singly it is no `ninja.Schema`, which takes many times as long to read.
    """

    model_config = ConfigDict(extra="forbid")

    pdq: Pdq
    quality: Quality
    account_id: Id | None = None
    surface: Surface = ""


class HashesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    hashes: Annotated[list[HashIn], Field(min_length=1, max_length=1000)]


class HashOut(Schema):
    verdict: Verdict
    check_id: UUID | None = None  # of what is not let pass: `check.resolved` speaks of it
    reasons: list[str] = []


class HashesOut(Schema):
    answers: list[HashOut]


class MessageIn(Strict):
    sender: Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)] = ""
    text: Words


class TextsIn(Strict):
    """Messages in their order, from a place that the operator named in STAYDOWN_TEXTS."""

    surface: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(storable)]
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=500)]
    to_a_minor: bool = False


class ShownOut(Schema):
    """Signs `start` to `end` of a message, and the rule of a pattern pack that they met."""

    message: int
    start: int
    end: int
    rule: str


class SenderOut(Schema):
    """`offer_help`: whoever tells of what was done to her; nothing is told against her."""

    sender: str
    level: Level
    care: Care
    offer_help: bool
    tactics: list[Tactic]
    shown: list[ShownOut]
    version: str


class TextsOut(Schema):
    senders: list[SenderOut]
    misses: str


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
    account_holder: Id | None = None  # one word for all accounts of one person, if the platform knows


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


class ComplaintIn(Strict):
    """What who published a post says against a decision on it. The platform vouches that it is that account."""

    item_id: Id
    account_id: Id
    words: Words = ""
    language: Language = "en"


class ComplaintOut(Schema):
    complaint_id: UUID
    item_id: str
    state: Literal["open", "upheld", "reversed"]
    answer: str | None  # what to show to the account, once another person has decided
    due_at: datetime


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
    statement_id: UUID | None
    state: OrderState


class StatementOut(Schema):
    """A statement of reasons; the fields in capitals' words are those of the EU's Transparency Database."""

    statement_id: UUID
    order_id: UUID
    item_id: str | None
    account_id: str | None
    words: str
    decision_visibility: list[str]
    decision_account: str
    decision_provision: str
    decision_ground: str
    legal_ground: str
    decision_facts: str
    category: str
    category_specification: list[str]
    territorial_scope: list[str]
    application_date: date
    end_date: date | None
    source_type: str
    automated_detection: bool
    automated_decision: str
    contest_until: datetime


class NoticeOut(Schema):
    """What an uploader is to be told now of an authority's order: give it to the account, then confirm."""

    notice_id: UUID
    order_id: UUID
    item_id: str | None
    account_id: str | None  # who published it
    words: str
    tell_from: datetime


class NoticesOut(Schema):
    notices: list[NoticeOut]


class OrdersOut(Schema):
    orders: list[OrderOut]


class ConfirmIn(Strict):
    outcome: Outcome


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a body that is read by us and not by ninja; the models in it are among `components`."""
    schema = model.model_json_schema(ref_template=PLACE)
    return {name: said for name, said in schema.items() if name != "$defs"}


def components() -> dict[str, Any]:
    """{name: JSON Schema} of the models in those bodies."""
    return {
        name: said
        for model in (CheckIn, HashesIn)
        for name, said in model.model_json_schema(ref_template=PLACE)["$defs"].items()
    }
