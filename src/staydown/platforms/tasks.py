"""Promises to platforms, kept later: deliver every order until it is confirmed; forget checks that became nothing."""

import json
from datetime import timedelta

from django.utils import timezone

from staydown.journal.acting import action, note
from staydown.platforms import webhooks
from staydown.platforms.actions.ordering import confirm
from staydown.platforms.models import Check, Order, Recalled
from staydown.platforms.rules import ATTEMPTS_BEFORE_FAILING, OPEN_ORDER, CheckState, OrderState, Outcome
from staydown.platforms.webhooks import LONGEST_WAIT
from staydown.promises.errors import Later


def deliver(order_id: str) -> None:
    """Send an order's webhook. It is owed again, later and later for days, until the platform has confirmed it."""
    order = Order.objects.select_related("platform", "item", "account", "check_row").get(pk=order_id)
    if order.state not in OPEN_ORDER:
        return
    status, outcome = _send(order)
    now = timezone.now()
    if outcome:
        confirm(order, outcome, now)
        return
    _not_confirmed(order, status)
    raise Later(min(2.0**order.attempts, LONGEST_WAIT))


def _send(order: Order) -> tuple[int, Outcome | None]:
    """The HTTP status (0 when nothing answered) and the outcome the platform's answer names, if it does."""
    answer = webhooks.send(order.platform, str(order.pk), payload(order))
    return answer.status, _outcome(answer.body) if answer.took_it else None


def _outcome(body: bytes) -> Outcome | None:
    try:
        said = json.loads(body)
        return Outcome(said["outcome"])
    except (
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ):  # an empty or free answer: delivered; the platform confirms by the API
        return None


@action
def _not_confirmed(order: Order, status: int) -> None:
    order.attempts += 1
    Order.objects.filter(pk=order.pk).update(attempts=order.attempts)
    if 200 <= status < 300 and order.state == OrderState.DUE:
        order.move(OrderState.DUE, to=OrderState.DELIVERED, delivered_at=timezone.now())
    failing = order.attempts >= ATTEMPTS_BEFORE_FAILING
    if failing and order.move_from_any((OrderState.DUE, OrderState.DELIVERED), to=OrderState.FAILING):
        note("order.failing", about=order, by="worker", now=timezone.now(), attempts=order.attempts)


def payload(order: Order) -> dict[str, object]:
    """The webhook's body: ids, action, deadline and policy code; never words, addresses of pictures or fingerprints."""
    return {
        "type": order.action,
        "timestamp": order.written_at.isoformat(),
        "data": {
            "order_id": str(order.pk),
            "item_id": order.item.external_id if order.item else None,
            "account_id": order.account.external_id if order.account else None,
            "check_id": str(order.check_row_id) if order.check_row_id else None,
            "sequence": order.sequence,
            "deadline": order.deadline.isoformat() if order.deadline else None,
            "policy": order.policy,
            "label": order.label or None,
            "resolution": order.resolution or None,
            "statement_id": order.statement_id,
        },
    }


def forget_answers() -> None:
    """Drop the answers kept for repeated requests after a day: each holds a receipt, sealed."""
    Recalled.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()


def forget_unused_checks() -> None:
    """Drop the checks, with their fingerprints, that never became an item and that nothing is owed about."""
    old = timezone.now() - timedelta(days=1)
    unused = Check.objects.filter(
        state=CheckState.ANSWERED, asked_at__lt=old, items=None, matches=None, case=None, orders=None
    )
    for check in unused.select_related("fingerprint")[:1000]:
        fingerprint = check.fingerprint
        check.delete()
        if not (fingerprint.checks.exists() or fingerprint.items.exists() or fingerprint.entries.exists()):
            fingerprint.delete()
