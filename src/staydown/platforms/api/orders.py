"""Orders as a platform fetches and confirms them, and the statements of reasons that go with them."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from staydown.cases.models import Statement
from staydown.platforms.actions.ordering import confirm
from staydown.platforms.api.door import need, refusals
from staydown.platforms.models import Order
from staydown.platforms.problems import Refused
from staydown.platforms.rules import OPEN_ORDER, Scope
from staydown.platforms.schemas.orders import ConfirmIn, OrderOut, OrdersOut, StatementOut
from staydown.vault import opening

router = Router()


@router.get("/orders", response={200: OrdersOut, **refusals()})
def open_orders(request: HttpRequest, limit: Annotated[int, Query(), Field(ge=1, le=500)] = 100) -> dict[str, Any]:
    """The orders not yet confirmed, the oldest first: for platforms that poll."""
    key = need(request, Scope.ORDERS)
    orders = Order.objects.filter(platform=key.platform, state__in=OPEN_ORDER).select_related("item", "account")
    orders = orders.exclude(waiting__until__gt=timezone.now())  # a removal whose evidence is being sealed
    return {"orders": [_order(order) for order in orders.order_by("written_at", "sequence")[:limit]]}


@router.post("/orders/{order_id}/confirm", response={200: OrderOut, **refusals(404)})
def confirm_order(request: HttpRequest, order_id: UUID, payload: ConfirmIn) -> dict[str, Any]:
    """Say what became of an order. Saying it again changes nothing."""
    key = need(request, Scope.ORDERS)
    order = Order.objects.filter(platform=key.platform, pk=order_id).select_related("item", "account").first()
    if order is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No order with this id was sent to this platform.")
    return _order(confirm(order, payload.outcome, timezone.now()))


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


@router.get("/statements/{statement_id}", response={200: StatementOut, **refusals(404)})
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
