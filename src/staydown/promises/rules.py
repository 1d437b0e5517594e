"""How long a failed promise waits, when it is given up, and what of an error may be remembered. Pure."""

import random
from collections.abc import Iterator
from datetime import timedelta
from types import TracebackType

from staydown.promises.errors import PromiseError

MAX_ATTEMPTS = 40  # failures; with the waits below that is more than five days
LONGEST_WAIT = timedelta(hours=6)
LOSSES_AT_ONCE = 3  # workers a promise may lose before it waits, too: it may be what kills them
ERROR_LENGTH = 300
LOWEST = -100
URGENT = 10  # from this priority on a promise has a thread of its own, which slow ordinary work cannot occupy


def back_off(failures: int, rng: random.Random) -> timedelta:
    """The wait after the `failures`-th failure: 2**failures seconds, at most six hours, less up to a quarter.

    The jitter keeps promises that failed together (a platform was away) from coming back together.
    """
    longest = LONGEST_WAIT.total_seconds()
    return timedelta(seconds=min(2.0 ** min(failures, 20), longest) * rng.uniform(0.75, 1.0))


def outline(error: BaseException) -> str:
    """What may be remembered of an error: its class and place, and those of its causes; never its words.

    A message may quote what a victim wrote or where the far side lives. Only this package's own errors, whose text
    is code and ids, keep it.
    """
    return " from ".join(_one(each) for each in _causes(error))[:ERROR_LENGTH]


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(3):
        if current is None:
            return
        yield current
        current = current.__cause__


def _one(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    words = f" ({error})" if isinstance(error, PromiseError) and str(error) else ""
    return f"{kind}{words}{_place(error.__traceback__)}"


def _place(traceback: TracebackType | None) -> str:
    """The innermost line of ours, the worker's own aside: ` at staydown.cases.actions:41`."""
    place = ""
    while traceback:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("staydown.") and module != "staydown.promises.worker":
            place = f" at {module}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
