"""Taking a promise and reporting on it. Every report is fenced by the attempt's number.

A worker whose lease ran out (it was killed, suspended, or cut off from the database) cannot end the attempt of the
worker that took over: `attempts` has grown, and its UPDATE changes no row. Clocks of several machines must agree to
within a part of the lease; where they do not, a promise may run twice, never not at all.
"""

import random
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from staydown.promises import rules
from staydown.promises.models import Promise, PromiseRows

log = structlog.get_logger(__name__)
_rng = random.Random()  # noqa: S311  jitter, not a secret


def lease() -> timedelta:
    """How long a worker may be silent before another one takes its promises."""
    return timedelta(seconds=getattr(settings, "LEASE_SECONDS", 10.0))


def claim(at_least: int = rules.LOWEST) -> Promise | None:
    """Lease the most urgent due promise to the caller, or None.

    A plain read comes first: SQLite has one writer at a time, and an idle worker must not be it.
    """
    now = timezone.now()
    due = Promise.objects.due(now).filter(priority__gte=at_least)
    if not due.exists():
        return None
    with transaction.atomic():  # SQLite: BEGIN IMMEDIATE; PostgreSQL: rows that others hold are skipped
        promise = due.order_by("-priority", "run_at").select_for_update(skip_locked=True).first()
        return promise and _take(promise, now)


def extend(promise: Promise) -> bool:
    """Keep the lease; False when it was lost."""
    return bool(_mine(promise).update(leased_until=timezone.now() + lease()))


def succeed(promise: Promise) -> bool:
    """The promise is kept; False when the lease was lost meanwhile."""
    return _end(promise, gave_up=False, error="")


def give_up(promise: Promise, error: str) -> bool:
    """The promise is ended unkept, visibly; False when the lease was lost meanwhile."""
    log.error("promise given up", task=promise.task, promise=str(promise.pk), attempt=promise.attempts, error=error)
    return _end(promise, gave_up=True, error=error)


def fail(promise: Promise, error: str) -> bool:
    """Try again later, twice as late each time, and give up after `MAX_ATTEMPTS`; False when the lease was lost."""
    return _failed(promise, promise.failures + 1, error)


def postpone(promise: Promise, seconds: float, error: str = "") -> bool:
    """Run it again after `seconds`, however often; False when the lease was lost."""
    return _put_back(promise, timedelta(seconds=seconds), failures=0, error=error)


def _mine(promise: Promise) -> PromiseRows:
    return Promise.objects.owed().filter(pk=promise.pk, attempts=promise.attempts, leased_until__isnull=False)


def _take(promise: Promise, now: datetime) -> Promise | None:
    """Write the lease on a locked row; None for one that lost several workers: it may be killing them, and waits."""
    lost_a_worker = promise.leased_until is not None
    promise.attempts += 1
    promise.failures += lost_a_worker
    if promise.again_at and promise.again_at <= now:
        promise.again_at = None  # the run that begins now sees all that was written before
    promise.leased_until = now + lease()
    promise.save(update_fields=["attempts", "failures", "again_at", "leased_until"])
    if lost_a_worker and promise.failures > rules.LOSSES_AT_ONCE:
        _failed(promise, promise.failures, "its worker was lost")
        return None
    return promise


def _failed(promise: Promise, failures: int, error: str) -> bool:
    if failures >= rules.MAX_ATTEMPTS:
        return give_up(promise, error)
    log.warning("promise failed", task=promise.task, promise=str(promise.pk), attempt=promise.attempts, error=error)
    return _put_back(promise, rules.back_off(failures, _rng), failures=failures, error=error)


def _put_back(promise: Promise, wait: timedelta, *, failures: int, error: str) -> bool:
    """Free the row for a later run; what was owed once more meanwhile brings that run forward."""
    later = Value(timezone.now() + wait, output_field=DateTimeField())
    run_at = Least(later, Coalesce("again_at", later))
    changed = {"run_at": run_at, "again_at": None, "leased_until": None, "failures": failures, "error": error}
    return bool(_mine(promise).update(**changed))


def _end(promise: Promise, *, gave_up: bool, error: str) -> bool:
    ended = {"ended_at": timezone.now(), "leased_until": None, "gave_up": gave_up, "error": error}
    if _mine(promise).filter(again_at=None).update(**ended):
        return True
    with transaction.atomic():
        row = _mine(promise).select_for_update().first()
        if row is None:
            log.warning("lease was lost", task=promise.task, promise=str(promise.pk), attempt=promise.attempts)
            return False
        _mine(promise).update(again_at=None, **ended)
        if row.again_at:
            row.successor(timezone.now(), row.again_at).save(force_insert=True)
        return True
