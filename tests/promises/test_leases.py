"""Leases: only the worker of the current attempt may say how it went; failing waits longer each time, then shows."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from staydown.promises import actions, leases, rules
from staydown.promises.models import Promise

from . import chores

NOTE = f"{chores.__name__}.note"


def claim() -> Promise:
    promise = leases.claim()
    assert promise
    return promise


def expire() -> None:
    Promise.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def wait_is_over() -> None:
    Promise.objects.update(run_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_leased_promise_is_nobody_elses() -> None:
    actions.owe(NOTE)
    claim()
    assert leases.claim() is None


@pytest.mark.django_db
def test_a_lease_that_ran_out_is_taken_over() -> None:
    actions.owe(NOTE)
    first = claim()
    expire()
    second = claim()
    assert (second.pk, second.attempts) == (first.pk, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "report",
    [
        leases.succeed,
        leases.extend,
        lambda promise: leases.fail(promise, "it failed"),
        lambda promise: leases.give_up(promise, "hopeless"),
        lambda promise: leases.postpone(promise, 1),
    ],
)
def test_a_worker_that_lost_its_lease_changes_nothing(report) -> None:  # type: ignore[no-untyped-def]  # five verbs
    actions.owe(NOTE)
    late = claim()
    expire()
    now_its_worker = claim()
    before = Promise.objects.values().get()
    assert not report(late)
    assert Promise.objects.values().get() == before
    assert leases.succeed(now_its_worker)
    assert not report(late)


@pytest.mark.django_db
def test_extending_keeps_the_lease() -> None:
    actions.owe(NOTE)
    running = claim()
    expire()
    assert leases.extend(running)
    assert leases.claim() is None


@pytest.mark.django_db
def test_the_most_urgent_promise_comes_first_then_the_oldest() -> None:
    for name, priority in [("a", 0), ("b", -5), ("c", 10), ("d", 0)]:
        actions.owe(NOTE, name, priority=priority)
    assert [claim().args[0] for _ in range(4)] == ["c", "a", "d", "b"]


@pytest.mark.django_db
def test_a_promise_for_later_is_not_due() -> None:
    actions.owe(NOTE, run_after=timezone.now() + timedelta(hours=1))
    assert leases.claim() is None


@pytest.mark.django_db
def test_a_failed_promise_waits_and_is_tried_again() -> None:
    actions.owe(NOTE)
    assert leases.fail(claim(), "it failed")
    assert leases.claim() is None
    wait_is_over()
    assert claim().failures == 1


@pytest.mark.django_db
def test_a_promise_that_fails_for_days_is_given_up_and_shown() -> None:
    actions.owe(NOTE)
    for _ in range(rules.MAX_ATTEMPTS):
        assert leases.fail(claim(), "builtins.OSError")
        wait_is_over()
    assert leases.claim() is None
    shown = Promise.objects.given_up().get()
    assert shown.ended_at
    assert shown.error == "builtins.OSError"


@pytest.mark.django_db
def test_running_later_is_not_failing() -> None:
    actions.owe(NOTE)
    for _ in range(rules.MAX_ATTEMPTS + 5):
        assert leases.postpone(claim(), 60)
        wait_is_over()
    assert Promise.objects.get().failures == 0


@pytest.mark.django_db
def test_a_promise_that_keeps_losing_its_worker_waits_before_it_takes_another() -> None:
    actions.owe(NOTE)
    before = timezone.now()
    for _ in range(rules.LOSSES_AT_ONCE + 1):
        claim()
        expire()
    assert leases.claim() is None, "the poisoned promise was put back"
    poisoned = Promise.objects.get()
    assert poisoned.leased_until is None
    assert poisoned.run_at > before + timedelta(seconds=5)


@given(st.integers(1, 1000), st.randoms())
def test_the_wait_doubles_up_to_six_hours(failures: int, rng: random.Random) -> None:
    seconds = rules.back_off(failures, rng).total_seconds()
    longest = min(2.0 ** min(failures, 100), 6 * 3600)
    assert 0.75 * longest <= seconds <= longest


def test_giving_up_takes_days() -> None:
    rng = random.Random(1)
    total = sum((rules.back_off(n, rng) for n in range(1, rules.MAX_ATTEMPTS)), timedelta())
    assert timedelta(days=4) < total < timedelta(days=8)


def test_an_error_is_remembered_by_its_class_and_place_never_by_its_words() -> None:
    try:
        chores.break_quoting("what a victim wrote")
    except ValueError as error:
        outline = rules.outline(error)
    assert outline == "builtins.ValueError from builtins.KeyError"


def test_an_error_in_our_own_code_names_its_line() -> None:
    try:
        rules.back_off("no number", random.Random(1))  # type: ignore[arg-type]
    except TypeError as error:
        assert rules.outline(error).startswith("builtins.TypeError at staydown.promises.rules:")
