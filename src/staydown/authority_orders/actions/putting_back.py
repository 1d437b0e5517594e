"""What an order alone took away comes back once the order is gone."""

from datetime import datetime, timedelta

from staydown.authority_orders import rules
from staydown.authority_orders.models import AuthorityOrder, OrderedItem
from staydown.authority_orders.rules import BINDING, Kind, OrderState
from staydown.cases.models import Line
from staydown.cases.rules import STANDS, TAKEN_DOWN
from staydown.journal.acting import note
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Order
from staydown.platforms.rules import ORDERED, Action, ItemState

BACK = (Action.RELEASE, Action.RESTORE)


def put_back(row: AuthorityOrder, by: str, now: datetime) -> None:
    """Put back what this order alone took away. What others reported, what a person removed, what may be a child's: stays.

    Its case is open, and a person decides on it.
    """
    case = row.report.case if row.report else None
    if case is None or (case.needs_clearance and case.is_child_safety):
        return
    if case.reports.filter(authority_order=None).exists():
        return
    for line in row.items.select_related("item"):
        if (line.hidden or line.removed) and not _otherwise_down(line) and not _braked(line, row, now):
            act = Action.RESTORE if line.item.state == ItemState.REMOVED else Action.RELEASE
            order_item(line.item, act, Why(case, ORDERED, by), now)


def _otherwise_down(line: OrderedItem) -> bool:
    """Whether it is up, was removed by a person's decision, or stands under another order."""
    decided = Line.objects.filter(item=line.item, ruling__in=TAKEN_DOWN, decision__state__in=STANDS)
    others = OrderedItem.objects.filter(
        item=line.item, authority_order__kind=Kind.REMOVAL, authority_order__state__in=BINDING
    )
    up = line.item.state not in (ItemState.HELD, ItemState.REMOVED)
    return up or decided.exists() or others.exists()


def _braked(line: OrderedItem, row: AuthorityOrder, now: datetime) -> bool:
    """Whether so much came back by what its authority revoked that a person looks first: a stolen key puts back no crowd."""
    if row.state != OrderState.REVOKED:
        return False
    lately = Order.objects.filter(policy=ORDERED, action__in=BACK, written_at__gt=now - timedelta(hours=1))
    of_theirs = lately.filter(item__authority_orders__authority_order__organisation=row.organisation_id)
    if of_theirs.distinct().count() < rules.BACK:
        return False
    note("put_back.braked", about=line.item, by="rules", now=now, authority_order=str(row.pk))
    return True
