"""The search itself, in C where a compiler was there when Staydown was installed, else in numpy: the same answers."""

from functools import cache

from staydown.matching.kernel.interface import Engine, Nearness, Owned, Part, Ready
from staydown.matching.kernel.native import Native, Set, library
from staydown.matching.kernel.plain import Plain

__all__ = ["Engine", "Native", "Nearness", "Owned", "Part", "Plain", "Ready", "Set", "best", "engines"]


def engines() -> list[Engine]:
    """Every engine this machine can run, the quickest first."""
    shared = library()
    native: list[Engine] = [Native(shared, each) for each in Set if shared.supports(each)] if shared else []
    return [*native, Plain()]


@cache
def best() -> Engine:
    """The quickest engine this machine can run."""
    return engines()[0]
