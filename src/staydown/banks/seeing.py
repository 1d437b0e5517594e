"""What the bank is shown and what it answers: a picture as it is seen, an entry that it resembles."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt

from staydown.banks import policy
from staydown.banks.digests import NONE, OtherDigests, there
from staydown.banks.kept import Kept
from staydown.banks.models import Fingerprint
from staydown.banks.rules import Hit
from staydown.fingerprints import NOTHING, Evidence, ImageFingerprints, likened, resting, verify
from staydown.matching import Index

_FORMS = 128  # room for the forms of one picture in an index: the number of each is seq * 128 + its place


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture looks like to the bank: what is kept of it, its quality, its keyed digests.

    `made` is there while the picture itself is: only then are all its windows to be had.
    """

    kept: Kept
    quality: int
    exact: bytes | None
    made: ImageFingerprints | None = None
    others: OtherDigests = NONE

    @classmethod
    def of(cls, row: Fingerprint) -> "Seen":
        exact, bare, sha1, md5 = (
            bytes(digest) if digest else None for digest in (row.exact, row.bare, row.sha1, row.md5)
        )
        return cls(row.kept(), row.quality, exact, others=OtherDigests(bare, sha1, md5))

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
        self._index.add(ids_of(seq, len(forms)), rows_of(forms))
        self._counts[seq] = len(forms)

    def remove(self, seq: int) -> None:
        """Take a picture out."""
        self._index.remove(ids_of(seq, self._counts.pop(seq)))

    def near(self, forms: Sequence[bytes], radius: int = policy.RADIUS) -> dict[int, int]:
        """{seq: smallest distance} of every picture within the radius of any of the forms."""
        matches = self._index.search(rows_of(forms), radius).whole()
        best: dict[int, int] = {}
        for number, distance in zip(matches.id.tolist(), matches.distance.tolist(), strict=True):
            seq, _ = seq_of(number)
            best[seq] = min(distance, best.get(seq, distance))
        return best

    def joined(self, forms: npt.NDArray[np.uint8]) -> set[int]:
        """Which of very many forms (n x 32) are within the radius of any picture."""
        return set(self._index.join(forms).whole().query.tolist())


def ids_of(seq: int, count: int) -> npt.NDArray[np.uint64]:
    """The numbers under which an index holds the forms of one picture."""
    return np.arange(seq * _FORMS, seq * _FORMS + count, dtype=np.uint64)


def seq_of(number: int) -> tuple[int, int]:
    """Whose form a number is, and in which place."""
    return divmod(number, _FORMS)


def rows_of(forms: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    """Forms as the n x 32 that an index takes."""
    return np.frombuffer(b"".join(forms) or bytearray(), np.uint8).reshape(-1, 32)
