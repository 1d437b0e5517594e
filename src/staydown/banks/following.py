"""The bank in this process's memory, brought up to date from the table before each use: never stale."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest

import numpy as np
import numpy.typing as npt
from django.utils import timezone

from staydown.banks import rules
from staydown.banks.kept import Kept
from staydown.banks.models import BankChange, Entry, Fingerprint, policy_of
from staydown.banks.rules import EntryState, Hit
from staydown.banks.seeing import Forms, Found, Seen
from staydown.banks.shelving import Windows
from staydown.fingerprints import LOOKED_UP, Evidence, descriptor
from staydown.matching import Descriptors

CANDIDATES = 12  # entries verified for one picture, at most
NOWHERE = 256  # the distance of what is not within `LOOKED_UP` bits


@dataclass(frozen=True, slots=True)
class Looked:
    """The evidence for every candidate entry, as of a generation of the bank: {seq: evidence}."""

    generation: int
    evidence: dict[int, Evidence] = field(default_factory=dict)


class BankIndex:
    """The followed entries, in memory. Every lookup first reads the changes committed since the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms = Forms()
        self._entries: dict[int, Entry] = {}  # by the fingerprint's seq
        self._digests: dict[bytes, set[int]] = {}  # of every kind: each is under a key of its own
        self._windows = Windows.none()
        self._descriptors = Descriptors()
        self._has_descriptor: set[int] = set()
        self._stored: dict[int, Kept] = {}  # of those on the shelf
        self.generation = 0

    def look(self, seen: Seen) -> Looked:
        """Verify the entries that a picture may hold. Milliseconds each: done before a transaction is opened."""
        with self._lock:
            self._follow()
            generation, windows, stored = self.generation, self._windows, self._stored.copy()
            near = self._forms.near(seen.kept.upright + seen.kept.negatives, LOOKED_UP)
        by_turns = zip_longest(windows.alike(seen, CANDIDATES), self._described(seen))
        ranked = [*sorted(near, key=near.__getitem__), *chain.from_iterable(by_turns)]
        candidates = [seq for seq in dict.fromkeys(ranked) if seq in stored][:CANDIDATES]
        return Looked(generation, {seq: seen.evidence(stored[seq]) for seq in candidates})

    def _described(self, seen: Seen) -> list[int]:
        """The entries whose descriptor is near, the nearest first."""
        found = self._descriptors.search(descriptor.levels(seen.descriptors), descriptor.CANDIDATE)
        return [int(found.id[place]) for place in np.argsort(-found.similarity, kind="stable")]

    def find(self, seen: Seen, looked: Looked | None = None) -> list[Found]:
        """Every entry that the picture resembles as of what is committed now; `rules.counts` says which are matches.

        What was `looked` at before is used when the bank has not changed since.
        """
        while True:
            with self._lock:
                self._follow()
                if looked is not None and looked.generation == self.generation:
                    return self._found(seen, looked)
            looked = self.look(seen)

    def resembled(self, forms: npt.NDArray[np.uint8], digests: Sequence[tuple[bytes, ...]]) -> list[int]:
        """Which of very many pictures `find` may find something for: by a form of each (n x 32) and its keyed digests."""
        with self._lock:
            self._follow()
            same = {place for place, each in enumerate(digests) if self._having(each)}
            return sorted(self._forms.joined(forms) | same)

    def _found(self, seen: Seen, looked: Looked) -> list[Found]:
        distances = dict.fromkeys(looked.evidence, NOWHERE) | self._forms.near(seen.forms)
        same, forgeable = self._having(seen.same), self._having(seen.others.forgeable)
        distances = dict.fromkeys(forgeable, NOWHERE) | distances | dict.fromkeys(same, 0)
        found = []
        for seq, distance in distances.items():
            entry = self._entries[seq]
            quality = min(seen.quality, entry.fingerprint.quality)
            state, told = EntryState(entry.state), looked.evidence.get(seq)
            hit = Hit(state, seq in same, distance, quality, told, policy_of(entry), seq in forgeable, _settling(entry))
            found.append(Found(entry.pk, hit))
        return found

    def _having(self, digests: Sequence[bytes]) -> set[int]:
        """The entries that have one of these digests."""
        return set().union(*(self._digests.get(digest, ()) for digest in digests))

    def _follow(self) -> None:
        changes = BankChange.objects.filter(generation__gt=self.generation).order_by("generation")
        for change in changes.select_related("entry__fingerprint"):
            self._apply(change)
            self.generation = change.generation

    def _apply(self, change: BankChange) -> None:
        row = change.entry.fingerprint
        known, state = row.seq in self._entries, EntryState(change.state)
        if state in rules.FOLLOWED:
            if not known:
                self._add(row)
            self._entries[row.seq] = change.entry
            change.entry.state = change.state  # the row may already be further than this change
        elif known:
            self._drop(row)
        self._shelve(row, state)

    def _add(self, row: Fingerprint) -> None:
        self._forms.add(row.seq, row.kept().turned)
        for digest in row.same + row.forgeable:
            self._digests.setdefault(digest, set()).add(row.seq)

    def _drop(self, row: Fingerprint) -> None:
        self._forms.remove(row.seq)
        del self._entries[row.seq]
        for digest in row.same + row.forgeable:
            self._digests[digest].discard(row.seq)

    def _shelve(self, row: Fingerprint, state: EntryState) -> None:
        """Parts are compared only with those of entries that may hold by them."""
        there = row.seq in self._stored
        if state not in rules.CONFIRMED or row.quality < rules.QUALITY:
            self._unshelve(row.seq)
        elif not there and (kept := row.kept()).windows:
            self._stored[row.seq] = kept
            self._windows = self._windows.having({row.seq: kept.windows})
            if kept.descriptors:
                self._descriptors.add([row.seq], descriptor.levels(kept.descriptors[:1]))
                self._has_descriptor.add(row.seq)

    def _unshelve(self, seq: int) -> None:
        self._stored.pop(seq, None)
        self._windows = self._windows.without(seq)
        if seq in self._has_descriptor:
            self._has_descriptor.remove(seq)
            self._descriptors.remove([seq])


def _settling(entry: Entry) -> bool:
    return entry.blocks_from is not None and timezone.now() < entry.blocks_from


bank = BankIndex()
