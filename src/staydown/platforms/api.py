"""The platform API, `/api/v1`: what a platform's engineer plugs in."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Path, Query, Status
from ninja.security import HttpBearer
from pydantic import Field

from staydown.authority_orders.actions import executing
from staydown.authority_orders.models import UploaderNotice
from staydown.banks.actions import meeting
from staydown.cases.actions import intake
from staydown.cases.models import Complaint, Statement
from staydown.decoding import Unavailable
from staydown.platforms import actions, contesting, hashes, keys, links, problems, recalling, texts, uploads
from staydown.platforms.models import Account, ApiKey, Item, Order
from staydown.platforms.problems import Problem, Refused
from staydown.platforms.rules import OPEN_ORDER, Scope
from staydown.platforms.schemas import bodies
from staydown.platforms.schemas.checks import CheckOut, HashesOut
from staydown.platforms.schemas.fields import Id
from staydown.platforms.schemas.items import ItemIn, ItemOut, ViewsIn
from staydown.platforms.schemas.orders import ConfirmIn, NoticeOut, NoticesOut, OrderOut, OrdersOut, StatementOut
from staydown.platforms.schemas.reports import ComplaintIn, ComplaintOut, LinkIn, LinkOut, ReportIn, ReportOut
from staydown.platforms.schemas.texts import TextsIn, TextsOut
from staydown.recognition import NoModel
from staydown.vault import fingerprints, opening
from staydown.vault.receipts import Receipt

UNKNOWN_ITEM = "No item with this id is registered. Register it with PUT /items/{item_id} first."
ItemId = Path[Id]


class Key(HttpBearer):
    """A platform's bearer key. `need` checks what the key may do."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        return keys.find(token, timezone.now())


class Documented(NinjaAPI):
    """The API with its problems documented under their own media type."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        schema = super().get_openapi_schema(*args, **kwargs)
        schema["components"]["schemas"] |= bodies.components()
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, said in operation["responses"].items():
                    if int(status) >= 400 and "content" in said:
                        said["content"] = {problems.MEDIA_TYPE: said["content"]["application/json"]}
        return schema


api = Documented(title="Staydown", version="1", docs_url=None, auth=Key(), urls_namespace="api")
problems.install(api)


def refusals(*statuses: int) -> dict[int, type[Problem]]:
    """The problems an operation documents: its own, and those every operation has."""
    return dict.fromkeys((400, 401, 403, 422, *statuses), Problem)


def need(request: HttpRequest, scope: Scope) -> ApiKey:
    """The request's key, if it may do this."""
    key: ApiKey = request.auth  # type: ignore[attr-defined]  # ninja sets it
    if scope not in key.scopes:
        raise Refused(HTTPStatus.FORBIDDEN, f"This key lacks the scope {scope.value!r}. Make one that has it.")
    return key


def _item(key: ApiKey, item_id: str) -> Item:
    item = Item.objects.filter(platform=key.platform, external_id=item_id).first()
    if item is None:
        raise Refused(HTTPStatus.NOT_FOUND, UNKNOWN_ITEM)
    return item


def _said(item: Item) -> dict[str, Any]:
    return {"item_id": item.external_id, "state": item.state, "sequence": item.sequence, "views": item.views}


@api.post("/uploads/check", response={200: CheckOut, **refusals(413, 415, 503)}, openapi_extra=uploads.REQUEST_BODY)
def check_upload(request: HttpRequest) -> HttpResponse:
    """May this be published? Send the media (multipart, field `media`) or its fingerprints (JSON).

    Media that cannot be opened is held for a person, unless its very bytes are known; `reasons` then says `unreadable`.
    What the platform's own policy of recognition labels or holds has `recognised` among them.
    """
    key = need(request, Scope.CHECK)
    try:
        check = meeting.answer_check(key.platform, uploads.read(request, key.platform), timezone.now())
    except (Unavailable, NoModel) as error:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    said = {"check_id": check.pk, "verdict": check.verdict, "reasons": check.reasons, "labels": check.labels}
    return api.create_response(request, said, status=HTTPStatus.OK)  # a `CheckOut`, as tests hold it to


@api.post("/hashes/check", response={200: HashesOut, **refusals()}, openapi_extra=hashes.REQUEST_BODY)
def check_hashes(request: HttpRequest) -> HttpResponse:
    """May these be published? For platforms that hash by themselves: 1 to 1,000 hashes, answered in their order.

    Nothing is kept of what is allowed, so `PUT /items` cannot name it: what is published goes by `/uploads/check`.
    """
    key = need(request, Scope.CHECK)
    return JsonResponse({"answers": hashes.answers(key.platform, hashes.read(request), timezone.now())})


