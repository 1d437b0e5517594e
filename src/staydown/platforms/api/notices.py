"""What uploaders are to be told of authorities' orders, which a platform fetches and confirms."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status
from pydantic import Field

from staydown.authority_orders.actions import executing
from staydown.authority_orders.models import UploaderNotice
from staydown.platforms.api.door import need, refusals
from staydown.platforms.models import ApiKey
from staydown.platforms.problems import Refused
from staydown.platforms.rules import Scope
from staydown.platforms.schemas.orders import NoticeOut, NoticesOut
from staydown.vault import opening

router = Router()


@router.get("/notices", response={200: NoticesOut, **refusals()})
def notices(request: HttpRequest, limit: Annotated[int, Query(), Field(ge=1, le=500)] = 100) -> dict[str, Any]:
    """What uploaders are to be told now of authorities' orders (art. 9(5) DSA), the oldest first; each until it is confirmed.

    A notice that its order keeps silent for a while is not among them before that is over.
    """
    rows = _notices(need(request, Scope.ORDERS)).filter(told_at=None, tell_from__lte=timezone.now())
    return {"notices": [_notice(row) for row in rows.order_by("tell_from", "pk")[:limit]]}


@router.get("/notices/{notice_id}", response={200: NoticeOut, **refusals(404)})
def notice(request: HttpRequest, notice_id: UUID) -> dict[str, Any]:
    """One notice, as the webhook `notice.uploader` names it: give its words to the account, then confirm."""
    return _notice(_due_notice(request, notice_id))


@router.post("/notices/{notice_id}/confirm", response={204: None, **refusals(404)})
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
