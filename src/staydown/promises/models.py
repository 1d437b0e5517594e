"""One row for each promise: the database, not a queue, remembers what is owed."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from staydown.promises import rules
from staydown.site.rows import Row

OWED = Q(ended_at=None)


class PromiseRows(models.QuerySet["Promise"]):
    """Promises, by how they stand."""

    def owed(self) -> Self:
        """Promises that are not ended."""
        return self.filter(OWED)

    def due(self, now: datetime) -> Self:
        """Promises a worker may take now: their time has come and nobody holds a living lease on them."""
        return self.owed().filter(Q(leased_until=None) | Q(leased_until__lt=now), run_at__lte=now)

    def given_up(self) -> Self:
        """Promises that a person has to look at."""
        return self.filter(gave_up=True)


class Promise(Row):
    """Something this deployment owes: a task to be run, at least once, from `run_at` on."""

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True)  # null: no key, so not unique
    priority = models.SmallIntegerField(default=0)
    owed_at = models.DateTimeField()
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)  # only grows: it is the fence between two workers
    failures = models.PositiveIntegerField(default=0)
    again_at = models.DateTimeField(null=True)  # owed once more while running: a further run from this moment on
    ended_at = models.DateTimeField(null=True)
    gave_up = models.BooleanField(default=False)
    error = models.CharField(max_length=rules.ERROR_LENGTH, default="", blank=True)

    objects = PromiseRows.as_manager()

    class Meta:
        indexes = [
            models.Index(F("priority").desc(), "run_at", name="promise_due", condition=OWED),
            models.Index("ended_at", name="promise_given_up", condition=Q(gave_up=True)),
        ]
        constraints = [
            models.UniqueConstraint("key", name="promise_one_per_key", condition=OWED),
            models.CheckConstraint(
                name="promise_given_up_is_ended", condition=Q(gave_up=False) | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(name="promise_ended_is_free", condition=OWED | Q(leased_until=None, again_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.pk})"

    def successor(self, now: datetime, run_at: datetime) -> "Promise":
        """The same work, owed once more. Not saved."""
        return Promise(
            task=self.task,
            args=self.args,
            kwargs=self.kwargs,
            key=self.key,
            priority=self.priority,
            owed_at=now,
            run_at=run_at,
        )


class Heartbeat(models.Model):
    """A living process says so every two seconds; `staydown doctor` reads it."""

    program = models.CharField(max_length=20)
    host = models.CharField(max_length=100)
    pid = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("program", "host", "pid", name="heartbeat_one_per_process")]

    def __str__(self) -> str:
        return f"{self.program} {self.host}:{self.pid}"
