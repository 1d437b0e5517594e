"""Bringing together cases that turn out to be about the same media (decision 3: a worker's promise)."""

from datetime import datetime

from staydown.cases import rules
from staydown.cases.models import Case, Report, Subject
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.platforms.models import Check, Order
from staydown.regimes.harms import Harm, Tri


@action
def join(younger: Case, older: Case, now: datetime) -> bool:
    """Move everything of `younger` into `older`; False when either was decided meanwhile."""
    list(Case.objects.select_for_update().filter(pk__in=[younger.pk, older.pk]).order_by("pk"))
    older.refresh_from_db()
    if older.state != CaseState.OPEN or younger.decisions.exists():
        return False
    if not younger.move(CaseState.OPEN, to=CaseState.JOINED, joined_into=older):
        return False
    for subject in younger.subjects.all():
        _move_subject(subject, older)
    for kind in (Report, Order, Check):
        kind.objects.filter(case=younger).update(case=older)
    older.harm = rules.graver(Harm(older.harm), Harm(younger.harm))
    older.minor = rules.surer(Tri(older.minor), Tri(younger.minor))
    older.flags = sorted(set(older.flags) | set(younger.flags))
    if younger.due_at < older.due_at:
        older.due_at, older.clock = younger.due_at, younger.clock
    older.save(update_fields=["harm", "minor", "flags", "due_at", "clock"])
    note("case.joined", about=older, by="rules", now=now, joined=str(younger.pk))
    return True


def _move_subject(subject: Subject, to: Case) -> None:
    what = {"item": subject.item} if subject.item_id else {"account": subject.account} if subject.account_id else None
    there = Subject.objects.filter(case=to, **what).first() if what else None
    if there is None:
        Subject.objects.filter(pk=subject.pk).update(case=to)
        return
    for report in subject.reports.all():
        report.subjects.add(there)
        report.subjects.remove(subject)


@action
def escalate(case: Case, now: datetime) -> None:
    """Mark a case whose deadline has passed undecided: the lead sees it, and the reporter is told."""
    if Case.objects.filter(pk=case.pk, state=CaseState.OPEN, escalated_at=None).update(escalated_at=now):
        note("case.escalated", about=case, by="clock", now=now)
