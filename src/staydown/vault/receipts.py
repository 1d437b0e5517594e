"""The receipt: the secret code that lets an anonymous reporter return, and the key pair it stands for (decision 2).

    receipt ── argon2id(receipt, deployment salt) ──┬── HKDF "lookup" → the digest stored with the report
                                                    └── HKDF "seed"   → the report's X25519 key

Nothing stored gives the receipt or the key back; losing the receipt loses the words, by design. A receipt is seven words
(`spoken.py`); receipts given before were sixteen letters and digits, and open their reports as ever.
"""

import hashlib
import secrets
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import argon2.low_level
import bech32
import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from staydown.vault import spoken, words

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of receipts given before: Crockford's base 32
GROUPS, GROUP = 4, 4
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": "", " ": "", "\N{NO-BREAK SPACE}": ""})
DIGEST = 32  # random bytes of which a receipt is drawn, at least


class Keyed(Protocol):
    """Where a report is found, and to whom words for its reporter are sealed."""

    @property
    def lookup(self) -> bytes: ...

    @property
    def public(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NoCode:
    """Of a report whose sender has a desk here and needs no code: nobody holds the other half of `public`."""

    lookup: bytes
    public: str

    @classmethod
    def of(cls, name: bytes) -> "NoCode":
        """The same place for the same name, so that what is sent again is written once."""
        return cls(hashlib.sha256(b"staydown desk " + name).digest(), words.new_key_pair()[1])


@dataclass(frozen=True)
class Receipt:
    """One receipt and what is derived from it. Hold it only inside the request that carries it."""

    code: str
    salt: bytes

    @classmethod
    def new(cls, salt: bytes, language: str) -> "Receipt":
        """A new random receipt of this deployment, in the words of a language."""
        return cls.drawn(secrets.token_bytes(DIGEST), salt, language)

    @classmethod
    def drawn(cls, digest: bytes, salt: bytes, language: str) -> "Receipt":
        """The receipt that 32 random bytes draw: the same for the same bytes and language."""
        return cls(spoken.drawn(int.from_bytes(digest), language), salt)

    @classmethod
    def typed(cls, text: str, salt: bytes) -> "Receipt":
        """The receipt a person typed, read kindly, in whichever language. Raises `spoken.NotAReceipt`."""
        signs = text.strip().upper().translate(READ_AS)
        if len(signs) == GROUPS * GROUP and not set(signs) - set(ALPHABET):
            return cls("-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP)), salt)
        return cls(spoken.read(text), salt)

    @property
    def words(self) -> list[str]:
        """What is shown and said, one after the other."""
        return self.code.split()

    @cached_property
    def _root(self) -> bytes:
        return argon2.low_level.hash_secret_raw(
            self.code.encode(),
            self.salt,
            time_cost=2,
            memory_cost=64 * 1024,
            parallelism=1,
            hash_len=32,
            type=argon2.low_level.Type.ID,
        )

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt=None, info=b"staydown receipt " + purpose).derive(self._root)

    @cached_property
    def lookup(self) -> bytes:
        """32 bytes under which the report is found."""
        return self._derive(b"lookup")

    @cached_property
    def _identity(self) -> pyrage.x25519.Identity:
        seed = bech32.convertbits(self._derive(b"seed"), 8, 5) or []
        return pyrage.x25519.Identity.from_str(bech32.bech32_encode("age-secret-key-", seed).upper())

    @property
    def public(self) -> str:
        """The report's public key (age1…): words for its reporter are sealed to it."""
        return str(self._identity.to_public())

    def read(self, sealed: bytes | memoryview) -> str:
        """The words sealed for this report's reporter."""
        clear: bytes = pyrage.decrypt(bytes(sealed), [self._identity])
        return clear.decode()

    def __repr__(self) -> str:
        return "Receipt(…)"
