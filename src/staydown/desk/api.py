"""The desk's API, `/api/v1/desk`: for programs of admitted authorities and trusted flaggers, each with a key of its own."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import NinjaAPI, Status
from ninja.security import HttpBearer

from staydown.authority_orders import effect, seeing
from staydown.authority_orders.actions import receiving, undoing
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.errors import OrderError
from staydown.authority_orders.models import AuthorityOrder
from staydown.desk.schemas import ListIn, ListOut, OrderedOut, OrderIn, SaidIn, StandingOut
from staydown.flaggers import actions as flagging
from staydown.flaggers import reading, standing
from staydown.flaggers.errors import FlagError, TooOften
from staydown.flaggers.models import FlagList
from staydown.organisations import actions as organisations
from staydown.organisations.models import Organisation
from staydown.organisations.rules import Kind
from staydown.platforms import problems
from staydown.platforms.problems import Problem, Refused

REFUSALS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)
NO_ORDER = "No order with this id was sent by your organisation."


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
