"""Owing work: a promise is a row in the caller's own transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from staydown.promises.errors import NotJson, OtherWork
from staydown.promises.models import Promise

type Json = Any  # what json.dumps takes; checked when it runs


@dataclass(frozen=True, slots=True)
class Work:
    """What is owed: which task, with which arguments, how soon, and how urgently."""

    task: str
    args: Sequence[Json] = ()
    kwargs: Mapping[str, Json] = field(default_factory=dict)
    run_after: datetime | None = None
    priority: int = 0


def owe(
    task: str, *args: Json, key: str | None = None, run_after: datetime | None = None, priority: int = 0
) -> Promise:
    """Owe a run of the task at the dotted path `task`, in the caller's transaction: rolled back, nothing is owed.

    The task is not imported: the portal owes work whose code it must not hold. With a `key` at most one promise
    is waiting: it is returned, brought forward where `run_after` is earlier. One that is running already will run
    once more afterwards, because it may have looked before the caller wrote. A key stands for one task with the same
    arguments; where two runs at two moments are meant, use two keys.

    With a key the row stays locked until the caller's transaction ends, so that no worker starts before the
    caller's changes can be seen. Two transactions that owe several keys in different orders can wait for each other:
    the database undoes one, and `journal.acting.action` does it again. Raises `NotJson` and `OtherWork`.
    """
    return owe_work(Work(task, args, run_after=run_after, priority=priority), key)


def owe_work(work: Work, key: str | None = None) -> Promise:
    """As `owe`, for a task that also takes arguments by name."""
    now = timezone.now()
    promise = Promise(
        task=work.task,
        args=_json(work.args),
        kwargs=_json(work.kwargs),
        key=key,
        priority=work.priority,
        owed_at=now,
        run_at=work.run_after or now,
    )
    if key is None:
        promise.save(force_insert=True)
        return promise
    return _join_or_add(promise)


def withdraw(key: str) -> bool:
    """Owe no longer what waits under `key`, in the caller's transaction; False where it is being kept, or was."""
    waiting = Promise.objects.owed().filter(key=key, leased_until=None)
    return bool(waiting.update(ended_at=timezone.now(), again_at=None))


def forget(before: datetime) -> int:
    """Delete promises that were kept before `before`; those given up stay until a person has dealt with them."""
    return Promise.objects.filter(ended_at__lt=before, gave_up=False).delete()[0]


def forget_kept() -> int:
    """The periodic duty that deletes promises kept more than a week ago."""
    return forget(timezone.now() - timedelta(days=7))


def _join_or_add(new: Promise) -> Promise:
    """Join the promise of that key, or add it; whoever comes second to the unique index waits, and joins."""
    while True:
        with transaction.atomic(savepoint=False):
            if there := Promise.objects.owed().select_for_update().filter(key=new.key).first():
                return _join(there, new)
            Promise.objects.bulk_create([new], ignore_conflicts=True)
            if Promise.objects.filter(pk=new.pk).exists():
                return new


def _join(there: Promise, new: Promise) -> Promise:
    if (there.task, there.args, there.kwargs) != (new.task, new.args, new.kwargs):
        raise OtherWork(f"key {new.key} stands for {there.task}, not for {new.task} with these arguments")
    before = (there.run_at, there.again_at, there.priority)
    if there.leased_until is None:
        there.run_at = min(there.run_at, new.run_at)
    else:  # even where the lease has run out: its worker may yet report success of a run that saw too little
        there.again_at = min(there.again_at or new.run_at, new.run_at)
    there.priority = max(there.priority, new.priority)
    if (there.run_at, there.again_at, there.priority) != before:
        there.save(update_fields=["run_at", "again_at", "priority"])
    return there


def _json(value: Any) -> Any:
    """`value` as JSON gives it back. Raises `NotJson`."""
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise NotJson(str(NotJson.__doc__)) from error
