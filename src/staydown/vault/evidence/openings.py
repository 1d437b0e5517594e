"""The record that custodians' machines write of each opening: what, when, who, with what; signed, and nothing secret in it.

It is signed (Ed25519) with a key derived from the case's own private key: only who opened the case can sign, and the public
half was journalled when the case's key was made. It names originals by their ids, their ciphertext's SHA-256 and the digest
of their acquisition record, as the journal does; a SHA-256 of an original would tell a thief which image it is.
"""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "staydown opening record v1"


class BadOpening(ValueError):
    """This is no record of an opening, or it was changed. Bring the file that `staydown evidence open` or `export` wrote."""


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """One opening. `at` is UTC of the custodians' clock, as ISO 8601; digests are hex."""

    case: str  # id
    release: str  # id
    how: str  # opened, or exported
    at: str
    by: tuple[str, ...]  # the age recipients whose identities opened: one of each group
    to: str  # the recipient of an export
    tool: str
    released: tuple[dict[str, str], ...]  # id, sealed_sha256, record
    reason_sha256: str  # of the salt and the reason for which it was released
    salt: str = field(default_factory=lambda: secrets.token_hex(32))

    def canonical(self) -> bytes:
        """What is signed: JSON with sorted keys and no spaces, in UTF-8, after the format's name."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return f"{FORMAT}\n{said}".encode()


@dataclass(frozen=True, slots=True)
class Signed:
    """A record with its signature (hex)."""

    record: OpeningRecord
    signature: str

    def to_bytes(self) -> bytes:
        """The file."""
        said: dict[str, Any] = {"format": FORMAT, "record": asdict(self.record), "signature": self.signature}
        return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True).encode()

    def is_signed(self, public: str) -> bool:
        """Whether the signature is of whoever holds this case's key."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
            key.verify(bytes.fromhex(self.signature), self.record.canonical())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign(record: OpeningRecord, case_private: str) -> Signed:
    """A record, signed with what a case's private key (AGE-SECRET-KEY-1…) gives."""
    return Signed(record, _key(case_private).sign(record.canonical()).hex())


def public_of(case_private: str) -> str:
    """What checks the openings of a case, in hex: journalled when its key is made."""
    return _key(case_private).public_key().public_bytes_raw().hex()


def reason_sha256(salt: str, reason: str) -> str:
    """The commitment to a reason."""
    return hashlib.sha256(bytes.fromhex(salt) + reason.encode()).hexdigest()


def read(data: bytes) -> Signed:
    """The record in a file's bytes; its signature is not checked. Raises `BadOpening`."""
    try:
        said = json.loads(data)
        record = said["record"]
        if said["format"] != FORMAT or set(record) != {each.name for each in fields(OpeningRecord)}:
            raise BadOpening(BadOpening.__doc__)
        made = OpeningRecord(**{**record, "by": tuple(record["by"]), "released": tuple(record["released"])})
        bytes.fromhex(made.salt)
        return Signed(made, str(said["signature"]))
    except (ValueError, TypeError, KeyError) as error:
        raise BadOpening(BadOpening.__doc__) from error


def _key(case_private: str) -> Ed25519PrivateKey:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=FORMAT.encode()).derive(case_private.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)
