"""Whether it runs: the database, the worker, and what is promised for later."""

from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from staydown.promises.models import Heartbeat, Promise
from staydown.site.findings import Finding, Findings, fine, wrong

SILENT = timedelta(seconds=15)  # a worker says every two seconds that it lives
LATE = timedelta(minutes=1)


def database() -> Finding:
    """Whether the database answers, and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return wrong(
            f"the database cannot be reached ({type(error).__name__})",
            "See that it runs, that STAYDOWN_DATABASE is right, and that the data folder can be written.",
        )
    if missing:
        return wrong(f"{len(missing)} changes of the tables are not made yet", "Start `staydown serve`: it makes them.")
    return fine("the database answers, and its tables are up to date")


def worker(now: datetime) -> Findings:
    """A worker lives: without one nothing is delivered and no deadline escalates."""
    last = Heartbeat.objects.filter(program="worker").order_by("-seen_at").first()
    if last is None or last.seen_at < now - SILENT:
        said = f"since {last.seen_at:%Y-%m-%d %H:%M:%S} UTC" if last else "at all"
        yield wrong(f"no worker has been heard of {said}", "Start `staydown serve`; read what the worker said last.")
    else:
        yield fine("the worker is at work")


def promises(now: datetime) -> Findings:
    """What is owed is done in time, and nothing was given up."""
    late = Promise.objects.due(now).filter(run_at__lt=now - LATE).count()
    if late:
        yield wrong(f"{late} promises are late", "See that the worker runs, and whether its log names errors.")
    for task in sorted(set(Promise.objects.given_up().values_list("task", flat=True))):
        given_up = Promise.objects.given_up().filter(task=task)
        yield wrong(
            f"{given_up.count()} promises of {task} were given up (last: {given_up.order_by('-ended_at')[0].error})",
            "Put right what the error names, then owe them again.",
        )
    if not late:
        yield fine("no promise is late")
