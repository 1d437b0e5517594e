"""Owing: a promise is made with the caller's transaction or not at all, and one for a key."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.tasks import task_backends
from django.tasks.exceptions import InvalidTask, TaskResultDoesNotExist
from django.utils import timezone

from staydown.promises import actions, errors, leases
from staydown.promises.backend import LeasedRows
from staydown.promises.models import Promise

from . import chores

NOTE = f"{chores.__name__}.note"


def owed() -> list[Promise]:
    return list(Promise.objects.owed())


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_owed() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.owe(NOTE, "a")
        actions.owe(NOTE, "b", key="b")
        raise ZeroDivisionError
    assert owed() == []


@pytest.mark.django_db
def test_a_task_is_owed_without_its_code_being_there() -> None:
    actions.owe("staydown.no_such_room.tasks.act", "id")
    assert owed()[0].task == "staydown.no_such_room.tasks.act"


@pytest.mark.django_db
@pytest.mark.parametrize("argument", [datetime.now(UTC), b"bytes", {1, 2}, float("nan")])
def test_arguments_that_are_not_json_are_refused(argument: object) -> None:
    with pytest.raises(errors.NotJson):
        actions.owe(NOTE, argument)


@pytest.mark.django_db
def test_one_promise_waits_for_each_key() -> None:
    first = actions.owe(NOTE, "a", key="a")
    assert actions.owe(NOTE, "a", key="a").pk == first.pk
    assert len(owed()) == 1


@pytest.mark.django_db
def test_promises_without_a_key_do_not_join() -> None:
    assert actions.owe(NOTE, "a").pk != actions.owe(NOTE, "a").pk


@pytest.mark.django_db
def test_the_earliest_demand_decides_when_a_keyed_promise_runs() -> None:
    now = timezone.now()
    actions.owe(NOTE, key="a", run_after=now + timedelta(hours=1))
    actions.owe(NOTE, key="a", run_after=now + timedelta(minutes=1))
    actions.owe(NOTE, key="a", run_after=now + timedelta(hours=2))
    assert owed()[0].run_at == now + timedelta(minutes=1)


@pytest.mark.django_db
def test_a_key_does_not_swallow_other_work() -> None:
    actions.owe(NOTE, "a", key="a")
    with pytest.raises(errors.OtherWork):
        actions.owe(NOTE, "b", key="a")


@pytest.mark.django_db
def test_a_key_is_free_again_when_its_promise_is_kept() -> None:
    actions.owe(NOTE, key="a")
    kept = leases.claim()
    assert kept
    assert leases.succeed(kept)
    assert actions.owe(NOTE, key="a").pk != kept.pk


@pytest.mark.django_db
def test_what_is_owed_while_it_runs_runs_once_more() -> None:
    actions.owe(NOTE, "a", key="a")
    running = leases.claim()
    assert running
    for _ in range(3):
        actions.owe(NOTE, "a", key="a")
    assert leases.claim() is None, "the key's second run does not begin beside the first"
    assert leases.succeed(running)
    again = leases.claim()
    assert again
    assert (again.pk != running.pk, again.task, again.args, again.key) == (True, NOTE, ["a"], "a")
    assert leases.succeed(again)
    assert owed() == []


@pytest.mark.django_db
def test_what_is_owed_while_it_fails_brings_the_next_try_forward() -> None:
    actions.owe(NOTE, key="a")
    running = leases.claim()
    assert running
    actions.owe(NOTE, key="a")
    assert leases.fail(running, "it failed")
    assert leases.claim()


@pytest.mark.django_db
def test_what_is_owed_while_it_is_given_up_is_still_owed() -> None:
    actions.owe(NOTE, key="a")
    running = leases.claim()
    assert running
    actions.owe(NOTE, key="a")
    assert leases.give_up(running, "hopeless")
    assert [promise.failures for promise in owed()] == [0]


@pytest.mark.django_db
def test_a_run_that_begins_after_the_demand_is_enough() -> None:
    actions.owe(NOTE, key="a")
    lost = leases.claim()
    actions.owe(NOTE, key="a")
    Promise.objects.update(leased_until=timezone.now() - timedelta(seconds=1))  # the worker is dead
    taken_over = leases.claim()
    assert lost
    assert taken_over
    assert leases.succeed(taken_over)
    assert owed() == []


@pytest.mark.django_db(transaction=True)
def test_no_worker_starts_a_keyed_promise_before_its_demand_is_committed() -> None:
    actions.owe(NOTE, key="a")
    taken: list[Promise | None] = []

    def claim() -> None:
        taken.append(leases.claim())
        connection.close()

    with transaction.atomic():
        actions.owe(NOTE, key="a")
        thread = threading.Thread(target=claim)
        thread.start()
        time.sleep(0.3)
        assert taken in ([], [None])  # SQLite waits, PostgreSQL passes over the row
    thread.join()
    assert taken == [None] or taken[0]


@pytest.mark.django_db(transaction=True)
def test_many_who_owe_one_key_at_once_owe_one_promise() -> None:
    start = threading.Barrier(8)

    def owe() -> None:
        start.wait()
        with transaction.atomic():
            actions.owe(NOTE, key="a")
        connection.close()

    threads = [threading.Thread(target=owe) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(owed()) == 1


@pytest.mark.django_db
def test_djangos_own_tasks_are_promises() -> None:
    assert isinstance(task_backends["default"], LeasedRows)
    result = chores.noted.enqueue("a")
    assert (result.status.value, owed()[0].task) == ("READY", f"{chores.__name__}.noted")
    running = leases.claim()
    assert running
    result.refresh()
    assert result.status.value == "RUNNING"
    assert leases.succeed(running)
    assert chores.noted.get_result(result.id).status.value == "SUCCESSFUL"


@pytest.mark.django_db
def test_a_task_that_was_given_up_is_failed_with_its_class_only() -> None:
    result = chores.noted.using(priority=3).enqueue(word="a")
    running = leases.claim()
    assert running
    assert (running.priority, running.kwargs) == (3, {"word": "a"})
    leases.give_up(running, "builtins.ValueError at staydown.x:1")
    result.refresh()
    assert result.status.value == "FAILED"
    assert result.errors[0].exception_class is ValueError


@pytest.mark.django_db
def test_an_unknown_result_is_said_to_be_unknown() -> None:
    for wrong in ("", "no uuid", "01890a5d-ac96-774b-bcce-b302099a8057"):
        with pytest.raises(TaskResultDoesNotExist):
            task_backends["default"].get_result(wrong)


def test_a_task_that_asks_for_a_context_is_refused() -> None:
    from django.tasks import task

    with pytest.raises(InvalidTask):
        task(_with_context, takes_context=True)


def _with_context(context: object) -> None: ...


@pytest.mark.django_db
def test_kept_promises_are_forgotten_and_given_up_ones_are_not() -> None:
    for ending in (leases.succeed, lambda promise: leases.give_up(promise, "hopeless")):
        actions.owe(NOTE)
        running = leases.claim()
        assert running
        ending(running)
    assert actions.forget(timezone.now()) == 1
    assert Promise.objects.given_up().count() == 1
    actions.forget_kept()
