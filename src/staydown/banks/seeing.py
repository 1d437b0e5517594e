"""What the bank is shown and what it answers: a picture as it is seen, an entry that it resembles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from staydown.banks import policy
from staydown.banks.digests import NONE, OtherDigests, there
from staydown.banks.kept import Kept
from staydown.banks.models import Fingerprint
from staydown.banks.rules import Hit
from staydown.fingerprints import (
    NOTHING,
    Evidence,
    FilmFingerprints,
    ImageFingerprints,
    footage,
    likened,
    resting,
    verify,
)
from staydown.matching import Index, Matches

MANY = 10_000  # forms looked up at once: from here on it is quicker to join them
_FORMS = 128  # room for the forms of one picture in an index: the number of each is seq * 128 + its place


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture looks like to the bank: what is kept of it, its quality, its keyed digests.

    `made` is there while the picture itself is: only then are all its windows to be had. `film` is of what moves.
    """

    kept: Kept
    quality: int
    exact: bytes | None
    made: ImageFingerprints | None = None
    others: OtherDigests = NONE
    film: FilmFingerprints | None = None

    @classmethod
    def of(cls, row: Fingerprint) -> "Seen":
        exact, bare, sha1, md5 = (
            bytes(digest) if digest else None for digest in (row.exact, row.bare, row.sha1, row.md5)
        )
        kept = row.kept()
        film = footage.unpack(kept.film) if kept.film else None
        return cls(kept, row.quality, exact, others=OtherDigests(bare, sha1, md5), film=film)

    @property
    def same(self) -> tuple[bytes, ...]:
        """The digests that make a file the same picture."""
        return there(self.exact, self.others.bare)

    @property
    def forms(self) -> tuple[bytes, ...]:
        """What is looked up."""
        if self.made is None:
            return self.kept.forms
        return tuple(dict.fromkeys(self.made.turned + self.made.regions + self.made.misread))

    @property
    def verifiable(self) -> bool:
        """Whether there are windows, by which `evidence` may find anything."""
        return self.made is not None or bool(self.kept.windows)

    @property
    def descriptors(self) -> tuple[bytes, ...]:
        """Of the picture and, while it is there, its regions."""
        return self.kept.descriptors if self.made is None else self.made.descriptors

    def evidence(self, entry: Kept) -> Evidence:
        """What speaks for an entry, of which this was kept, being in this picture; nothing where no windows were."""
        if self.made is not None:
            return verify(self.made, entry.windows, entry.descriptor)
        if not self.kept.windows:
            return NOTHING
        return likened(resting.compared(self.kept.windows, entry.windows), self.descriptors, entry.descriptor)


@dataclass(frozen=True, slots=True)
class Found:
    """A bank entry that a picture resembles."""

    entry_id: UUID
    hit: Hit


class Forms:
    """An index of pictures by several forms each; a picture's number is its fingerprint's seq."""

    def __init__(self) -> None:
        self._index = Index(radius=policy.RADIUS)
        self._counts: dict[int, int] = {}

    def add(self, seq: int, forms: tuple[bytes, ...]) -> None:
        """Add a picture's forms."""
        self.change({seq: forms}, ())

    def change(self, added: Mapping[int, tuple[bytes, ...]], removed: Iterable[int]) -> None:
        """Take out those of some pictures that are here, then add others: {seq: forms}."""
        gone = [ids_of(seq, self._counts.pop(seq)) for seq in removed if seq in self._counts]
        if gone:
            self._index.remove(np.concatenate(gone))
        if added:
            ids = np.concatenate([ids_of(seq, len(forms)) for seq, forms in added.items()])
            self._index.add(ids, rows_of([form for forms in added.values() for form in forms]))
            self._counts.update((seq, len(forms)) for seq, forms in added.items())

    def reach(self, generation: int) -> None:
        """What was added and removed is all up to this generation of the bank."""

    def search(self, forms: npt.NDArray[np.uint8], radius: int = policy.RADIUS) -> Matches:
        """Each form of each picture within the radius of each of n x 32 uint8. Raises `Incomplete`."""
        return self._index.search(forms, radius).whole() if self._counts else Matches.none()

    def near(self, forms: Sequence[bytes], radius: int = policy.RADIUS) -> dict[int, int]:
        """{seq: smallest distance} of every picture within the radius of any of the forms. Raises `Incomplete`."""
        matches = self.search(rows_of(forms), radius)
        best: dict[int, int] = {}
        for number, distance in zip(matches.id.tolist(), matches.distance.tolist(), strict=True):
            seq, _ = seq_of(number)
            best[seq] = min(distance, best.get(seq, distance))
        return best

    def joined(self, forms: npt.NDArray[np.uint8]) -> set[int]:
        """Which of many forms (n x 32) are within the radius of any picture."""
        if not self._counts:
            return set()
        search = self._index.join if len(forms) >= MANY else self._index.search
        return set(search(forms).whole().query.tolist())


def ids_of(seq: int, count: int) -> npt.NDArray[np.uint64]:
    """The numbers under which an index holds the forms of one picture."""
    return np.arange(seq * _FORMS, seq * _FORMS + count, dtype=np.uint64)


def seq_of(number: int) -> tuple[int, int]:
    """Whose form a number is, and in which place."""
    return divmod(number, _FORMS)


def rows_of(forms: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    """Forms as the n x 32 that an index takes."""
    return np.frombuffer(b"".join(forms) or bytearray(), np.uint8).reshape(-1, 32)
