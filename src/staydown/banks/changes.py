"""The changes of the bank as its index follows them: in the order of their commits, some thousands at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from staydown.banks import rules
from staydown.banks.digests import there
from staydown.banks.kept import Kept, unpack
from staydown.banks.models import BankChange
from staydown.banks.rules import EntryState
from staydown.vault import fingerprints as sealed

STEP = 5000  # changes read at once
COLUMNS = ("generation", "entry__fingerprint_id", "entry_id", "state", "entry__harm", "entry__blocks_from")
ROW = ("quality", "layout", "kept_sealed", "exact", "bare", "sha1", "md5")
LAST = f"SELECT MAX(generation) FROM {BankChange._meta.db_table}"  # noqa: S608  a table's own name


@dataclass(frozen=True, slots=True)
class Known:
    """What an index remembers of an entry that it follows: a million of them are in every process's memory."""

    entry_id: UUID
    state: EntryState
    harm: str
    quality: int
    blocks_from: datetime | None

    @property
    def settling(self) -> bool:
        """Whether it was raised so short a time ago that what resembles it is held still."""
        return self.blocks_from is not None and timezone.now() < self.blocks_from

    @property
    def verified(self) -> bool:
        """Whether parts of a picture may tell it: it is not frozen, and there is enough in it."""
        return self.state in rules.ACTIVE and self.quality >= rules.QUALITY


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one entry, and what its fingerprint's row says. `seq` is the fingerprint's."""

    generation: int
    seq: int
    known: Known
    layout: int
    kept_sealed: bytes
    digests: tuple[bytes, ...]  # of every kind

    @property
    def followed(self) -> bool:
        return self.known.state in rules.FOLLOWED

    def kept(self) -> Kept:
        """What is kept of the picture, opened."""
        return unpack(sealed.unseal(self.kept_sealed), self.layout)


def after(generation: int) -> Iterator[list[Change]]:
    """What was committed after a generation; nothing, for the price of one look, where that was the last."""
    while _last() > generation:
        changes = BankChange.objects.filter(generation__gt=generation).order_by("generation")
        rows = changes.values_list(*COLUMNS, *(f"entry__fingerprint__{name}" for name in ROW))[:STEP]
        some = [_of_row(row) for row in rows]
        yield some
        generation = some[-1].generation


def _last() -> int:
    """The last generation: asked before every lookup, and therefore without what a queryset costs."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        return cursor.fetchone()[0] or 0


def _of_row(row: tuple[Any, ...]) -> Change:
    generation, seq, entry_id, state, harm, blocks_from, quality, layout, kept_sealed, *digests = row
    known = Known(entry_id, EntryState(state), intern(harm), quality, blocks_from)
    return Change(generation, seq, known, layout, bytes(kept_sealed), there(*digests))
