"""Telling a platform what to do about an item, an account or an upload; and what it says became of that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from staydown.authority_orders.standing import ordered_down
from staydown.journal.acting import action, note
from staydown.platforms.actions.registering import item_gone
from staydown.platforms.models import Account, Check, Item, Order, Platform
from staydown.platforms.rules import (
    MAKES,
    MAKES_ACCOUNT,
    OPEN_ORDER,
    AccountState,
    Action,
    CheckState,
    ItemState,
    Label,
    OrderState,
    Outcome,
    replaced_by,
)
from staydown.promises.actions import owe
from staydown.vault.evidence import actions as evidence
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import EvidenceState

if TYPE_CHECKING:
    from staydown.cases.models import Case

URGENT = 10  # deliveries go before every other promise
TAKES_AWAY = frozenset({Action.HOLD, Action.REMOVE})
PUTS_BACK = frozenset({Action.RELEASE, Action.RESTORE})


@dataclass(frozen=True, slots=True)
class Why:
    """Why an order is written, and who wrote it (a staff id, "reporter", "stay-down")."""

    case: "Case | None"
    policy: str
    by: str


@action
def order_item(item: Item, act: Action, why: Why, now: datetime, label: Label | None = None) -> Order | None:
    """Write an order about an item and make it so in our row. None when the item is so already, or gone; or when an
    authority's order that stands removed it, and it was to be put back.
    """
    item = Item.objects.select_for_update().select_related("platform").get(pk=item.pk)
    if act in PUTS_BACK and ordered_down(item):
        return None
    wanted = evidence.want(why.case, item, now) if why.case and act in TAKES_AWAY and _may(item, act) else None
    late = wanted if act is Action.REMOVE and wanted and wanted.state == EvidenceState.WANTED else None
    if late and item.state == ItemState.UP:  # the removal waits for its evidence: hidden meanwhile
        order_item(item, Action.HOLD, why, now)
        item.refresh_from_db()
    if not _change_item(item, act, label, now):
        return None
    order = _write(item.platform, act, why, now, late, item=item, sequence=item.sequence, label=label or "")
    note(act.value, about=item, by=why.by, now=now, order=str(order.pk), policy=why.policy, sequence=item.sequence)
    return order


def _change_item(item: Item, act: Action, label: Label | None, now: datetime) -> bool:
    """Move the row (conditionally) and count the order. Also says no to a label that is there already."""
    if act in MAKES:
        to = MAKES[act]
        put_back = {"released_at": now} if to is ItemState.UP else {}
        return _may(item, act) and item.move(ItemState(item.state), to=to, sequence=F("sequence") + 1, **put_back)
    labels = sorted({*item.labels, label.value} if act is Action.LABEL and label else set(item.labels) - {label})
    if labels == item.labels or item.state == ItemState.GONE:
        return False
    Item.objects.filter(pk=item.pk).update(labels=labels, sequence=F("sequence") + 1)
    item.refresh_from_db()
    return True


def _may(item: Item, act: Action) -> bool:
    """Whether the item is not so already, and may become so."""
    return MAKES[act] in item.machine.moves[ItemState(item.state)]


@action
def order_account(account: Account, act: Action, why: Why, now: datetime) -> Order | None:
    """Write an order about an account. None when the account is so already."""
    account = Account.objects.select_for_update().select_related("platform").get(pk=account.pk)
    to = MAKES_ACCOUNT[act]
    if account.state == to or not account.move(AccountState(account.state), to=to, sequence=F("sequence") + 1):
        return None
    order = _write(account.platform, act, why, now, account=account, sequence=account.sequence)
    note(act.value, about=account, by=why.by, now=now, order=str(order.pk), policy=why.policy)
    return order


@action
def resolve_check(check: Check, resolution: str, why: Why, now: datetime) -> Order | None:
    """Tell a platform what a person said of a held upload: "allow" or "block". None when it was said before."""
    if not check.move(CheckState.PENDING, to=CheckState.RESOLVED, resolution=resolution):
        return None
    wanted = Evidence.objects.filter(check_row=check, state=EvidenceState.WANTED)
    late = wanted.first() if resolution == "block" else None
    told = {"check_row": check, "sequence": 1, "resolution": resolution}
    order = _write(check.platform, Action.CHECK_RESOLVED, why, now, late, **told)
    note(Action.CHECK_RESOLVED.value, about=check, by=why.by, now=now, order=str(order.pk), resolution=resolution)
    return order


def _write(
    platform: Platform, act: Action, why: Why, now: datetime, late: Evidence | None = None, /, **what: object
) -> Order:
    """The order's row, the end of those it replaces, and the promise to deliver it, at once or after its evidence."""
    about = {name: what[name] for name in ("item", "account") if name in what}
    if about:
        replaced = replaced_by(act) - ({Action.HOLD} if late else set())
        Order.objects.filter(**about, state__in=OPEN_ORDER, action__in=replaced).update(state=OrderState.SUPERSEDED)
    order = Order.objects.create(
        platform=platform,
        case=why.case,
        action=act,
        policy=why.policy,
        written_at=now,
        deadline=now + timedelta(hours=1),
        **what,
    )
    waits = late is not None and evidence.wait(order, late, now)
    if platform.webhook_url and not waits:
        owe("staydown.platforms.tasks.deliver", str(order.pk), key=f"deliver:{order.pk}", priority=URGENT)
    return order


@action
def confirm(order: Order, outcome: Outcome, now: datetime) -> Order:
    """Write down what the platform says became of an order. Saying it again changes nothing."""
    if order.item and outcome is Outcome.GONE:
        item_gone(order.item, now)
    state = OrderState.SUPERSEDED if outcome is Outcome.SUPERSEDED else OrderState.CONFIRMED
    if order.move_from_any(OPEN_ORDER, to=state, confirmed_at=now, outcome=outcome):
        note("order.confirmed", about=order, by=f"platform:{order.platform_id}", now=now, outcome=outcome.value)
    order.refresh_from_db()
    return order
