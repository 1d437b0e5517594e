"""The lines of the queue."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, prefetch_related_objects

from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.cases.models import Case, Report, Subject
from staydown.people.models import Staff
from staydown.platforms.models import Check
from staydown.platforms.rules import CheckState, ItemState


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    case: Case
    claimant: Staff | None
    reports: int
    items: int
    views: int
    copies: int
    uploads: int
    frozen: bool


def rows(cases: Iterable[Case], now: datetime) -> list[QueueRow]:
    """The queue's lines, in the order given; six queries for all of them."""
    listed = list(cases)
    prefetch_related_objects(listed, "claimed_by")
    ids = [case.pk for case in listed]
    reports = _counted(Report.objects.filter(case__in=ids), "case")
    copies = _counted(Match.objects.filter(entry__case__in=ids, item__state=ItemState.HELD), "entry__case")
    uploads = _counted(Check.objects.filter(case__in=ids, state=CheckState.PENDING), "case")
    frozen = set(Entry.objects.filter(case__in=ids, state=EntryState.FROZEN).values_list("case_id", flat=True))
    views: dict[UUID, list[int]] = {}
    for case_id, seen in Subject.objects.filter(case__in=ids, item__isnull=False).values_list("case_id", "item__views"):
        views.setdefault(case_id, []).append(seen or 0)
    return [
        QueueRow(
            case=case,
            claimant=case.claimant(now),
            reports=reports[case.pk],
            items=len(views.get(case.pk, ())),
            views=sum(views.get(case.pk, ())),
            copies=copies[case.pk],
            uploads=uploads[case.pk],
            frozen=case.pk in frozen,
        )
        for case in listed
    ]


def _counted(some: QuerySet[Any], by: str) -> Counter[UUID]:
    """How many rows each case has."""
    return Counter(dict(some.values_list(by).annotate(n=Count("pk")).order_by()))
