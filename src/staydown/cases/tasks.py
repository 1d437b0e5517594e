"""Promises of a case kept later: join cases about the same media; notice every deadline that passes."""

from collections.abc import Iterable

from django.utils import timezone

from staydown.banks import rules as banks
from staydown.banks.models import Fingerprint
from staydown.banks.seeing import Forms
from staydown.cases.actions import joining
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState


def join_by_media(report_id: str) -> None:
    """Join the report's case to the oldest open case whose media is within the matching distance."""
    case = Report.objects.select_related("case").get(pk=report_id).case
    if case.state != CaseState.OPEN:
        return
    own = [row for row in _media_of(case) if row.quality >= banks.QUALITY]
    others = {
        row.seq: other
        for other in Case.objects.filter(state=CaseState.OPEN).exclude(pk=case.pk).order_by("-opened_at")
        for row in _media_of(other)
        if row.quality >= banks.QUALITY
    }
    alike = _alike(own, Fingerprint.objects.filter(seq__in=list(others)))
    if alike:
        older, younger = sorted([case, min((others[seq] for seq in alike), key=_age)], key=_age)
        joining.join(younger, older, timezone.now())


def _age(case: Case) -> tuple[object, object]:
    return case.opened_at, case.pk


def _media_of(case: Case) -> list[Fingerprint]:
    return list(Fingerprint.objects.filter(items__subjects__case=case).distinct())


def _alike(own: list[Fingerprint], others: Iterable[Fingerprint]) -> set[int]:
    """Which of the others meet one of our own, either of them in any orientation."""
    forms = Forms()
    for row in others:
        forms.add(row.seq, row.kept().turned)
    return {seq for row in own for seq in forms.near(row.kept().forms)}


def watch_deadlines() -> None:
    """Escalate every open case whose deadline has passed. Deadlines are columns: a lost queue loses none."""
    for case in Case.objects.filter(state=CaseState.OPEN, escalated_at=None, due_at__lt=timezone.now()):
        joining.escalate(case, timezone.now())
