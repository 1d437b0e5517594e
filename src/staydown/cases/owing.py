"""What the law makes owed for a case: each of its reports starts clocks of its own."""

from staydown.cases.models import Case, Report
from staydown.cases.severity import flags_of
from staydown.regimes.clocks import DECIDING, Deadline, Facts, owed
from staydown.regimes.duties import Event
from staydown.regimes.harms import Capacity, Harm, Tri
from staydown.site import deployment


def facts(row: Case | Report, event: Event = Event.NOTICE) -> Facts:
    """What a report, or a whole case, says to the clocks."""
    capacity = Capacity(row.capacity) if isinstance(row, Report) and row.capacity else None
    return Facts(Harm(row.harm), Tri(row.minor), flags_of(row.flags), deployment.here(), event, capacity)


def running(case: Case) -> list[Deadline]:
    """Every deadline by which a person must have decided, the earliest first, with the duty it comes from."""
    starts = [(facts(report), report.received_at) for report in case.reports.all()]
    if not starts:
        starts = [(facts(case, case.duty.on), case.opened_at)]
    first: dict[str, Deadline] = {}
    for known, at in starts:
        for one in owed(known, at).deadlines:
            if one.duty.owes in DECIDING and (one.duty.id not in first or one.at < first[one.duty.id].at):
                first[one.duty.id] = one
    return sorted(first.values(), key=lambda one: one.at)
