"""The arithmetic of a tamper-evident journal: a Merkle tree (RFC 9162, section 2.1) over salted commitments. Pure.

Sizes and indices count leaves from 0. A tree is carried as its *peaks*: the roots of the perfect subtrees that its
size's binary digits name, largest first. They are all that is needed to append a leaf or to know the root.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from staydown.journal.errors import NotAFact

type Fact = str | int | bool | Sequence[Fact] | Mapping[str, Fact] | None

EMPTY_ROOT = hashlib.sha256().digest()
HEAD_DOMAIN = b"staydown journal head v1\n"  # no other message of ours begins so: a signature cannot be borrowed


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf that holds `data`."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """A growing tree: its size and its peaks."""

    size: int
    peaks: list[bytes]

    @classmethod
    def from_bytes(cls, size: int, peaks: bytes) -> "Frontier":
        """The tree whose peaks are stored one after the other, 32 bytes each."""
        return cls(size, [peaks[i : i + 32] for i in range(0, len(peaks), 32)])

    def to_bytes(self) -> bytes:
        """The peaks, one after the other."""
        return b"".join(self.peaks)

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash: O(log n), and O(1) on average."""
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            size >>= 1
        self.peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The root of the tree (`MTH` in the RFC)."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


@dataclass(frozen=True, slots=True)
class Act:
    """What one entry says. `facts` holds no personal data; `actor` and `about` are ids."""

    index: int
    at: datetime
    act: str
    actor: str
    about: str
    facts: Mapping[str, Fact]

    def canonical(self) -> bytes:
        """The bytes that are committed to. Raises `NotAFact`."""
        said: dict[str, Fact] = {
            "about": self.about,
            "act": self.act,
            "actor": self.actor,
            "at": moment(self.at),
            "facts": self.facts,
            "index": self.index,
        }
        return canonical(said)


def commitment(salt: bytes, act: bytes) -> bytes:
    """What the tree holds in the place of an act: without the salt it tells nothing, not even to a guesser."""
    return hashlib.sha256(salt + act).digest()


def head_message(size: int, root: bytes, signed_at: datetime) -> bytes:
    """What the journal's key signs."""
    return HEAD_DOMAIN + canonical({"root": root.hex(), "signed_at": moment(signed_at), "size": size})


def moment(at: datetime) -> str:
    """A moment as text, to the microsecond, in UTC: the same whichever database kept it. Raises `NotAFact`."""
    if at.tzinfo is None:
        raise NotAFact("a moment without a time zone is no moment")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical(said: Mapping[str, Fact]) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8."""
    try:
        return _encode(said).encode()
    except (TypeError, ValueError) as error:  # a lone surrogate is a ValueError
        raise NotAFact(str(NotAFact.__doc__)) from error


def checked(facts: Mapping[str, object]) -> dict[str, Fact]:
    """The facts, all of them of kinds that every database gives back alike. Raises `NotAFact`: 1e16, NUL, a UUID."""
    return {_text(key): _fact(value) for key, value in facts.items()}


def _fact(value: object) -> Fact:
    match value:
        case None | bool() | int():
            return value
        case str():
            return _text(value)
        case list() | tuple():
            return [_fact(each) for each in value]
        case dict():
            return checked(value)
    raise NotAFact(str(NotAFact.__doc__))


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise NotAFact(str(NotAFact.__doc__))
    return str(value)  # a StrEnum becomes plain text