@api.post("/texts/check", response={200: TextsOut, **refusals()})
def check_texts(request: HttpRequest, payload: TextsIn) -> dict[str, Any]:
    """What do these words do? Only for the places that the operator named in STAYDOWN_TEXTS; off by default.

    Read, answered and kept nowhere. Nothing follows from it here, and it misses most of what is only hinted at.
    """
    return texts.answer(need(request, Scope.CHECK).platform, payload)


@api.put("/items/{item_id}", response={200: ItemOut, 201: ItemOut, **refusals(404, 409, 503)})
def register_item(request: HttpRequest, item_id: ItemId, payload: ItemIn) -> Status[dict[str, Any]]:
    """Register a published item. Repeating it changes nothing. The answer may say it is already held: hide it then."""
    key = need(request, Scope.ITEMS)
    said = actions.Registration(item_id=item_id, **payload.model_dump())
    try:
        item, made = meeting.admit(key.platform, said, timezone.now())
    except actions.UnknownCheck as error:
        raise Refused(HTTPStatus.NOT_FOUND, str(error)) from error
    except actions.GoneAlready as error:
        raise Refused(HTTPStatus.CONFLICT, str(error)) from error
    return Status(201 if made else 200, _said(item))


@api.patch("/items/{item_id}", response={200: ItemOut, **refusals(404)})
def update_views(request: HttpRequest, item_id: ItemId, payload: ViewsIn) -> dict[str, Any]:
    """Tell how often an item was seen so far."""
    item = _item(need(request, Scope.ITEMS), item_id)
    actions.count_views(item, payload.views)
    item.refresh_from_db()
    return _said(item)


@api.delete("/items/{item_id}", response={204: None, **refusals(404)})
def item_is_gone(request: HttpRequest, item_id: ItemId) -> Status[None]:
    """Tell that an item no longer exists on the platform."""
    actions.item_gone(_item(need(request, Scope.ITEMS), item_id), timezone.now())
    return Status(204, None)


@api.post("/reports", response={201: ReportOut, **refusals(404, 409)}, openapi_extra=recalling.HEADER)
def report(request: HttpRequest, payload: ReportIn) -> Status[dict[str, Any]]:
    """Pass on a report from the platform's own button; the receipt in the answer belongs to the reporter alone."""
    key = need(request, Scope.REPORTS)
    return Status(201, recalling.once(request, key.platform, payload, lambda: _report(key, payload)))


def _report(key: ApiKey, payload: ReportIn) -> dict[str, Any]:
    now = timezone.now()
    receipt = Receipt.new(settings.RECEIPT_SALT, payload.language)
    ref = payload.reporter_ref
    notice = intake.Notice(
        harm=payload.harm,
        minor=payload.minor,
        flags=frozenset(payload.flags),
        words=payload.words,
        language=payload.language,
        items=tuple(_item(key, item_id) for item_id in dict.fromkeys(payload.item_ids)),
        accounts=tuple(_account(key, account_id) for account_id in dict.fromkeys(payload.account_ids)),
        platform=key.platform,
        reporter_ref=fingerprints.keyed_digest(f"{key.platform_id}:{ref}".encode(), "pseudonym") if ref else None,
        door="platform",
    )
    try:
        intake.receive(notice, receipt, now)
    except intake.NothingReported as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "Name at least one of item_ids and account_ids.") from error
    return {"receipt": receipt.code, "follow_url": f"{settings.PORTAL_URL}/{_language(payload.language)}/follow"}


def _account(key: ApiKey, account_id: str) -> Account:
    account = Account.objects.filter(platform=key.platform, external_id=account_id).first()
    if account is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No account with this id is known. It becomes known with its first item.")
    return account


def _language(asked: str) -> str:
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@api.post("/complaints", response={201: ComplaintOut, **refusals(404, 409)}, openapi_extra=recalling.HEADER)
def complain(request: HttpRequest, payload: ComplaintIn) -> Status[dict[str, Any]]:
    """Pass on what who published an item says against its removal or label, within six months: another person decides."""
    key = need(request, Scope.REPORTS)
    return Status(201, recalling.once(request, key.platform, payload, lambda: contesting.take(key.platform, payload)))


@api.get("/complaints/{complaint_id}", response={200: ComplaintOut, **refusals(404)})
def complaint(request: HttpRequest, complaint_id: UUID) -> dict[str, Any]:
    """What became of a complaint: open, upheld or reversed, with the answer to show to the account."""
    key = need(request, Scope.REPORTS)
    row = Complaint.objects.filter(item__platform=key.platform, pk=complaint_id).select_related("item").first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No complaint with this id came from this platform.")
    return contesting.told(row)


@api.post("/report-links", response={201: LinkOut, **refusals(404)})
def report_link(request: HttpRequest, payload: LinkIn) -> Status[dict[str, Any]]:
    """Make a link that opens the report page with the item filled in. It says nothing of who presses it."""
    item = _item(need(request, Scope.REPORTS), payload.item_id)
    expires_at = timezone.now() + links.VALID_FOR
    token = links.sign(item.pk, expires_at, settings.LINK_KEY)
    url = f"{settings.PORTAL_URL}/{_language(payload.language)}/report/{token}"
    return Status(201, {"url": url, "expires_at": expires_at})


