"""The authority is told that its order arrived: at once by the desk and its API, by one of the staff where it came by hand."""

from datetime import datetime

from staydown.authority_orders import rules
from staydown.authority_orders.errors import NotYours, WentOn
from staydown.authority_orders.models import AuthorityOrder
from staydown.journal.acting import action, note
from staydown.people.models import Staff


@action
def acknowledge(row: AuthorityOrder, by: Staff, now: datetime) -> None:
    """Note that the authority was told that its order arrived, and what it lacks. Raises `NotYours` and `WentOn`."""
    if not rules.may_execute(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
    if not acknowledged(row, by.journal_name, now):
        raise WentOn(WentOn.__doc__)


def acknowledged(row: AuthorityOrder, by: str, now: datetime) -> bool:
    """Note it where it is not noted yet; what else was said to the authority tells it that its order arrived, too."""
    if not AuthorityOrder.objects.filter(pk=row.pk, acknowledged_at=None).update(acknowledged_at=now):
        return False
    row.acknowledged_at = now
    note("authority_order.acknowledged", about=row, by=by, now=now)
    return True
