"""Whom several people under age report, or of whom several tell the same (`cases.telling`), is looked at first: a nearer
deadline, with the counts that explain it.

Nothing is hidden by it, no score is kept, and the counts are made anew wherever they are shown.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState
from staydown.cases.voices import RISEN_MINUTES, VOICES_DAYS, Voices
from staydown.journal.acting import note
from staydown.promises.actions import owe
from staydown.regimes.harms import CHILD_HARMS, Capacity, Flag, Harm, Tri

WEIGH = "staydown.cases.tasks.weigh_words"
SOON = timedelta(minutes=RISEN_MINUTES)
type Ids = Iterable[UUID | None]


def voices(accounts: Ids, now: datetime) -> dict[UUID, Voices]:
    """What people under age said of each of these accounts of late; two queries."""
    wanted = {each for each in accounts if each}
    since = now - timedelta(days=VOICES_DAYS)
    young = Report.objects.filter(minor=Tri.YES, withdrawn_at=None, received_at__gt=since, received_at__lte=now)
    columns = ("pk", "reporter_ref", "case_id", "flags", "capacity", "harm")
    found: dict[UUID, set[tuple[UUID, bytes | None, UUID]]] = {each: set() for each in wanted}
    for path in ("subjects__account", "subjects__item__account"):
        for account, pk, ref, case, flags, capacity, harm in young.filter(**{f"{path}__in": wanted}).values_list(
            path, *columns
        ):
            if Flag.PERSON_SHOWN in flags or capacity == Capacity.SELF or harm == Harm.GROOMING:
                found[account].add((pk, bytes(ref) if ref else None, case))
    return {account: _counted(said) for account, said in found.items()}


def _counted(said: set[tuple[UUID, bytes | None, UUID]]) -> Voices:
    refs = {ref for _pk, ref, _case in said if ref}
    return Voices(len(refs), sum(ref is None for _pk, ref, _case in said), len({case for _pk, _ref, case in said}))


def look(accounts: Ids, now: datetime) -> None:
    """Have the open cases about these accounts looked at first where several people under age reported one of them."""
    loud = {account: said for account, said in voices(accounts, now).items() if said.rise}
    if not loud:
        return
    rise(list(loud), now, {"people": max(said.people for said in loud.values())})


def rise(accounts: list[UUID], now: datetime, why: dict[str, Any], *, everyone: bool = False) -> None:
    """Have the open cases about these accounts looked at first: those that only cleared people read, unless everyone may
    read why. What rose already stays as it is.
    """
    about = Q(subjects__account__in=accounts) | Q(subjects__item__account__in=accounts)
    cleared = Q() if everyone else ~Q(minor=Tri.NO) | Q(harm__in=CHILD_HARMS)
    rows = Case.objects.filter(about, cleared, state=CaseState.OPEN, risen_at=None)
    for case in Case.objects.select_for_update().filter(pk__in=rows.values("pk")).order_by("pk"):
        Case.objects.filter(pk=case.pk).update(risen_at=now, due_at=min(case.due_at, now + SOON))
        note("case.risen", about=case, by="rules", now=now, **why)


def look_again(case: Case) -> None:
    """Of a case that lost some of its reports: whether it is still to be looked at first."""
    if case.risen_at is None:
        return
    about = case.subjects.values_list("account", "item__account")
    accounts = {each for pair in about for each in pair}
    if any(said.rise for said in voices(accounts, case.risen_at).values()):
        Case.objects.filter(pk=case.pk).update(due_at=min(case.due_at, case.risen_at + SOON))
    else:
        Case.objects.filter(pk=case.pk).update(risen_at=None)
        for report in case.reports.all():  # whose words a worker may read, and raise it again by them
            owe(WEIGH, str(report.pk), key=f"weigh:{report.pk}")
