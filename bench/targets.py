"""What matching was to reach at ten million hashes, and what was measured at the largest number of this run."""

from collections.abc import Iterator
from typing import Protocol

from bench.contenders import Staydown, ThreatExchange
from bench.measuring import Figures
from bench.ours import Own

MICRO = 1e-6


class Group(Protocol):
    size: int
    real: bool
    figures: dict[str, Figures | None]
    own: Own | None


def rows(groups: list[Group]) -> list[str]:
    """The table in Markdown; empty until Staydown and the peer were measured at the largest number."""
    uniform, real = (
        max((each for each in groups if each.real is kind), key=_size, default=None) for kind in (False, True)
    )
    mine, peer = (uniform.figures.get(name) if uniform else None for name in (Staydown.name, ThreatExchange.name))
    if uniform is None or mine is None or peer is None:
        return []
    found = [*_of(mine, peer), *_of_own(uniform.own, peer)]
    shown = real.figures.get(Staydown.name) if real else None
    if shown:
        for what, seconds in (
            ("p99 on real hashes, flat ones among them", shown.one.p99),
            ("the same, each query's middle one of five", shown.one.p99_middle),
        ):
            found.append((what, "≤ 100 µs", *_most(seconds, 100 * MICRO)))
    told = [f"| {what} | {target} | {value} | {'yes' if met else 'no'} |" for what, target, value, met in found]
    title = f"## What was to be reached at 10,000,000, here at {uniform.size:,}"
    return [title, "", "| what | target | measured | reached |", "|---|---|---|---|", *told, ""]


def _size(group: Group) -> int:
    return group.size


def _of(mine: Figures, peer: Figures) -> Iterator[tuple[str, str, str, bool]]:
    """Side by side with the peer."""
    yield "one query, p50", "≤ 35 µs", *_most(mine.one.p50, 35 * MICRO)
    yield "the same, against the peer", "≥ 100 ×", *_least(peer.one.p50 / mine.one.p50, 100)
    yield "batch, 1 thread, against the peer", "≥ 150 ×", *_least(mine.rate_1 / peer.rate_1, 150)
    yield "batch, 2 threads, against 1", "≥ 1.8 ×", *_least(mine.rate_2 / mine.rate_1, 1.8)
    yield "build, against the peer", "≥ 15 ×", *_least(peer.build / mine.build, 15)
    yield "recall", "1", f"{mine.recall:.6g}", mine.recall == 1 and not mine.beyond


def _of_own(own: Own | None, peer: Figures) -> Iterator[tuple[str, str, str, bool]]:
    """What only Staydown was measured for."""
    if own is None:
        return
    yield "bytes a hash in all", "≤ 135", f"{own.in_memory:.1f}", own.in_memory <= 135
    yield "attaching", "≤ 50 ms", *_most(own.attaching, 0.05)
    yield "cold opening", "≤ 3 s", *_most(own.opening, 3)
    yield f"join with {own.asked:,}", "≤ 8 s", *_most(min(own.joins.values()), 8)
    first = own.engines[0]
    for each in own.engines:
        if each.name == "numba":
            yield "twin in numba, p50 against the peer", "≥ 30 ×", *_least(peer.one.p50 / each.p50, 30)
            yield "twin in numba, batch against the peer", "≥ 30 ×", *_least(each.rate / peer.rate_1, 30)
        if "AVX2" in each.name:
            yield "AVX2, p50 against the quickest", "≤ 1.5 ×", *_at_most(each.p50 / first.p50, 1.5)
            yield "AVX2, batch against the quickest", "≤ 1.5 ×", *_at_most(first.rate / each.rate, 1.5)


def _most(seconds: float, target: float) -> tuple[str, bool]:
    told = (
        f"{seconds:.3g} s"
        if seconds >= 1
        else f"{seconds * 1e3:.3g} ms"
        if seconds >= 1e-3
        else f"{seconds / MICRO:.3g} µs"
    )
    return told, seconds <= target


def _at_most(ratio: float, target: float) -> tuple[str, bool]:
    return f"{ratio:.3g} ×", ratio <= target


def _least(ratio: float, target: float) -> tuple[str, bool]:
    return f"{ratio:.3g} ×", ratio >= target
