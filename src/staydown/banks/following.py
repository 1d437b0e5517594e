"""The matching indexes of this process, brought up to date from the tables before each use: never stale."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from staydown.banks import rules, segments
from staydown.banks.models import BankChange, Entry, Fingerprint
from staydown.banks.rules import EntryState, Hit
from staydown.matching import Changes, Index
from staydown.vault import fingerprints as sealed

RADIUS = rules.RADIUS
BATCH = 5000  # rows read at once


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture looks like to the bank: its forms (as it is first), its quality, its keyed exact digest."""

    forms: tuple[bytes, ...]
    quality: int
    exact: bytes | None

    @classmethod
    def of(cls, row: Fingerprint) -> "Seen":
        return cls(row.forms(), row.quality, bytes(row.exact) if row.exact else None)


@dataclass(frozen=True, slots=True)
class Found:
    """A bank entry that a picture resembles."""

    entry_id: UUID
    hit: Hit


def nearest(index: Index, forms: Iterable[bytes]) -> dict[int, int]:
    """For every id within the radius of any of the forms, the smallest distance."""
    queries = np.frombuffer(b"".join(forms), dtype=np.uint8).reshape(-1, 32)
    matches = index.search(queries)
    best: dict[int, int] = {}
    for seq, distance in zip(matches.id.tolist(), matches.distance.tolist(), strict=True):
        best[seq] = min(distance, best.get(seq, distance))
    return best


class BankIndex:
    """The active entries, in memory. Every lookup first reads the changes committed since the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._index = Index(radius=RADIUS)
        self._entries: dict[int, Entry] = {}  # by the fingerprint's seq
        self._exact: dict[bytes, set[int]] = {}
        self.generation = 0

    def find(self, seen: Seen) -> list[Found]:
        """Every active entry within the distance, or of the same bytes, as of what is committed now."""
        with self._lock:
            self._follow()
            distances = nearest(self._index, seen.forms)
            same = self._exact.get(seen.exact, set()) if seen.exact else set()
            distances |= dict.fromkeys(same, 0)
            return [self._found(seen, seq, distance, seq in same) for seq, distance in distances.items()]

    def _found(self, seen: Seen, seq: int, distance: int, exact: bool) -> Found:
        entry = self._entries[seq]
        quality = min(seen.quality, entry.fingerprint.quality)
        return Found(entry.pk, Hit(EntryState(entry.state), exact, distance, quality))

    def _follow(self) -> None:
        changes = BankChange.objects.filter(generation__gt=self.generation).order_by("generation")
        for change in changes.select_related("entry__fingerprint"):
            self._apply(change)
            self.generation = change.generation

    def _apply(self, change: BankChange) -> None:
        row = change.entry.fingerprint
        known = row.seq in self._entries
        if EntryState(change.state) in rules.FOLLOWED:
            if not known:
                self._add(row)
            self._entries[row.seq] = change.entry
            change.entry.state = change.state  # the row may already be further than this change
        elif known:
            self._drop(row)

    def _add(self, row: Fingerprint) -> None:
        self._index.add(np.array([row.seq], np.uint64), np.frombuffer(row.forms()[0], np.uint8).reshape(1, 32))
        if row.exact:
            self._exact.setdefault(bytes(row.exact), set()).add(row.seq)

    def _drop(self, row: Fingerprint) -> None:
        self._index.remove(np.array([row.seq], np.uint64))
        del self._entries[row.seq]
        if row.exact:
            self._exact[bytes(row.exact)].discard(row.seq)


class CatalogueIndex:
    """The fingerprints of everything registered, followed up to a number below which all rows are committed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start: segments.Start | None = None
        self._seq = 0

    def near(self, seen: Seen, upto: int) -> dict[int, int]:
        """{fingerprint seq: distance} of the catalogue up to `upto`; later rows met the entry when they registered."""
        return nearest(self.upto(upto), seen.forms)

    def upto(self, upto: int) -> Index:
        """The index, with every row up to `upto`."""
        with self._lock:
            if self._start is None:
                self._start = segments.start("catalogue", RADIUS)
                self._seq = self._start.index.generation
            for changes, seq in added_between(self._seq, upto):
                self._start.index.apply(changes, seq)
                self._seq = seq
            return self._start.index


def added_between(seq: int, upto: int) -> Iterator[tuple[Changes, int]]:
    """The rows of the catalogue after one number up to another, some thousands at a time, and the last number of each."""
    while rows := list(
        Fingerprint.objects.filter(seq__gt=seq, seq__lte=upto)
        .order_by("seq")
        .values_list("seq", "forms_sealed")[:BATCH]
    ):
        ids = np.array([seq for seq, _ in rows], np.uint64)
        canonical = b"".join(sealed.unseal(forms)[0] for _, forms in rows)
        seq = rows[-1][0]
        yield Changes(added=ids, fingerprints=np.frombuffer(canonical, np.uint8).reshape(-1, 32)), seq


bank = BankIndex()
catalogue = CatalogueIndex()
