"""Orders to the platform, and what it gives with them to whom they restrict."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from staydown.platforms.rules import Action, OrderState, Outcome
from staydown.platforms.schemas.fields import Strict


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


class OrdersOut(Schema):
    orders: list[OrderOut]


class ConfirmIn(Strict):
    outcome: Outcome


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
