"""What of authority orders comes round by itself: the effect, as platforms confirm it; what is late; notices to uploaders."""

from typing import Any

from django.utils import timezone

from staydown.authority_orders.actions import executing
from staydown.authority_orders.models import AuthorityOrder, OrderPause, UploaderNotice, late, untold
from staydown.authority_orders.rules import OrderState
from staydown.platforms import webhooks
from staydown.promises.errors import Later


def watch() -> int:
    """Answer the orders whose effect was confirmed, and note what is late: orders, notices; how many. Safe to run twice."""
    now = timezone.now()
    open_ones = AuthorityOrder.objects.filter(state=OrderState.EXECUTED).select_related("organisation", "report__case")
    done = sum(executing.look(row, now) for row in open_ones[:500])
    still = OrderPause.objects.filter(until=None).values("authority_order")
    over = AuthorityOrder.objects.filter(late(now), late_at=None).exclude(pk__in=still)
    silent = UploaderNotice.objects.filter(untold(now), late_at=None).select_related("authority_order", "order")
    called = sum(executing.call_out_notice(row, now) for row in silent[:500])
    return done + called + sum(executing.call_out(row, now) for row in over[:500])


def push_notice(notice_id: str) -> None:
    """Tell a platform that a notice waits for an uploader, again and later each time, until it says that it gave it.

    However long that takes: after a day without a word people see it (`watch`, `staydown doctor`), and it is sent on.
    Never before its order's silence is over. A notice that is gone was of an order that was taken back.
    """
    rows = UploaderNotice.objects.filter(pk=notice_id, told_at=None)
    notice = rows.select_related("order__platform", "order__item__account").first()
    if notice is None:
        return
    now = timezone.now()
    silent = (notice.tell_from - now).total_seconds()
    if silent > 0:
        raise Later(silent)
    webhooks.send(notice.order.platform, str(notice.pk), pushed(notice))
    raise Later(min(max(2.0, -silent), webhooks.LONGEST_WAIT))


def pushed(notice: UploaderNotice) -> dict[str, Any]:
    """The webhook's body: ids; the words are fetched."""
    item = notice.order.item
    account = item.account if item else None
    data = {
        "notice_id": str(notice.pk),
        "order_id": str(notice.order_id),
        "item_id": item.external_id if item else None,
        "account_id": account.external_id if account else None,
    }
    return {"type": "notice.uploader", "timestamp": notice.tell_from.isoformat(), "data": data}
