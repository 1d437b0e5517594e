"""Work beside searches and changes, in threads that are over before the interpreter is.

A thread that comes back from a library in C++ when the interpreter has gone is ended by force, and the library aborts the
process for it.
"""

import atexit
import threading
from collections.abc import Callable
from weakref import WeakSet

ending = threading.Event()
"""Set when the interpreter is about to go: begin nothing that takes long."""

_begun: WeakSet[threading.Thread] = WeakSet()


def begin(work: Callable[[], None], name: str) -> threading.Thread:
    """A thread that does the work, and is waited for at the end; it looks at `ending` between its steps."""
    thread = threading.Thread(target=_in_time, args=(work,), name=f"matching-{name}", daemon=True)
    _begun.add(thread)
    thread.start()
    return thread


def _in_time(work: Callable[[], None]) -> None:
    """Do it; once the main thread is over, pools of threads take no more work, and nobody waits for what comes of it."""
    try:
        work()
    except RuntimeError:
        if threading.main_thread().is_alive():
            raise


def _end() -> None:
    ending.set()
    for thread in list(_begun):
        if thread.is_alive():  # after a fork, the parent's are not
            thread.join()


atexit.register(_end)
