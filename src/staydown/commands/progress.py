"""A progress bar for people who watch a terminal; nobody else gets one."""

import sys
import time
from collections.abc import Iterable, Iterator

WIDTH = 30  # characters of the bar
EVERY = 0.1  # seconds


def shown[T](things: Iterable[T], total: int) -> Iterator[T]:
    """The same things; on standard error, when it is a terminal, how many there were, how fast, and how long yet."""
    if not sys.stderr.isatty():
        yield from things
        return
    began = said = time.monotonic()
    for done, thing in enumerate(things, 1):
        yield thing
        now = time.monotonic()
        if now - said > EVERY or done == total:
            said = now
            print(f"\r{line(done, total, now - began)}\033[K", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def line(done: int, total: int, seconds: float) -> str:
    """The bar, the count, the rate and the time left."""
    rate = done / max(seconds, 1e-6)
    filled = WIDTH * done // max(total, 1)
    left = round((total - done) / rate)
    return f"[{'█' * filled}{'·' * (WIDTH - filled)}] {done}/{total}  {rate:.0f}/s  {left // 60}:{left % 60:02} left"
