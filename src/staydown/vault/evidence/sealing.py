"""Sealing what arrives: encrypted to a case's public key piece by piece, never whole in memory, never in clear on disk.

The age file is stored in parts of 8 MiB, each written once: `cat` of the parts, in order, is the age file.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

import pyrage

from staydown.vault.evidence.objects import Objects

PART = 8 * 2**20


class Readable(Protocol):
    """What arrives: `read` gives at most so many bytes, and nothing at the end."""

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Laid:
    """What lies in the store: its size and SHA-256 as stored, and in how many parts."""

    sealed_size: int
    sealed_sha256: bytes
    parts: int


@dataclass(frozen=True, slots=True)
class Sealed(Laid):
    """What was sealed: also its size and SHA-256 in clear (of the original, never stored so)."""

    size: int
    sha256: bytes


def seal(source: Readable, public: str, objects: Objects, folder: str) -> Sealed:
    """Seal all of `source` to an age public key into `folder`. What reading or storing raises is raised here."""
    reader, writer = _Counted(source), _Parts(objects, folder)
    recipient = pyrage.x25519.Recipient.from_str(public)
    try:
        pyrage.encrypt_io(reader, writer, [recipient])
        writer.end()
    except (pyrage.EncryptError, OSError) as error:
        raise reader.error or writer.error or error from None
    return Sealed(writer.size, writer.digest.digest(), writer.count, reader.size, reader.digest.digest())


def whole(data: bytes, public: str) -> bytes:
    """Something small, sealed to an age public key."""
    sealed: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(public)])
    return sealed


def lay(sealed: bytes, objects: Objects, folder: str) -> Laid:
    """Put what is sealed already into `folder`, as `seal` would have. What storing raises is raised here."""
    writer = _Parts(objects, folder)
    try:
        writer.write(sealed)
        writer.end()
    except OSError as error:
        raise writer.error or error from None
    return Laid(writer.size, writer.digest.digest(), writer.count)


def part(folder: str, number: int) -> str:
    """The name of a part of an object."""
    return f"{folder}/{number:06}"


class _Counted:
    """Hashes and counts what is read through it, and keeps what went wrong (age would only say that something did)."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self.size, self.digest = 0, hashlib.sha256()
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._source.read(size)
        except Exception as error:
            self.error = error
            raise OSError("the source ended") from error
        self.size += len(data)
        self.digest.update(data)
        return data


class _Parts:
    """Writes what comes in parts, hashing and counting."""

    def __init__(self, objects: Objects, folder: str) -> None:
        self._objects, self._folder = objects, folder
        self._waiting = bytearray()
        self.size, self.count, self.digest = 0, 0, hashlib.sha256()
        self.error: Exception | None = None

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) >= PART:
            self._put(PART)
        return len(data)

    def flush(self) -> None:
        """Nothing: parts are whole or not there."""

    def end(self) -> None:
        """Write what is left."""
        if self._waiting:
            self._put(len(self._waiting))

    def _put(self, size: int) -> None:
        data = bytes(self._waiting[:size])
        try:
            self._objects.put(part(self._folder, self.count), data)
        except Exception as error:
            self.error = error
            raise OSError("the store refused") from error
        del self._waiting[:size]
        self.digest.update(data)
        self.size, self.count = self.size + size, self.count + 1
