"""The row that says how far a sweep is: for people to read, no promise depends on it."""

from datetime import datetime

from django.db.models import F

from staydown.banks.models import Entry, SweepRun


def begin(entry: Entry, now: datetime) -> SweepRun:
    """The sweep of an entry; one that was interrupted begins anew, and orders nothing twice."""
    begun = {"begun_at": now, "moved_at": now, "total": 0, "done": 0, "ordered": 0}
    run, _ = SweepRun.objects.update_or_create(entry=entry, ended_at=None, defaults=begun)
    return run


def found(run: SweepRun, more: int) -> None:
    """So many more copies are to be met."""
    SweepRun.objects.filter(pk=run.pk).update(total=F("total") + more)


def moved(run: SweepRun, met: int, ordered: int, now: datetime) -> None:
    """So many more were met, and so many of them ordered down."""
    SweepRun.objects.filter(pk=run.pk).update(done=F("done") + met, ordered=F("ordered") + ordered, moved_at=now)


def end(run: SweepRun, now: datetime) -> int:
    """The sweep is over; how many were ordered down."""
    SweepRun.objects.filter(pk=run.pk).update(ended_at=now)
    run.refresh_from_db()
    return run.ordered
