"""The frame of every action: one transaction whose journal entries are written last, under the journal's lock.

Writing them last keeps that lock short and always the last one taken, so that two actions cannot wait for each other
through it. A database that finds two actions in each other's way (a deadlock) undoes one; it is then done again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps

from django.db import OperationalError, transaction

from staydown.journal import actions

TRIES = 4


@dataclass(slots=True)
class _Acting:
    lines: list[actions.Line] = field(default_factory=list)


_acting: ContextVar[_Acting | None] = ContextVar("staydown_acting", default=None)


class NotActing(RuntimeError):
    """A journal entry may only be written inside an action. Decorate the function with `@action`."""


def action[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one transaction: check, change, journal, promise; all of it or nothing."""

    @wraps(function)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        if _acting.get() is not None:
            with _inner():
                return function(*args, **kwargs)
        return _with_tries(lambda: _outermost(lambda: function(*args, **kwargs)))

    return acted


def _with_tries[R](act: Callable[[], R]) -> R:
    for attempt in range(1, TRIES):
        try:
            return act()
        except OperationalError as error:
            if "deadlock" not in str(error).lower() or transaction.get_connection().in_atomic_block:
                raise
            time.sleep(0.02 * attempt)
    return act()


def _outermost[R](act: Callable[[], R]) -> R:
    token = _acting.set(_Acting())
    try:
        with transaction.atomic():
            result = act()
            acting = _acting.get()
            actions.record_all(acting.lines if acting else [])
            return result
    finally:
        _acting.reset(token)


@contextmanager
def _inner() -> Iterator[None]:
    acting = _acting.get()
    before = len(acting.lines) if acting else 0
    try:
        with transaction.atomic():
            yield
    except BaseException:
        if acting:
            del acting.lines[before:]
        raise


def note(act: str, *, about: object, by: str, now: datetime, **facts: object) -> None:
    """Journal an act of the action under way: written with its commit. Facts hold no personal data."""
    acting = _acting.get()
    if acting is None:
        raise NotActing(NotActing.__doc__)
    acting.lines.append(actions.Line(act, about, by, now, facts))
