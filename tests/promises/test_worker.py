"""The worker: what is due runs, whatever dies meanwhile."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from staydown.promises import actions, duties, keeper, leases, worker
from staydown.promises.models import Heartbeat, Promise

from . import chores
from .conftest import Start, eventually, lines

HERE = chores.__name__


def kept() -> int:
    return Promise.objects.filter(ended_at__isnull=False, gave_up=False).count()


def keep_one() -> Promise:
    promise = leases.claim()
    assert promise
    assert worker.keep(promise, keeper.Keeper())
    return Promise.objects.get(pk=promise.pk)


@pytest.mark.django_db
def test_a_promise_runs_with_its_arguments() -> None:
    actions.owe(f"{HERE}.note", "a", 1)
    assert keep_one().ended_at
    assert chores.done == [("a", 1)]


@pytest.mark.django_db
def test_a_django_task_runs_too() -> None:
    chores.noted.enqueue(word="a")
    assert keep_one().ended_at
    assert chores.done == ["a"]


@pytest.mark.django_db
def test_a_failure_is_remembered_without_its_words() -> None:
    actions.owe(f"{HERE}.break_quoting", "what a victim wrote")
    failed = keep_one()
    assert (failed.ended_at, failed.failures, failed.leased_until) == (None, 1, None)
    assert failed.error == "builtins.ValueError from builtins.KeyError"


@pytest.mark.django_db
def test_a_task_that_says_later_runs_later_without_failing() -> None:
    actions.owe(f"{HERE}.not_yet")
    before = timezone.now()
    postponed = keep_one()
    assert (postponed.failures, postponed.error) == (0, "")
    assert before <= postponed.run_at - timedelta(seconds=60) <= timezone.now()


@pytest.mark.django_db
def test_a_task_that_gives_up_is_shown_with_its_reason() -> None:
    actions.owe(f"{HERE}.hopeless")
    keep_one()
    assert "the platform is deleted" in Promise.objects.given_up().get().error


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["staydown.nowhere.act", "staydown.promises.rules.URGENT", "act"])
def test_an_unknown_task_fails_by_name_and_is_tried_again(path: str) -> None:
    actions.owe(path)
    failed = keep_one()
    assert failed.ended_at is None
    assert "UnknownTask" in failed.error
    assert path in failed.error


@pytest.mark.django_db
@pytest.mark.parametrize("chore", ["lose_the_database", "leave_the_process"])
def test_nothing_a_task_raises_ends_the_worker(chore: str) -> None:
    actions.owe(f"{HERE}.{chore}")
    assert keep_one().failures == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_waits_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.owe(f"{HERE}.note", "a")
    claim, away = leases.claim, iter(range(3))

    def flaky(at_least: int) -> Promise | None:
        if next(away, None) is not None:
            raise chores.OperationalError("server closed the connection")
        return claim(at_least)

    monkeypatch.setattr(leases, "claim", flaky)
    with _working(threads=1):
        eventually(kept)
    assert chores.done == [("a",)]


@pytest.mark.django_db(transaction=True)
def test_urgent_promises_do_not_wait_behind_slow_ones() -> None:
    for number in range(3):
        actions.owe(f"{HERE}.wait_inside", str(number))
    with _working(threads=2):
        eventually(chores.entered.is_set)
        actions.owe(f"{HERE}.note", "hide it", priority=10)
        eventually(lambda: ("hide it",) in chores.done)
        assert not chores.leave.is_set(), "the slow ones are still running"
        chores.leave.set()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_stops_finishes_what_runs() -> None:
    actions.owe(f"{HERE}.wait_inside", "a")
    with _working(threads=1):
        eventually(chores.entered.is_set)
        threading.Timer(0.2, chores.leave.set).start()
    assert kept() == 1


@dataclass
class Clock:
    """The clock of leases: it goes on while a keeper waits, so that it makes its rounds in time on a busy machine, too."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def waiting(self, over: threading.Event) -> Callable[[float], bool]:
        """What the keeper waits with instead."""
        wait = over.wait

        def waited(seconds: float) -> bool:
            self.at += timedelta(seconds=seconds)
            return wait(0.1)  # others have a look meanwhile

        return waited


