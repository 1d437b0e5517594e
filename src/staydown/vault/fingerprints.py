"""Fingerprints at rest: encrypted under the fingerprint key, and exact digests keyed so that they can still be looked up.

A stolen database therefore says neither what is banked nor whether a given picture is (promise P8, decision 3).

A new fingerprint key seals anew what was sealed under the former one. A digest, of which only the keyed form is kept, is
keyed once more: HMAC(new, HMAC(former, digest)). Who has the former key alone can look up nothing any more, and the
former keys stay in use, in that chain.
"""

import contextlib
import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE = 16


class WrongFingerprintKey(ValueError):
    """This fingerprint was sealed with another key. Give this program the fingerprint key it was sealed with."""


@cache
def _derived(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=b"staydown fingerprints " + purpose).derive(key)


def _keys() -> tuple[bytes, ...]:
    """The fingerprint key, then the former ones, the newest first."""
    return (settings.FINGERPRINT_KEY, *settings.FORMER_FINGERPRINT_KEYS)


def _cipher(key: bytes) -> AESSIV:
    return AESSIV(_derived(key, b"seal", 64))


def seal(clear: bytes) -> bytes:
    """Encrypt what is kept of one picture: AES-256-SIV (RFC 5297) with a random nonce."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(settings.FINGERPRINT_KEY).encrypt(clear, [nonce])


def unseal(sealed: bytes | memoryview) -> bytes:
    """What `seal` encrypted, under today's key or a former one. Raises `WrongFingerprintKey`."""
    return unseal_aged(sealed)[0]


def unseal_aged(sealed: bytes | memoryview) -> tuple[bytes, int]:
    """What `seal` encrypted, and how many keys ago. Raises `WrongFingerprintKey`."""
    nonce, body = bytes(sealed[:NONCE]), bytes(sealed[NONCE:])
    for age, key in enumerate(_keys()):
        with contextlib.suppress(InvalidTag):
            return _cipher(key).decrypt(body, [nonce]), age
    raise WrongFingerprintKey(WrongFingerprintKey.__doc__)


def keyed_digest(digest: bytes, kind: str = "exact") -> bytes:
    """The HMAC-SHA256 under which a digest is stored and looked up: for each kind of digest under a key of its own."""
    return keyed_again(digest, kind, len(_keys()))


def keyed_again(digest: bytes, kind: str, age: int) -> bytes:
    """A keyed digest of so many keys ago, as it is stored under today's key."""
    for key in reversed(_keys()[:age]):
        digest = hmac.new(_derived(key, kind.encode(), 32), digest, hashlib.sha256).digest()
    return digest


def key_names() -> list[str]:
    """What each key may be called in public, today's first: it tells nothing of the key."""
    return [name_of(key.hex()) for key in _keys()]


def name_of(key: str) -> str:
    """The name of a key that is given as hex digits. Raises ValueError."""
    return _derived(bytes.fromhex(key), b"name", 4).hex()


def segment_key() -> bytes:
    """The key under which segments are sealed."""
    return _derived(settings.FINGERPRINT_KEY, b"segments", 32)


def order_of_bits() -> list[int]:
    """This deployment's secret order of a fingerprint's 256 bits, under which the indexes keep them."""
    drawn = _derived(settings.FINGERPRINT_KEY, b"order of bits", 8 * 256)
    return sorted(range(256), key=lambda bit: drawn[8 * bit : 8 * bit + 8])
