"""The bank in this process's memory, brought up to date from the table before each use: never stale."""

import threading
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, zip_longest

import numpy as np
import numpy.typing as npt
from django.conf import settings

from staydown.banks import changes, rules
from staydown.banks.changes import Change, Known
from staydown.banks.kept import WITH_FILM, Kept
from staydown.banks.models import policy_for
from staydown.banks.rules import EntryState, Hit
from staydown.banks.seeing import Forms, Found, Seen
from staydown.banks.shelving import Windows
from staydown.banks.showing import Films
from staydown.banks.spread import SpreadForms
from staydown.cluster.answers import merged
from staydown.fingerprints import LOOKED_UP, Evidence, Passage, descriptor, footage
from staydown.matching import ApproximateDescriptors, Matches

CANDIDATES = 12  # entries verified for one picture, at most
NOWHERE = 256  # the distance of what is not within `LOOKED_UP` bits


@dataclass(frozen=True, slots=True)
class Looked:
    """The evidence for every candidate entry, and passages of films, as of a generation of the bank: {seq: ...}."""

    generation: int
    evidence: dict[int, Evidence] = field(default_factory=dict)
    passages: dict[int, Passage] = field(default_factory=dict)


class BankIndex:
    """The followed entries, in memory. Every lookup first reads the changes committed since the last one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[int, Known] = {}  # by the fingerprint's seq
        self._hashes = Forms()  # of those that are not among `_pictures`
        self._digests: dict[bytes, tuple[int, ...]] = {}  # of every kind: each is under a key of its own
        self._windows = Windows.none()
        self._descriptors = ApproximateDescriptors()
        self._has_descriptor: set[int] = set()
        self._stored: dict[int, Kept] = {}  # of those on the shelf; changed by replacing
        self._films = Films()
        self.generation = 0

    @cached_property
    def _pictures(self) -> Forms:
        """Of those that may be verified: here those that have windows, in a cluster all that are not only watched for."""
        return SpreadForms() if settings.CLUSTER else Forms()

    def _is_apart(self, change: Change, kept: Kept) -> bool:
        spread = isinstance(self._pictures, SpreadForms)
        return change.known.state is EntryState.PROPOSED if spread else not kept.windows

    def search(self, forms: npt.NDArray[np.uint8]) -> Matches:
        """Every form of a followed entry within the matching distance of each of n x 32 uint8: for audits."""
        with self._lock:
            self._follow()
            found = [self._pictures.search(forms), self._hashes.search(forms)]
            return merged(found, self.generation, complete=True)

    def look(self, seen: Seen) -> Looked:
        """Verify the entries that a picture may hold. Milliseconds each: done before a transaction is opened."""
        with self._lock:
            self._follow()
            generation, windows, stored, films = self.generation, self._windows, self._stored, self._films
            if not stored or not seen.verifiable:
                return Looked(generation, passages=films.passages(seen.film))
            near = self._pictures.near(seen.kept.upright + seen.kept.negatives, LOOKED_UP)
        by_turns = zip_longest(windows.alike(seen, CANDIDATES), self._described(seen))
        ranked = [*sorted(near, key=near.__getitem__), *chain.from_iterable(by_turns)]
        candidates = [seq for seq in dict.fromkeys(ranked) if seq in stored][:CANDIDATES]
        evidence = {seq: seen.evidence(stored[seq]) for seq in candidates}
        return Looked(generation, evidence, films.passages(seen.film))

    def _described(self, seen: Seen) -> list[int]:
        """Entries whose descriptor is near, the nearest first; of very many, those that a graph proposes (decision 0021).

        Never the only way to a candidate: wholes within `LOOKED_UP` bits and windows are each sought exactly.
        """
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

    def resembled(self, forms: npt.NDArray[np.uint8], digests: Sequence[tuple[bytes, ...]] = ()) -> list[int]:
        """Which of many pictures `find` may find something for: by a form of each (n x 32) and its keyed digests.

        Not for pictures whose windows are known: what only these tell is not among it.
        """
        with self._lock:
            self._follow()
            same = {place for place, each in enumerate(digests) if self._having(each)}
            return sorted(self._pictures.joined(forms) | self._hashes.joined(forms) | same)

    def _found(self, seen: Seen, looked: Looked) -> list[Found]:
        near = self._pictures.near(seen.forms) | self._hashes.near(seen.forms)
        same, forgeable = self._having(seen.same), self._having(seen.others.forgeable)
        distances = dict.fromkeys((*forgeable, *looked.evidence, *looked.passages), NOWHERE)
        distances |= near | dict.fromkeys(same, 0)
        found = []
        for seq, distance in distances.items():
            entry, told = self._known[seq], looked.evidence.get(seq)
            quality, policy = min(seen.quality, entry.quality), policy_for(entry.harm)
            passage = looked.passages.get(seq)
            hit = Hit(
                entry.state, seq in same, distance, quality, told, policy, seq in forgeable, passage, entry.settling
            )
            found.append(Found(entry.entry_id, hit))
        return found

    def _having(self, digests: Iterable[bytes]) -> set[int]:
        """The entries that have one of these digests."""
        return {seq for digest in digests for seq in self._digests.get(digest, ())}

    def _follow(self) -> None:
        for some in changes.after(self.generation):
            self._apply({change.seq: change for change in some})  # the last word on each
            self.generation = some[-1].generation
        self._pictures.reach(self.generation)

    def _apply(self, some: dict[int, Change]) -> None:
        """What some entries became, all together: an index takes in thousands for little more than one."""
        less = {seq: change for seq, change in some.items() if seq in self._known and self._was_confirmed(change)}
        gone = {seq: change for seq, change in some.items() if seq in self._known and not change.followed} | less
        new = {seq: change for seq, change in some.items() if seq not in self._known and change.followed} | less
        kept = {seq: change.kept() for seq, change in new.items()}
        apart = {seq for seq, each in kept.items() if self._is_apart(new[seq], each)}
        self._pictures.change({seq: each.turned for seq, each in kept.items() if seq not in apart}, gone)
        self._hashes.change({seq: each.turned for seq, each in kept.items() if seq in apart}, gone)
        self._forget_digests(gone, less)
        for seq, change in new.items():
            for digest in change.digests:
                self._digests[digest] = (*self._digests.get(digest, ()), seq)
        for seq in gone:
            del self._known[seq]
        self._known |= {seq: change.known for seq, change in some.items() if change.followed}
        self._unshelve([seq for seq, change in some.items() if seq in less or not change.known.verified])
        missing = {seq: change for seq, change in some.items() if change.known.verified and seq not in self._stored}
        self._shelve({seq: kept.get(seq) or change.kept() for seq, change in missing.items()})
        self._show(some, set(less))

    def _was_confirmed(self, change: Change) -> bool:
        """Whether a person has confirmed what was only watched for: less of it may stand since (`banks.agreeing`)."""
        watched = self._known[change.seq].state is EntryState.PROPOSED
        return watched and change.followed and change.known.state is not EntryState.PROPOSED

    def _forget_digests(self, gone: dict[int, Change], less: dict[int, Change]) -> None:
        """Of what there is less of, the row no longer says which digests it had."""
        had = {digest for seq, change in gone.items() if seq not in less for digest in change.digests}
        had |= {digest for digest, seqs in self._digests.items() if not less.keys().isdisjoint(seqs)} if less else set()
        for digest in had:
            self._digests[digest] = tuple(seq for seq in self._digests[digest] if seq not in gone)

    def _show(self, some: dict[int, Change], less: Set[int]) -> None:
        """Films are compared with those of entries that are not frozen; of one that a person confirmed there may be less."""
        known, films = set(self._films.seqs), {seq: each for seq, each in some.items() if each.layout == WITH_FILM}
        shown = {seq for seq, change in films.items() if change.known.state in rules.ACTIVE}
        gone, new = films.keys() & known - (shown - less), (shown & less) | (shown - known)
        if gone or new:
            self._films = self._films.changed({seq: footage.unpack(films[seq].kept().film) for seq in new}, gone)

    def _shelve(self, kept: dict[int, Kept]) -> None:
        """Parts are compared only with those of entries that may hold by them."""
        kept = {seq: each for seq, each in kept.items() if each.windows}
        described = {seq: each.descriptor for seq, each in kept.items() if each.descriptor}
        self._windows = self._windows.having({seq: each.windows for seq, each in kept.items()})
        if kept:
            self._stored = self._stored | kept
        if described:
            self._descriptors.add(list(described), descriptor.levels(described.values()))
            self._has_descriptor |= set(described)

    def _unshelve(self, seqs: Iterable[int]) -> None:
        leaving = {seq for seq in seqs if seq in self._stored}
        if leaving:
            self._stored = {seq: each for seq, each in self._stored.items() if seq not in leaving}
        for seq in leaving:
            self._windows = self._windows.without(seq)
        if described := self._has_descriptor & leaving:
            self._has_descriptor -= described
            self._descriptors.remove(sorted(described))


bank = BankIndex()
