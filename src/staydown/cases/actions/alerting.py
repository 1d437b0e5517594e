"""Saying in time that a deadline comes: at 50, 80 and 100 per cent, once each, to those who can still keep it.

Staff have no e-mail address here: an alert stands on the pages of whom it is for until the case is decided.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, Subquery

from staydown.cases import seeing
from staydown.cases.models import Alert, Case
from staydown.cases.rules import ALERTED, CaseState, alert_at
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.people.rules import Role

AT_ONCE = 1000  # cases planned, and alerts fired, in one round of the duty
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Warned:
    """A case, and how much of its time to decide is over."""

    case: Case
    percent: int


def plan(now: datetime) -> int:
    """Write down when the alerts of new deadlines fire; answer for how many cases."""
    planned = Alert.objects.filter(case=OuterRef("pk"), due_at=OuterRef("due_at"))
    cases = list(Case.objects.filter(~Exists(planned), state=CaseState.OPEN)[:AT_ONCE])
    rows = [
        Alert(case=case, due_at=case.due_at, percent=each, fires_at=alert_at(_start(case), case.due_at, each))
        for case in cases
        for each in ALERTED
    ]
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    return len(cases)


def _start(case: Case) -> datetime:
    """From when the time is counted; for a case that was opened again from its decision, which is too early, not late."""
    return min(max(case.opened_at, case.decided_at or case.opened_at), case.due_at)


def fire(now: datetime) -> int:
    """Fire every alert whose time has come, each once; answer how many."""
    due = Alert.objects.filter(fired_at=None, fires_at__lte=now, case__state=CaseState.OPEN, due_at=F("case__due_at"))
    return sum(_fire(alert, now) for alert in due.select_related("case").order_by("fires_at")[:AT_ONCE])


@action
def _fire(alert: Alert, now: datetime) -> bool:
    if not Alert.objects.filter(pk=alert.pk, fired_at=None).update(fired_at=now):
        return False
    roles = " ".join(sorted(role.value for role in ALERTED[alert.percent]))
    note("case.alerted", about=alert.case, by="clock", now=now, percent=alert.percent, roles=roles)
    return True


def of(staff: Staff, now: datetime) -> list[Warned]:
    """The open cases that this person is warned of, the latest first: hers, and those that her role answers for."""
    hers = [percent for percent, roles in ALERTED.items() if Role(staff.role) in roles]
    fired = Alert.objects.filter(case=OuterRef("pk"), due_at=OuterRef("due_at"), fired_at__isnull=False)
    mine = fired.filter(Q(percent__in=hers) | Q(case__claimed_by=staff))
    cases = seeing.hers(staff, now).filter(Exists(mine), state=CaseState.OPEN)
    over = Subquery(mine.order_by("-percent").values("percent")[:1])
    return [Warned(case, case.over) for case in cases.annotate(over=over).order_by("due_at")[:SHOWN]]
