"""What a platform says of its items, and what it is told of them."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from staydown.platforms.rules import ItemState
from staydown.platforms.schemas.fields import Id, Moment, Strict, Url


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
