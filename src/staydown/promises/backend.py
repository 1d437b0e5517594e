"""Django's own task interface on leased rows: `some_task.enqueue(...)` owes a promise in the caller's transaction."""

from __future__ import annotations  # Django's Task and TaskResult take no [] when run

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.base import TaskError
from django.tasks.exceptions import InvalidTask, TaskResultDoesNotExist
from django.utils.module_loading import import_string

from staydown.promises import actions
from staydown.promises.models import Promise

type AnyTask = Task[..., Any]  # a backend takes every signature


class LeasedRows(BaseTaskBackend):
    """Stores promises; `promises.worker` keeps them. What a task returns is not stored: results are rows elsewhere."""

    supports_defer = True
    supports_get_result = True
    supports_priority = True

    def validate_task(self, task: AnyTask) -> None:
        """Raise `InvalidTask` for what the worker could not run."""
        super().validate_task(task)
        if task.takes_context:
            raise InvalidTask("A promise has no context to give: take ids as arguments.")

    def enqueue[**P, R](self, task: Task[P, R], args: Sequence[Any], kwargs: Mapping[str, Any]) -> TaskResult[P, R]:
        """Owe one run of the task."""
        self.validate_task(task)
        work = actions.Work(task.module_path, args, kwargs, run_after=task.run_after, priority=task.priority)
        return self._result(task, actions.owe_work(work))

    def get_result(self, result_id: str) -> TaskResult[..., Any]:
        """How the promise with this id stands. Raises `TaskResultDoesNotExist`."""
        try:
            promise = Promise.objects.get(pk=result_id)
        except (Promise.DoesNotExist, ValidationError) as error:
            raise TaskResultDoesNotExist(result_id) from error
        return self._result(import_string(promise.task), promise)

    def _result[**P, R](self, task: Task[P, R], promise: Promise) -> TaskResult[P, R]:
        return TaskResult(
            task=task,
            id=str(promise.pk),
            status=_status(promise),
            enqueued_at=promise.owed_at,
            started_at=None,  # not remembered: a promise may run many times
            finished_at=promise.ended_at,
            last_attempted_at=None,
            args=promise.args,
            kwargs=promise.kwargs,
            backend=self.alias,
            errors=_errors(promise),
            worker_ids=["worker"] * promise.attempts,
        )


def _status(promise: Promise) -> TaskResultStatus:
    if promise.ended_at is None:
        return TaskResultStatus.RUNNING if promise.leased_until else TaskResultStatus.READY
    return TaskResultStatus.FAILED if promise.gave_up else TaskResultStatus.SUCCESSFUL


def _errors(promise: Promise) -> list[TaskError]:
    """The last error: its class only (see `rules.outline`)."""
    if not promise.error:
        return []
    return [TaskError(exception_class_path=promise.error.split(" ")[0], traceback=promise.error)]
