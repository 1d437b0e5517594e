"""Opening released evidence, on the custodians' own machine: one identity of each group, and no deployment.

Originals are verified against their acquisition record while they are written; one that differs is not kept.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyrage

from staydown.vault.evidence import records
from staydown.vault.evidence.identities import Identity, opened, opened_by
from staydown.vault.evidence.packages import Original, Package
from staydown.vault.evidence.records import BadRecord, Record
from staydown.vault.whole_files import whole


class CannotOpen(ValueError):
    """These identities do not open this evidence. It takes one custodian of each group; check whose files these are."""


class Altered(ValueError):
    """This is not what was sealed: its SHA-256 differs from its acquisition record, or its ciphertext is damaged."""


class Writable(Protocol):
    """Where an original goes."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CaseIdentity:
    """A case's own identity, and the recipients (`age1…`) of the two people who opened it, the first group's first."""

    identity: pyrage.x25519.Identity
    by: tuple[str, str]


def case_identity(package: Package, people: Sequence[list[Identity]]) -> CaseIdentity:
    """The case's own identity, out of two envelopes, each opened by another person. Raises `CannotOpen`,
    and `TokenFailed` where a token said why it did not.
    """
    sealed = package.whole("case-key.age")
    for number, outer in enumerate(people):
        half, first = opened_by(sealed, outer)
        others = [each for place, each in enumerate(people) if place != number]
        for inner in others if half else ():
            private, second = opened_by(half or b"", inner)
            if private:
                return CaseIdentity(pyrage.x25519.Identity.from_str(private.decode()), (first, second))
    raise CannotOpen(CannotOpen.__doc__)


def record_of(package: Package, original: Original, identity: pyrage.x25519.Identity) -> Record:
    """The acquisition record of an original, as the journal has it. Raises `Altered` and `BadPackage`."""
    clear = opened(package.whole(original.record_name), identity)
    try:
        record = records.read(clear or b"")
    except BadRecord as error:
        raise Altered(f"{original.record_name}: {Altered.__doc__}") from error
    said = [
        e["facts"] for e in package.said["custody"]["entries"] if e["act"] == "evidence.sealed" and _about(e, original)
    ]
    if len(said) != 1 or said[0]["record"] != record.digest() or record.evidence != original.id:
        raise Altered(f"{original.record_name} is not the record that the journal has. {Altered.__doc__}")
    return record


def _about(entry: dict[str, str], original: Original) -> bool:
    return entry["about"] == f"evidence.evidence:{original.id}"


def reason_of(package: Package, identity: pyrage.x25519.Identity) -> str:
    """Why it was released. Raises `Altered`."""
    clear = opened(package.whole("reason.age"), identity)
    if clear is None:
        raise Altered(f"reason.age: {Altered.__doc__}")
    return clear.decode()


def pour(package: Package, original: Original, record: Record, identity: pyrage.x25519.Identity, to: Writable) -> None:
    """Write an original, opened, to `to`. Raises `Altered` at its end where it is not what was sealed."""
    writer = _Hashing(to)
    with package.stream(original.name) as file:
        try:
            pyrage.decrypt_io(file, writer, [identity])
        except (pyrage.DecryptError, OSError) as error:
            raise writer.error or Altered(f"{original.name}: {Altered.__doc__}") from error
    if (writer.size, writer.digest.hexdigest()) != (record.size, record.sha256):
        raise Altered(f"{original.name}: {Altered.__doc__}")


def save(package: Package, original: Original, record: Record, identity: pyrage.x25519.Identity, folder: Path) -> Path:
    """Write an original to a new file of a folder, which only its owner reads. Raises `Altered` and OSError; then there
    is no file.
    """
    path = folder / f"{original.id}{suffix(record)}"
    with whole(path) as file:
        pour(package, original, record, identity, file)
    return path


SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
    "image/avif": ".avif", "video/mp4": ".mp4", "video/webm": ".webm", "video/quicktime": ".mov",
    "application/json": ".json", "application/warc": ".warc",
}  # fmt: skip


def suffix(record: Record) -> str:
    """The ending of an original's file name, by the media type that the platform named."""
    return SUFFIXES.get(record.media_type.partition(";")[0].strip().lower(), ".bin")


class _Hashing:
    """Hashes what is written through it, and keeps what went wrong."""

    def __init__(self, to: Writable) -> None:
        self._to = to
        self.size, self.digest = 0, hashlib.sha256()
        self.error: Exception | None = None

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        try:
            self._to.write(data)
        except Exception as error:
            self.error = error
            raise OSError("the target refused") from error
        return len(data)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._to.flush()