@pytest.mark.django_db(transaction=True)
def test_a_long_task_keeps_its_lease(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LEASE_SECONDS = 0.6
    actions.owe(f"{HERE}.wait_inside", "a")
    clock, make = Clock(timezone.now()), keeper.Keeper.__init__

    def made(its: keeper.Keeper) -> None:
        make(its)
        monkeypatch.setattr(its._over, "wait", clock.waiting(its._over))

    monkeypatch.setattr(keeper.Keeper, "__init__", made)
    monkeypatch.setattr(leases, "timezone", clock)
    with _working(threads=2):
        eventually(chores.entered.is_set)
        three_leases_later = clock.at + timedelta(seconds=1.8)
        eventually(lambda: clock.at > three_leases_later)
        chores.leave.set()
    assert (chores.done, Promise.objects.get().attempts) == (["a"], 1)


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_is_seen_and_a_stopped_one_is_not_missed() -> None:
    with _working(threads=1):
        eventually(Heartbeat.objects.filter(program="worker").exists)
    assert not Heartbeat.objects.exists()


class _working:
    """A worker in this process, while the block runs."""

    def __init__(self, threads: int) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._work, args=(threads,))

    def _work(self, threads: int) -> None:
        worker.work(self.stop, threads)
        connection.close()

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()


def test_a_promise_outlives_kill_9_of_its_worker(a_worker: Start, tmp_path: Path) -> None:
    log, go_on = tmp_path / "log", tmp_path / "go on"
    actions.owe("chores.write_and_wait", str(log), "a", str(go_on))
    first = a_worker(lease=1.0)
    eventually(lambda: lines(log))
    first.kill()
    first.wait()
    go_on.touch()
    second = a_worker()
    eventually(kept)
    assert lines(log) == [f"a begun by {first.pid}", f"a begun by {second.pid}", f"a done by {second.pid}"]


def test_two_workers_run_each_promise_exactly_once_when_none_dies(a_worker: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    for number in range(200):
        actions.owe("chores.write", str(log), str(number))
    for _ in range(2):
        a_worker()
    eventually(lambda: kept() == 200)
    assert sorted(lines(log), key=int) == [str(number) for number in range(200)]


@pytest.mark.parametrize("kills", [3, pytest.param(1000, marks=pytest.mark.soak)])
def test_nothing_owed_is_lost_however_often_workers_are_killed(a_worker: Start, tmp_path: Path, kills: int) -> None:
    """Every fourth task ends only when the kills are over, so that each of them comes in the middle of one."""
    log, over = tmp_path / "log", tmp_path / "over"
    owed = range(kills * 8)
    for number in owed:
        name, how = ("write_and_linger", 0.2) if number % 4 else ("write_and_wait", str(over))
        actions.owe(f"chores.{name}", str(log), str(number), how)
    for _ in range(kills):
        victim = a_worker(lease=0.5, threads=2)
        eventually(partial(_waits, log, victim.pid))
        victim.kill()
    over.touch()
    a_worker(lease=0.5, threads=8)
    eventually(lambda: kept() == len(owed))
    begun = [line.split()[0] for line in lines(log) if "begun" in line]
    done = {int(line.split()[0]) for line in lines(log) if "done" in line}
    assert done == set(owed)
    assert len(begun) >= len(owed) + kills, "each kill is in mid-task"


def _waits(log: Path, pid: int) -> bool:
    """Whether this worker is at a task that waits."""
    begun = [line.split()[0] for line in lines(log) if line.endswith(f" begun by {pid}")]
    return any(int(number) % 4 == 0 for number in begun)


def test_a_duty_comes_round_after_success_after_failure_and_after_kill_9(a_worker: Start, tmp_path: Path) -> None:
    rounds = tmp_path / "rounds"
    given = {"duties": {"chores.come_round_and_break": 0.2}, "lease": 0.5}
    first = a_worker(**given)
    eventually(lambda: len(lines(rounds)) > 3)
    first.kill()
    first.wait()
    count = len(lines(rounds))
    a_worker(**given)
    eventually(lambda: len(lines(rounds)) > count + 3)
    assert Promise.objects.count() == 1


@pytest.mark.django_db
def test_each_duty_is_owed_once_and_runs_again_after_its_interval(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DUTIES = {f"{HERE}.come_round": 60.0}
    duties.ensure()
    duties.ensure()
    before = timezone.now()
    again = keep_one()
    assert (again.ended_at, again.failures) == (None, 0)
    assert before <= again.run_at - timedelta(seconds=60) <= timezone.now()


@pytest.mark.django_db
def test_a_failing_duty_keeps_its_interval_and_is_never_given_up(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DUTIES = {f"{HERE}.come_round_and_break": 60.0}
    duties.ensure()
    for _ in range(45):
        failed = keep_one()
        Promise.objects.update(run_at=timezone.now())
    assert (failed.gave_up, failed.error) == (False, "builtins.ValueError")


@pytest.mark.django_db
def test_a_duty_that_is_declared_no_longer_is_no_longer_owed(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DUTIES = {f"{HERE}.come_round": 60.0}
    duties.ensure()
    settings.DUTIES = {}
    duties.ensure()
    assert not Promise.objects.owed().exists()


@pytest.mark.django_db
def test_the_models_and_the_migrations_agree() -> None:
    call_command("makemigrations", "promises", "journal", check=True, dry_run=True, verbosity=0)
