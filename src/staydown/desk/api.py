"""The desk's API, `/api/v1/desk`: for programs of admitted authorities and trusted flaggers, each with a key of its own."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Schema, Status
from ninja.security import HttpBearer
from pydantic import AfterValidator, Field, StringConstraints

from staydown.authority_orders import effect, seeing
from staydown.authority_orders import prints as fingerprints
from staydown.authority_orders.actions import receiving, undoing
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.errors import OrderError
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind as OrderKind
from staydown.authority_orders.rules import Said
from staydown.flaggers import actions as flagging
from staydown.flaggers import reading, standing
from staydown.flaggers.errors import FlagError, TooOften
from staydown.flaggers.models import FlagList
from staydown.organisations import actions as organisations
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind
from staydown.platforms import places, problems
from staydown.platforms.problems import Problem, Refused
from staydown.platforms.schemas.fields import Language, Moment, Strict, Words, storable
from staydown.regimes.harms import Harm, Tri

REFUSALS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)
Place = Annotated[str, StringConstraints(min_length=2, max_length=2000), AfterValidator(storable)]
Number = Annotated[str, StringConstraints(max_length=120), AfterValidator(storable)]
NO_ORDER = "No order with this id was sent by your organisation."


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


class Key(HttpBearer):
    """An organisation's bearer key."""

    def authenticate(self, request: HttpRequest, token: str) -> Organisation | None:
        return organisations.of_key(token, timezone.now())


api = NinjaAPI(title="Staydown desk", version="1", docs_url=None, auth=Key(), urls_namespace="desk_api")
problems.install(api)


def _who(request: HttpRequest, kind: Kind) -> Organisation:
    organisation: Organisation = request.auth  # type: ignore[attr-defined]  # ninja sets it
    if organisation.kind != kind:
        raise Refused(HTTPStatus.FORBIDDEN, "Authorities order, trusted flaggers flag: this key is of the other kind.")
    return organisation


@api.post("/orders", response={201: OrderedOut, **REFUSALS})
def order(request: HttpRequest, payload: OrderIn) -> Status[dict[str, Any]]:
    """Send an order. What it lacks is named, and it binds once that is there. Nothing is ever disclosed by this API."""
    told = payload.model_dump(exclude={"said"})
    try:
        sent = Order(said=payload.said.said(), **told)
        row = receiving.receive(sent, Sender(_who(request, Kind.AUTHORITY)), timezone.now())
    except OrderError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    return Status(201, _ordered(row))


@api.put("/orders/{order_id}/said", response={200: OrderedOut, **REFUSALS})
def complete(request: HttpRequest, order_id: UUID, payload: SaidIn) -> dict[str, Any]:
    """Send the words of an incomplete order again, whole, with what was missing."""
    organisation = _who(request, Kind.AUTHORITY)
    try:
        row = receiving.complete(
            _of(organisation, order_id), payload.said(), f"organisation:{organisation.pk}", timezone.now()
        )
    except OrderError as error:
        raise Refused(HTTPStatus.CONFLICT, str(error)) from error
    return _ordered(row)


@api.get("/orders/{order_id}", response={200: OrderedOut, **REFUSALS})
def ordered(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """How far an order is."""
    return _ordered(_of(_who(request, Kind.AUTHORITY), order_id))


@api.delete("/orders/{order_id}", response={200: OrderedOut, **REFUSALS})
def revoke(request: HttpRequest, order_id: UUID) -> dict[str, Any]:
    """Revoke an order: what it alone took away comes back."""
    organisation = _who(request, Kind.AUTHORITY)
    row = _of(organisation, order_id)
    try:
        undoing.revoke(row, f"organisation:{organisation.pk}", timezone.now())
    except OrderError as error:
        raise Refused(HTTPStatus.CONFLICT, str(error)) from error
    return _ordered(row)


@api.post("/lists", response={201: ListOut, **REFUSALS})
def send(request: HttpRequest, payload: ListIn) -> Status[dict[str, Any]]:
    """Flag up to a thousand addresses and accounts at once. The same list sent again is taken once."""
    organisation = _who(request, Kind.FLAGGER)
    try:
        flags = reading.flags(each.model_dump() for each in payload.flags)
        row = flagging.send(flags, organisation, timezone.now(), number=payload.number, language=payload.language)
    except TooOften as error:
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, str(error)) from error
    except FlagError as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from error
    return Status(201, _listed(row))


@api.get("/lists/{list_id}", response={200: ListOut, **REFUSALS})
def sent(request: HttpRequest, list_id: UUID) -> dict[str, Any]:
    """What became of each line of a list."""
    row = FlagList.objects.filter(organisation=_who(request, Kind.FLAGGER), pk=list_id).first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No list with this id was sent by your organisation.")
    return _listed(row)


@api.get("/standing", response={200: StandingOut, **REFUSALS})
def how_well(request: HttpRequest) -> dict[str, Any]:
    """Your organisation's numbers, as the team sees them."""
    found = standing.statistics(_who(request, Kind.FLAGGER), timezone.now())
    named = ("sent", "decided", "acted_on", "unfounded", "suspended")
    return {name: getattr(found, name) for name in named} | {"median_hours": found.hours}


def _of(organisation: Organisation, order_id: UUID) -> AuthorityOrder:
    row = seeing.of(organisation).filter(pk=order_id).first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, NO_ORDER)
    return row


def _ordered(row: AuthorityOrder) -> dict[str, Any]:
    done = effect.of(row)
    named = ("reference", "state", "missing", "received_at", "effect_at", "answered_at")
    said = {name: getattr(row, name) for name in named} | {"due_at": row.runs_until}
    return said | {"order_id": row.pk, "effect": dict(done.posts), "elsewhere": list(done.elsewhere)}


def _listed(row: FlagList) -> dict[str, Any]:
    lines = standing.lines(row, timezone.now())
    flags = [{"place": each.place, "where": each.where, "became": each.became, "queue": each.queue} for each in lines]
    return {"list_id": row.pk, "sent_at": row.sent_at, "counts": standing.counted(lines), "flags": flags}
