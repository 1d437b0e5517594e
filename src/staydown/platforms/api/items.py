"""What is published: registered, seen, gone."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Router, Status

from staydown.banks.actions import meeting
from staydown.platforms.actions.registering import GoneAlready, Registration, UnknownCheck, count_views, item_gone
from staydown.platforms.api import named
from staydown.platforms.api.door import need, refusals
from staydown.platforms.models import Item
from staydown.platforms.problems import Refused
from staydown.platforms.rules import Scope
from staydown.platforms.schemas.fields import Id
from staydown.platforms.schemas.items import ItemIn, ItemOut, ViewsIn

router = Router()
ItemId = Path[Id]


def _said(item: Item) -> dict[str, Any]:
    return {"item_id": item.external_id, "state": item.state, "sequence": item.sequence, "views": item.views}


@router.put("/items/{item_id}", response={200: ItemOut, 201: ItemOut, **refusals(404, 409, 503)})
def register_item(request: HttpRequest, item_id: ItemId, payload: ItemIn) -> Status[dict[str, Any]]:
    """Register a published item. Repeating it changes nothing. The answer may say it is already held: hide it then."""
    key = need(request, Scope.ITEMS)
    said = Registration(item_id=item_id, **payload.model_dump())
    try:
        item, made = meeting.admit(key.platform, said, timezone.now())
    except UnknownCheck as error:
        raise Refused(HTTPStatus.NOT_FOUND, str(error)) from error
    except GoneAlready as error:
        raise Refused(HTTPStatus.CONFLICT, str(error)) from error
    return Status(201 if made else 200, _said(item))


@router.patch("/items/{item_id}", response={200: ItemOut, **refusals(404)})
def update_views(request: HttpRequest, item_id: ItemId, payload: ViewsIn) -> dict[str, Any]:
    """Tell how often an item was seen so far."""
    item = named.item(need(request, Scope.ITEMS), item_id)
    count_views(item, payload.views)
    item.refresh_from_db()
    return _said(item)


@router.delete("/items/{item_id}", response={204: None, **refusals(404)})
def item_is_gone(request: HttpRequest, item_id: ItemId) -> Status[None]:
    """Tell that an item no longer exists on the platform."""
    item_gone(named.item(need(request, Scope.ITEMS), item_id), timezone.now())
    return Status(204, None)
