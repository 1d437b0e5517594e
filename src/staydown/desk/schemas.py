"""What an organisation's program sends to the desk's API, and what it is answered."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from staydown.authority_orders import prints as fingerprints
from staydown.authority_orders.rules import Kind as OrderKind
from staydown.authority_orders.rules import Said
from staydown.flaggers import reading
from staydown.platforms import places
from staydown.platforms.problems import Refused
from staydown.platforms.schemas.fields import Language, Moment, Strict, Words, storable
from staydown.regimes.harms import Harm, Tri

Place = Annotated[str, StringConstraints(min_length=2, max_length=2000), AfterValidator(storable)]
Number = Annotated[str, StringConstraints(max_length=120), AfterValidator(storable)]


class SaidIn(Strict):
    """The elements of art. 9(2) or 10(2), each as it stands in the order; what is missing is named in the answer."""

    legal_basis: Words = ""
    reasons: Words = ""
    secret: bool = False
    authority: Words = ""
    places: Annotated[list[Place], Field(max_length=500)] = []
    prints: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=fingerprints.MOST)] = []
    redress: Words = ""
    recipient: Words = ""
    territory: Words = ""
    language: Language | Literal[""] = ""

    def said(self) -> Said:
        """Raises `Refused` for fingerprints that are none."""
        try:
            kept = fingerprints.read("\n".join(self.prints))
        except fingerprints.NotPrints as error:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
        found = tuple(each for each in self.places if places.is_place(each))
        return Said(**(self.model_dump() | {"places": found, "prints": kept}))


class OrderIn(Strict):
    kind: OrderKind
    said: SaidIn
    number: Number = ""
    harm: Harm = Harm.UNSPECIFIED
    minor: Tri = Tri.UNKNOWN
    served_at: Moment | None = None
    stated_at: Moment | None = None
    silent_until: Moment | None = None
    keep_until: Moment | None = None


class OrderedOut(Schema):
    """How far an order is; `effect`: of each address, whether nobody sees it any more.

    `due_at` is empty while no time runs: something is missing, its time stands still, or it was taken back.
    """

    order_id: UUID
    reference: str
    state: str
    missing: list[str]
    received_at: datetime
    due_at: datetime | None
    effect_at: datetime | None
    answered_at: datetime | None
    effect: dict[str, bool]
    elsewhere: list[str]


class FlagIn(Strict):
    place: Place
    harm: Harm
    minor: Tri = Tri.UNKNOWN
    words: Annotated[str, StringConstraints(max_length=5000), AfterValidator(storable)] = ""
    mandate: Annotated[str, StringConstraints(max_length=2000), AfterValidator(storable)] = ""


class ListIn(Strict):
    flags: Annotated[list[FlagIn], Field(min_length=1, max_length=reading.MOST)]
    number: Number = ""
    language: Language = "en"


class FlagOut(Schema):
    place: int
    where: str
    became: str
    queue: int | None


class ListOut(Schema):
    """What became of each line, and how many of each."""

    list_id: UUID
    sent_at: datetime
    counts: dict[str, int]
    flags: list[FlagOut]


class StandingOut(Schema):
    sent: int
    decided: int
    acted_on: int
    unfounded: int
    median_hours: float | None
    suspended: bool
