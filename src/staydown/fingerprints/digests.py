"""The exact digest of a file: equal bytes, and nothing but equal bytes."""

import hashlib
from io import BufferedIOBase


def exact(source: bytes | BufferedIOBase) -> bytes:
    """SHA-256 (FIPS 180-4) of the bytes, or of the rest of a stream opened in binary mode: 32 bytes."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).digest()
    return hashlib.file_digest(source, "sha256").digest()
