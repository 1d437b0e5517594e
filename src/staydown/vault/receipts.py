"""The receipt: the secret code that lets an anonymous reporter return, and the key pair it stands for (decision 2).

    receipt ── argon2id(receipt, deployment salt) ──┬── HKDF "lookup" → the digest stored with the report
                                                    └── HKDF "seed"   → the report's X25519 key

Nothing stored gives the receipt or the key back; losing the receipt loses the words, by design.
"""

import secrets
from dataclasses import dataclass
from functools import cached_property

import argon2.low_level
import bech32
import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread
GROUPS, GROUP = 4, 4  # 16 signs of 5 bits: 80 bits, before argon2id makes each guess dear
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": "", " ": "", "\N{NO-BREAK SPACE}": ""})


class NotAReceipt(ValueError):
    """A receipt has 16 letters and digits in four groups, like K7QM-3XTP-9WHD-R4VA. Please check what you typed."""


@dataclass(frozen=True)
class Receipt:
    """One receipt and what is derived from it. Hold it only inside the request that carries it."""

    code: str
    salt: bytes

    @classmethod
    def new(cls, salt: bytes) -> "Receipt":
        """A new random receipt of this deployment."""
        signs = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))
        return cls.typed(signs, salt)

    @classmethod
    def typed(cls, text: str, salt: bytes) -> "Receipt":
        """The receipt a person typed, forgiving case, spaces and look-alike letters. Raises `NotAReceipt`."""
        signs = text.upper().translate(READ_AS)
        if len(signs) != GROUPS * GROUP or set(signs) - set(ALPHABET):
            raise NotAReceipt(NotAReceipt.__doc__)
        return cls("-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP)), salt)

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