@api.get("/orders", response={200: OrdersOut, **refusals()})
def open_orders(request: HttpRequest, limit: Annotated[int, Query(), Field(ge=1, le=500)] = 100) -> dict[str, Any]:
    """The orders not yet confirmed, the oldest first: for platforms that poll."""
    key = need(request, Scope.ORDERS)
    orders = Order.objects.filter(platform=key.platform, state__in=OPEN_ORDER).select_related("item", "account")
    orders = orders.exclude(waiting__until__gt=timezone.now())  # a removal whose evidence is being sealed
    return {"orders": [_order(order) for order in orders.order_by("written_at", "sequence")[:limit]]}


@api.post("/orders/{order_id}/confirm", response={200: OrderOut, **refusals(404)})
def confirm_order(request: HttpRequest, order_id: UUID, payload: ConfirmIn) -> dict[str, Any]:
    """Say what became of an order. Saying it again changes nothing."""
    key = need(request, Scope.ORDERS)
    order = Order.objects.filter(platform=key.platform, pk=order_id).select_related("item", "account").first()
    if order is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No order with this id was sent to this platform.")
    return _order(actions.confirm(order, payload.outcome, timezone.now()))


@api.get("/statements/{statement_id}", response={200: StatementOut, **refusals(404)})
def statement(request: HttpRequest, statement_id: UUID) -> dict[str, Any]:
    """The statement of reasons that goes with an order: give it to whom the order restricts (art. 17 DSA)."""
    key = need(request, Scope.ORDERS)
    rows = Statement.objects.filter(order__platform=key.platform, pk=statement_id)
    row = rows.select_related("order", "order__item", "order__account").first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No statement with this id belongs to an order of this platform.")
    named = {name: getattr(row, name) for name in StatementOut.model_fields if hasattr(row, name)}
    order = row.order
    return named | {
        "statement_id": row.pk,
        "item_id": order.item.external_id if order.item else None,
        "account_id": order.account.external_id if order.account else None,
        "words": opening.read(row.words_sealed),
    }


@api.get("/notices", response={200: NoticesOut, **refusals()})
def notices(request: HttpRequest, limit: Annotated[int, Query(), Field(ge=1, le=500)] = 100) -> dict[str, Any]:
    """What uploaders are to be told now of authorities' orders (art. 9(5) DSA), the oldest first; each until it is confirmed.

    A notice that its order keeps silent for a while is not among them before that is over.
    """
    rows = _notices(need(request, Scope.ORDERS)).filter(told_at=None, tell_from__lte=timezone.now())
    return {"notices": [_notice(row) for row in rows.order_by("tell_from", "pk")[:limit]]}


@api.get("/notices/{notice_id}", response={200: NoticeOut, **refusals(404)})
def notice(request: HttpRequest, notice_id: UUID) -> dict[str, Any]:
    """One notice, as the webhook `notice.uploader` names it: give its words to the account, then confirm."""
    return _notice(_due_notice(request, notice_id))


@api.post("/notices/{notice_id}/confirm", response={204: None, **refusals(404)})
def notice_given(request: HttpRequest, notice_id: UUID) -> Status[None]:
    """Say that the account was given a notice. Saying it again changes nothing."""
    executing.uploader_told(_due_notice(request, notice_id), timezone.now())
    return Status(204, None)


def _due_notice(request: HttpRequest, notice_id: UUID) -> UploaderNotice:
    row = _notices(need(request, Scope.ORDERS)).filter(pk=notice_id, tell_from__lte=timezone.now()).first()
    if row is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No notice with this id is to be given now on this platform.")
    return row


def _notices(key: ApiKey) -> QuerySet[UploaderNotice]:
    rows = UploaderNotice.objects.filter(order__platform=key.platform)
    return rows.select_related("order__item__account", "authority_order")


def _notice(row: UploaderNotice) -> dict[str, Any]:
    item = row.order.item
    account = item.account if item else None
    return {
        "notice_id": row.pk,
        "order_id": row.order_id,
        "item_id": item.external_id if item else None,
        "account_id": account.external_id if account else None,
        "words": opening.read(row.words_sealed),
        "tell_from": row.tell_from,
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.pk,
        "action": order.action,
        "item_id": order.item.external_id if order.item else None,
        "account_id": order.account.external_id if order.account else None,
        "check_id": order.check_row_id,
        "sequence": order.sequence,
        "deadline": order.deadline,
        "policy": order.policy,
        "label": order.label or None,
        "resolution": order.resolution or None,
        "statement_id": order.statement_id,
        "state": order.state,
    }
