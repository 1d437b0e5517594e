"""Checkpoints as others read them: signed notes, cosigned by witnesses (C2SP signed-note, tlog-checkpoint,
tlog-cosignature, tlog-witness). Pure.

A note is text, an empty line, and signature lines `— name base64(key id ‖ signature)`. A checkpoint's text is its origin,
its size and its root in base64, a line each.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE, COSIGNATURE = 1, 4  # what the first byte of a verifier key's material says


class BadNote(ValueError):
    """This is no signed checkpoint, or no verifier key (name+hash+base64)."""


@dataclass(frozen=True, slots=True)
class Key:
    """Who signs notes, as others know them: a name and an Ed25519 public key (32 bytes)."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """The key in a verifier key's text. Raises `BadNote`."""
        name, _, rest = text.strip().partition("+")
        named, _, material = rest.partition("+")
        data = _unbase64(material)
        if (
            not name
            or any(each.isspace() for each in name)
            or len(data) != 33
            or data[0] not in (SIGNATURE, COSIGNATURE)
        ):
            raise BadNote(f"{text[:60]}: {BadNote.__doc__}")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != named:
            raise BadNote(f"{text[:60]}: {BadNote.__doc__}")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A journal's tree at a size, and who signed that."""

    origin: str
    size: int
    root: bytes
    lines: tuple[tuple[str, bytes], ...]  # name, key id and signature

    @property
    def body(self) -> bytes:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()

    @classmethod
    def read(cls, note: bytes) -> "Checkpoint":
        """The checkpoint in a note. Raises `BadNote`; that it is signed is another question."""
        try:
            body, gap, signatures = note.decode().rpartition("\n\n")
            origin, size, root = body.split("\n")
            found = cls(origin, int(size), _unbase64(root), tuple(_line(each) for each in signatures.splitlines()))
        except ValueError as error:
            raise BadNote(BadNote.__doc__) from error
        if not gap or not origin or len(found.root) != 32 or found.body != f"{body}\n".encode():
            raise BadNote(BadNote.__doc__)
        return found

    def is_signed(self, keys: Sequence[Key]) -> bool:
        """Whether one of these keys signed it."""
        return any(
            (name, data[:4]) == (key.name, key.id) and _verifies(key.public, data[4:], self.body)
            for name, data in self.lines
            for key in keys
        )


def sign(origin: str, size: int, root: bytes, private: bytes) -> bytes:
    """A checkpoint as a note, signed with the journal's key (32 raw bytes)."""
    signer = Ed25519PrivateKey.from_private_bytes(private)
    body = Checkpoint(origin, size, root, ()).body
    key = Key(origin, SIGNATURE, signer.public_key().public_bytes_raw())
    return body + b"\n" + _written(key, signer.sign(body))


def cosign(body: bytes, name: str, private: bytes, at: int) -> bytes:
    """A witness's line under a checkpoint: that at `at` (seconds since 1970) this was the longest it had seen."""
    signer = Ed25519PrivateKey.from_private_bytes(private)
    key = Key(name, COSIGNATURE, signer.public_key().public_bytes_raw())
    return _written(key, at.to_bytes(8) + signer.sign(_cosigned(body, at)))


def cosigned_at(body: bytes, lines: bytes, witness: Key) -> int | None:
    """When `witness` cosigned this checkpoint (seconds since 1970); None where none of the lines is its."""
    for line in lines.decode(errors="replace").splitlines():
        try:
            name, data = _line(line)
        except ValueError:
            continue
        at = int.from_bytes(data[4:12])
        if (name, data[:4]) == (witness.name, witness.id) and _verifies(witness.public, data[12:], _cosigned(body, at)):
            return at
    return None


def _cosigned(body: bytes, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n".encode() + body


def _written(key: Key, signature: bytes) -> bytes:
    return f"\u2014 {key.name} {base64.b64encode(key.id + signature).decode()}\n".encode()


def _line(text: str) -> tuple[str, bytes]:
    dash, name, data = text.split(" ")
    if dash != "\u2014":
        raise BadNote(BadNote.__doc__)
    return name, _unbase64(data)


def _unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadNote(BadNote.__doc__) from error


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
