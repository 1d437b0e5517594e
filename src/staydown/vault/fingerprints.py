"""Fingerprints at rest: encrypted under the fingerprint key, and exact digests keyed so that they can still be looked up.

A stolen database therefore says neither what is banked nor whether a given picture is (promise P8, decision 3).
"""

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


def _cipher() -> AESSIV:
    return AESSIV(_derived(settings.FINGERPRINT_KEY, b"seal", 64))


def seal(clear: bytes) -> bytes:
    """Encrypt what is kept of one picture: AES-256-SIV (RFC 5297) with a random nonce."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher().encrypt(clear, [nonce])


def unseal(sealed: bytes | memoryview) -> bytes:
    """What `seal` encrypted. Raises `WrongFingerprintKey`."""
    nonce, body = bytes(sealed[:NONCE]), bytes(sealed[NONCE:])
    try:
        return _cipher().decrypt(body, [nonce])
    except InvalidTag as error:
        raise WrongFingerprintKey(WrongFingerprintKey.__doc__) from error


def keyed_digest(digest: bytes, kind: str = "exact") -> bytes:
    """The HMAC-SHA256 under which a digest is stored and looked up: for each kind of digest under a key of its own."""
    return hmac.new(_derived(settings.FINGERPRINT_KEY, kind.encode(), 32), digest, hashlib.sha256).digest()


def segment_key() -> bytes:
    """The key under which segments are sealed."""
    return _derived(settings.FINGERPRINT_KEY, b"segments", 32)


def order_of_bits() -> list[int]:
    """This deployment's secret order of a fingerprint's 256 bits, under which the indexes keep them."""
    drawn = _derived(settings.FINGERPRINT_KEY, b"order of bits", 8 * 256)
    return sorted(range(256), key=lambda bit: drawn[8 * bit : 8 * bit + 8])
