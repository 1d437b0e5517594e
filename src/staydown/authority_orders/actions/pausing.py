"""An order's clock stands still where its law lets it, and runs again; each moment is in the journal."""

from datetime import datetime

from staydown.authority_orders import clocks, rules
from staydown.authority_orders.actions.acknowledging import acknowledged
from staydown.authority_orders.errors import NoPause, NotYours, WentOn
from staydown.authority_orders.models import AuthorityOrder, OrderPause
from staydown.authority_orders.rules import OrderState
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.regimes.duties import PauseReason


@action
def pause(row: AuthorityOrder, reason: PauseReason, by: Staff, now: datetime) -> None:
    """Have the clock stand still, the authority having been told. Raises `NotYours`, `NoPause` and `WentOn`."""
    _may(row, by)
    if not clocks.pausable(row, reason):
        raise NoPause(NoPause.__doc__)
    if row.state not in (OrderState.INCOMPLETE, OrderState.RECEIVED) or row.pauses.filter(until=None).exists():
        raise WentOn(WentOn.__doc__)
    acknowledged(row, by.journal_name, now)
    stand_still(row, reason, by, now)


def stand_still(row: AuthorityOrder, reason: PauseReason, by: Staff | None, now: datetime) -> None:
    """From now on; `by` nobody where it follows from what was missing."""
    OrderPause.objects.create(authority_order=row, reason=reason, since=now, by=by)
    name = by.journal_name if by else "rules"
    note("authority_order.paused", about=row, by=name, now=now, reason=reason.value)


@action
def go_on(row: AuthorityOrder, by: Staff, now: datetime) -> None:
    """The clock runs again. Raises `NotYours` and `WentOn`."""
    _may(row, by)
    if not run_again(row, by.journal_name, now):
        raise WentOn(WentOn.__doc__)


def run_again(row: AuthorityOrder, by: str, now: datetime) -> bool:
    """End the pause that lasts, and reckon the deadline anew; False where none does."""
    if not row.pauses.filter(until=None).update(until=now):
        return False
    row.due_at, row.clock = clocks.deadline(row, now)
    row.save(update_fields=["due_at", "clock"])
    note("authority_order.goes_on", about=row, by=by, now=now, due=row.due_at.isoformat())
    return True


def _may(row: AuthorityOrder, by: Staff) -> None:
    if not rules.may_execute(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
