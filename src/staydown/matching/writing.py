"""One writer at a time, also across a fork: a child begins with no change half made, and waits for no lock.

A fork takes over memory as it is, with locks that other threads hold, and none of the threads. So it waits until no index
is being changed, and both processes go on from there (pthread_atfork(3)). Pools of threads take a lock of their own before
a fork, which a writer may need to finish. What is registered last is done first: they must be registered before this.
"""

import concurrent.futures.thread  # noqa: F401
import os
import threading
from types import TracebackType
from weakref import WeakSet


class Writing:
    """The right to change one index; a context manager. Whoever has it must not fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        with _gate:
            _all.add(self)

    def __enter__(self) -> None:
        with _gate:  # else one writer after another could keep a fork waiting
            pass
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()


_gate = threading.Lock()
_all: WeakSet[Writing] = WeakSet()
_waited_for: list[Writing] = []


def _before_a_fork() -> None:
    _gate.acquire()
    for each in list(_all):
        each._lock.acquire()
        _waited_for.append(each)


def _after_a_fork() -> None:
    while _waited_for:
        _waited_for.pop()._lock.release()
    _gate.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_a_fork, after_in_parent=_after_a_fork, after_in_child=_after_a_fork)
