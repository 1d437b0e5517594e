"""Work of which each share may be done by itself."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def by_threads[Share, Done](act: Callable[[Share], Done], shares: Sequence[Share], threads: int) -> list[Done]:
    """What comes of each share, by threads if there are several of both."""
    if min(threads, len(shares)) < 2:
        return [act(share) for share in shares]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, shares))
