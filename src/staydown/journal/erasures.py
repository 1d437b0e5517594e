"""Whether every erased entry was erased by a recorded act, and every recorded erasure is one. Two bits an entry."""

from collections.abc import Iterator, Mapping
from typing import Any

from staydown.journal.actions import kept_of_erased
from staydown.journal.findings import Finding
from staydown.journal.models import Entry


class Erasures:
    """The erased entries met so far, and those that a recorded erasure names."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._erased = bytearray(size // 8 + 1)
        self._named = bytearray(size // 8 + 1)

    def met(self, index: int) -> None:
        """Entry `index` has no words any more."""
        self._erased[index >> 3] |= 1 << (index & 7)

    def named(self, by: int, facts: Mapping[str, Any]) -> Iterator[Finding]:
        """Entry `by` records an erasure: remember which, and check what stays readable of those."""
        indices = [index for index in facts["indices"] if 0 <= index < self._size]
        for index in indices:
            self._named[index >> 3] |= 1 << (index & 7)
        rows = Entry.objects.filter(index__in=indices).order_by("index").values_list("index", "at", "act")
        if kept_of_erased(list(rows)) != facts["kept"]:
            yield Finding("erased altered", by, "the time or act of an entry erased here is not what it was")

    def finish(self) -> Iterator[Finding]:
        """What was erased without a record, and what should be erased and is there (a restored copy, perhaps)."""
        for start, (erased, named) in enumerate(zip(self._erased, self._named, strict=True)):
            for bit in range(8) if erased != named else ():
                one = 1 << bit
                if erased & one and not named & one:
                    yield Finding("erased unrecorded", start * 8 + bit, "no act records that it was erased")
                if named & one and not erased & one:
                    yield Finding("not erased", start * 8 + bit, "it was erased once and is here again: erase it")
