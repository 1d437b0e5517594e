"""The search itself, in C where a compiler was there when Staydown was installed, else by numba or numpy: the same answers."""

import contextlib
from collections.abc import Iterator
from functools import cache

from staydown.matching.kernel.interface import Engine, Nearness, Owned, Part, Ready
from staydown.matching.kernel.native import Native
from staydown.matching.kernel.plain import Plain
from staydown.matching.kernel.ring import Set, library

__all__ = ["Engine", "Native", "Nearness", "Owned", "Part", "Plain", "Ready", "Set", "best", "engines"]


def engines() -> Iterator[Engine]:
    """Every engine this machine can run, the quickest first; what only a slower one needs is imported when it is asked."""
    shared = library()
    yield from (Native(shared, each) for each in Set if shared.supports(each)) if shared else ()
    with contextlib.suppress(ImportError):  # the extra `jit` is not installed, or not for this Python or numpy
        from staydown.matching.kernel.jitted import Jitted

        yield Jitted()
    yield Plain()


@cache
def best() -> Engine:
    """The quickest engine this machine can run."""
    return next(engines())
