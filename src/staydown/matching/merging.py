"""When shelves and full tails are put together into one, so that a search has few to look into."""

from collections.abc import Sequence
from dataclasses import dataclass

from staydown.matching.shelf import Shelf, Tail
from staydown.matching.snapshot import Snapshot, content
from staydown.matching.types import Ids, Words

SMALL = 16_384  # rows that are quicker looked through than looked up
FEWER = 16  # a shelf that many times larger than all after it is left alone: 10 million rows then lie on three


@dataclass(frozen=True, slots=True)
class Merge:
    """What shall become one shelf, and the version of it that is taken."""

    parts: tuple[Shelf | Tail, ...]
    counts: tuple[int, ...]
    version: int

    def content(self) -> tuple[Ids, Words]:
        """The ids of the parts that counted at the version, ascending, and their shuffled words."""
        return content(self.parts, self.counts, self.version)


def wanted(now: Snapshot) -> Merge | None:
    """What to put together now, if anything. The last tail is still being written and stays."""
    full = now.tails[:-1]
    first = _first([len(shelf) for shelf in now.shelves], sum(tail.length for tail in full))
    worn = [place for place, shelf in enumerate(now.shelves) if shelf.gone > max(SMALL, len(shelf) // 4)]
    first = min([first, *worn])
    parts: tuple[Shelf | Tail, ...] = (*now.shelves[first:], *full)
    if not full and len(parts) < 2 and not worn:
        return None
    return Merge(parts, now.counts[first : len(now.counts) - 1], now.version)


def _first(sizes: Sequence[int], after: int) -> int:
    """From which shelf on, of some sizes, descending, they are merged with so many rows after them."""
    first = len(sizes)
    if not after and sizes:
        first, after = first - 1, sizes[-1]
    while first and sizes[first - 1] <= FEWER * after:
        first -= 1
        after += sizes[first]
    return first
