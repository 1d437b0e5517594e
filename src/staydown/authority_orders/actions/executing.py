"""A person carries an order out, or refuses it; the authority is told the effect and when."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from staydown.authority_orders import clocks, rules
from staydown.authority_orders.actions.acknowledging import acknowledged
from staydown.authority_orders.actions.pausing import run_again
from staydown.authority_orders.actions.putting_back import put_back
from staydown.authority_orders.errors import NoReason, NotComplete, NotYours, WentOn
from staydown.authority_orders.models import AuthorityOrder, UploaderNotice, late, untold
from staydown.authority_orders.rules import Channel, Kind, OrderState
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Order
from staydown.platforms.rules import OPEN_ORDER, ORDERED, Action, ItemState
from staydown.promises.actions import owe
from staydown.vault import words

TELL = "staydown.authority_orders.tasks.push_notice"
HIDDEN = frozenset({ItemState.HELD, ItemState.REMOVED, ItemState.GONE})


@action
def execute(row: AuthorityOrder, told: str, by: Staff, now: datetime) -> None:
    """Remove what an order names. `told`: what the uploaders read, at once or when the order's silence is over.

    An order that nobody was called back about is carried out too, because a removal can be taken back.
    Raises `NotYours`, `NotComplete`, `NoReason` and `WentOn`.
    """
    _may(row, by)
    if row.missing or row.kind != Kind.REMOVAL:
        raise NotComplete(NotComplete.__doc__)
    if not told.strip():
        raise NoReason(NoReason.__doc__)
    if not row.move(OrderState.RECEIVED, to=OrderState.EXECUTED, executed_by=by, executed_at=now):
        raise WentOn(WentOn.__doc__)
    run_again(row, by.journal_name, now)
    case = row.report.case if row.report else None
    for line in row.items.select_related("item"):
        line.removed = order_item(line.item, Action.REMOVE, Why(case, ORDERED, by.journal_name), now)
        line.save(update_fields=["removed"])
        if line.removed:
            _explain(row, line.removed, told, now)
    note("authority_order.executed", about=row, by=by.journal_name, now=now, posts=row.items.count())
    look(row, now)


def _explain(row: AuthorityOrder, order: Order, told: str, now: datetime) -> None:
    """The uploader's notice: to be told now, or from the day that the authority's silence is over (art. 9(5))."""
    notice = UploaderNotice.objects.create(
        authority_order=row,
        order=order,
        words_sealed=words.seal(told, settings.WORKING_PUBLIC),
        tell_from=row.silent_until or now,
    )
    delayed = notice.tell_from > now
    if order.platform.webhook_url:
        owe(
            TELL, str(notice.pk), key=f"notice:{notice.pk}", run_after=notice.tell_from if delayed else None, priority=5
        )
    note("authority_order.uploader_notice", about=row, by="rules", now=now, order=str(order.pk), delayed=delayed)


@action
def look(row: AuthorityOrder, now: datetime) -> bool:
    """Note the effect of an executed order once every platform has confirmed it, and answer. True when it has one."""
    if row.state != OrderState.EXECUTED:
        return False
    if row.effect_at is None:
        effect = _effect(row)
        if effect is None:
            return False
        AuthorityOrder.objects.filter(pk=row.pk, effect_at=None).update(
            effect_at=effect, reply_due_at=clocks.reply_due(row, effect)
        )
        row.refresh_from_db()
        note("authority_order.effect", about=row, by="platforms", now=now, effect=effect.isoformat())
    if row.channel != Channel.HAND:
        _answered(row, "desk", now)
    return True


def _effect(row: AuthorityOrder) -> datetime | None:
    """Since when nobody sees any of it, as the platforms confirmed; None as long as one has not."""
    last = row.executed_at
    for line in row.items.select_related("item", "hidden", "removed"):
        orders = [each for each in (line.hidden, line.removed) if each]
        confirmed = [each.confirmed_at for each in orders if each.confirmed_at]
        if line.item.state not in HIDDEN or (orders and not confirmed):
            return None
        if not orders and line.item.orders.filter(state__in=OPEN_ORDER).exists():
            return None  # hidden for another reason, and not confirmed yet
        last = max([each for each in (last, min(confirmed) if confirmed else None) if each], default=None)
    return last


@action
def told_by_hand(row: AuthorityOrder, by: Staff, now: datetime) -> None:
    """Note that the authority was written to: of the effect of its order, or of what was kept. Raises `NotYours`, `WentOn`."""
    _may(row, by)
    if row.effect_at is None or row.state != OrderState.EXECUTED:
        raise WentOn(WentOn.__doc__)
    _answered(row, by.journal_name, now)


def _answered(row: AuthorityOrder, by: str, now: datetime) -> None:
    if row.move(OrderState.EXECUTED, to=OrderState.ANSWERED, answered_at=now):
        acknowledged(row, by, now)
        note("authority_order.answered", about=row, by=by, now=now)


@action
def refuse(row: AuthorityOrder, reason: str, by: Staff, now: datetime) -> None:
    """Answer why an order is not carried out; what it hid comes back. Raises `NotYours`, `NoReason` and `WentOn`."""
    _may(row, by)
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    sealed = words.seal(reason, settings.WORKING_PUBLIC)
    nows = (OrderState.INCOMPLETE, OrderState.RECEIVED)
    if not row.move_from_any(nows, to=OrderState.REFUSED, reason_sealed=sealed, answered_at=now):
        raise WentOn(WentOn.__doc__)
    acknowledged(row, by.journal_name, now)
    run_again(row, by.journal_name, now)
    note("authority_order.refused", about=row, by=by.journal_name, now=now)
    put_back(row, by.journal_name, now)


@action
def call_out(row: AuthorityOrder, now: datetime) -> bool:
    """Note that an order is late; True the first time."""
    first = AuthorityOrder.objects.filter(pk=row.pk, late_at=None).filter(late(now)).update(late_at=now)
    if first:
        note("authority_order.late", about=row, by="worker", now=now)
    return bool(first)


@action
def call_out_notice(notice: UploaderNotice, now: datetime) -> bool:
    """Note that a platform has not said for a day that an uploader was told; True the first time. It is sent on."""
    first = UploaderNotice.objects.filter(untold(now), pk=notice.pk, late_at=None).update(late_at=now)
    if first:
        row, order = notice.authority_order, str(notice.order_id)
        note("authority_order.uploader_untold", about=row, by="worker", now=now, order=order)
    return bool(first)


@action
def uploader_told(notice: UploaderNotice, now: datetime) -> None:
    """A platform says that it gave the notice to the account."""
    if UploaderNotice.objects.filter(pk=notice.pk, told_at=None).filter(Q(tell_from__lte=now)).update(told_at=now):
        by = f"platform:{notice.order.platform_id}"
        note("authority_order.uploader_told", about=notice.authority_order, by=by, now=now, order=str(notice.order_id))


def _may(row: AuthorityOrder, by: Staff) -> None:
    if not rules.may_execute(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
