"""Keeping promises: threads that take what is due, run it, and report. Killed at any moment, it loses nothing."""

import threading
from collections.abc import Callable
from typing import Any

import structlog
from django.db import Error, close_old_connections, connection
from django.tasks import Task
from django.utils.module_loading import import_string

from staydown.promises import duties, keeper, leases, rules
from staydown.promises.errors import GiveUp, Later, UnknownTask
from staydown.promises.models import Promise

log = structlog.get_logger(__name__)
LONGEST_PAUSE = 30.0  # between two looks for a database that is away


class Door:
    """Where threads wait for work: one at a time looks, so that an idle worker is one cheap read, not many."""

    def __init__(self, stop: threading.Event, idle_seconds: float, at_least: int = rules.LOWEST) -> None:
        self.stop = stop
        self._idle_seconds = idle_seconds
        self._at_least = at_least
        self._turn = threading.Lock()

    def next(self) -> Promise | None:
        """The next promise, leased; None when the worker stops."""
        with self._turn:
            while not self.stop.is_set():
                if promise := leases.claim(self._at_least):
                    return promise
                self.stop.wait(self._idle_seconds)
        return None


def work(stop: threading.Event, threads: int = 4, idle_seconds: float = 0.05) -> None:
    """Keep promises in `threads` threads, and urgent ones in one more, until `stop` is set; then finish what runs."""
    rounds = keeper.Keeper()
    ordinary, urgent = Door(stop, idle_seconds), Door(stop, idle_seconds, rules.URGENT)
    crew = [threading.Thread(target=_serve, args=(door, rounds)) for door in [ordinary] * threads + [urgent]]
    rounds.start()
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    rounds.finish()
    try:
        keeper.stop_beating(rounds.program)
    except Error as error:  # the database is away: the heartbeat grows old by itself
        log.warning("cannot end the heartbeat", error=type(error).__name__)


def keep(promise: Promise, rounds: keeper.Keeper) -> bool:
    """Run one leased promise and report how it went; False when its lease was lost meanwhile."""
    return _run(promise, rounds)()


def _run(promise: Promise, rounds: keeper.Keeper) -> Callable[[], bool]:
    """Run the task; answers with the report to make once its lease need not be kept any more."""
    every = duties.interval(promise)
    error = ""
    try:
        with rounds.holding(promise):
            _call(promise)
    except Later as later:
        seconds = later.seconds
        return lambda: leases.postpone(promise, seconds)
    except (Exception, SystemExit) as raised:  # noqa: BLE001  whatever a task raises is its failure, not the worker's
        error = rules.outline(raised)
        if isinstance(raised, GiveUp) and every is None:
            return lambda: leases.give_up(promise, error)
    if every is not None:
        return lambda: leases.postpone(promise, every, error)
    return (lambda: leases.fail(promise, error)) if error else (lambda: leases.succeed(promise))


def _call(promise: Promise) -> None:
    run: Callable[..., Any]
    found = _task(promise.task)
    run = found.call if isinstance(found, Task) else found
    run(*promise.args, **promise.kwargs)


def _task(path: str) -> Any:
    """The task at a dotted path: a function or a Django task. Raises `UnknownTask`."""
    try:
        found = import_string(path)
    except ImportError as error:
        raise UnknownTask(f"no task at {path}: is this the version of the code that has it?") from error
    if not callable(found) and not isinstance(found, Task):
        raise UnknownTask(f"{path} is not a task")
    return found


def _serve(door: Door, rounds: keeper.Keeper) -> None:
    """Take and keep promises; a database that is away is waited for, and never ends the thread."""
    troubles = 0
    while not door.stop.is_set():
        try:
            close_old_connections()
            if promise := door.next():
                report = _run(promise, rounds)
                close_old_connections()  # the task may have lost the database
                report()
            troubles = 0
        except Error as error:
            troubles += 1
            log.warning("worker cannot reach the database", error=type(error).__name__, count=troubles)
            connection.close()
            door.stop.wait(min(0.1 * 2 ** min(troubles, 9), LONGEST_PAUSE))
    connection.close()
