"""Orders of authorities that never became complete: no case has them, so that no file takes their words along.

They go by a rule that the timer was given, and by nothing else: there is no evidence in them, and nobody was bound by one.
What stays of an order is that it came, from whom, when, of which kind, what it lacked and how it ended.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.conf import settings

from staydown.authority_orders.models import AuthorityOrder
from staydown.journal.acting import action, note
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.retention import Kept, Schedule, Start, Thing, schedule
from staydown.site import deployment
from staydown.vault import words
from staydown.vault.retention import erasing
from staydown.vault.retention.plans import Standing
from staydown.vault.retention.rules import TIMER


@dataclass(frozen=True, slots=True)
class OrderLine:
    """The words of one order, and what the rules say of them."""

    order: AuthorityOrder
    schedule: Schedule
    what: ClassVar[Kept] = Kept.ORDER

    @property
    def named(self) -> str:
        """What it is about, as `staydown retention plan` says it."""
        return f"{self.what.value} {self.order.reference}"

    def standing(self, now: datetime) -> Standing:
        """How it stands at `now`. A hold keeps cases, and this is of none."""
        gone_by = self.schedule.gone_by
        return Standing.DUE if gone_by and gone_by.at <= now else Standing.KEPT


def plan() -> Iterator[OrderLine]:
    """Every order that is of no case and still has its words, the oldest first."""
    for row in AuthorityOrder.objects.filter(report=None, erased_at=None).order_by("received_at", "pk"):
        thing = Thing(Kept.ORDER, Harm(row.harm), Tri(row.minor), deployment.here())
        yield OrderLine(row, schedule(thing, {Start.RECEIVED: row.received_at}))


@action
def by_timer(line: OrderLine, now: datetime) -> bool:
    """Destroy an order's words where they are due by a rule that the operator's policy names; False for any other."""
    gone_by = line.schedule.gone_by
    if gone_by is None or gone_by.rule.id not in settings.RETENTION_TIMER or line.standing(now) is not Standing.DUE:
        return False
    found = AuthorityOrder.objects.select_for_update(of=("self",)).filter(pk=line.order.pk, report=None, erased_at=None)
    row = found.first()
    if row is None:  # what was missing came meanwhile, or another worker was here
        return False
    nothing = words.seal("", settings.WORKING_PUBLIC)
    names = [f"{each._meta.label_lower}:{each.pk}" for each in (row, *row.calls.all())]
    row.said_sealed, row.digest, row.erased_at = nothing, None, now
    row.reason_sealed = nothing if row.reason_sealed else None
    row.save(update_fields=["said_sealed", "digest", "erased_at", "reason_sealed"])
    entries = erasing.erase_entries(names, row, now)
    said = {"what": line.what.value, "rule": gone_by.rule.id, "journal_entries": entries}
    note("retention.erased", about=row, by=TIMER, now=now, **said)
    return True
