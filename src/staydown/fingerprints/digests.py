"""The exact digests of a file: equal bytes, and nothing but equal bytes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase

CHUNK = 1 << 20  # bytes: small enough to stay in the processor's cache while three digests read it


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests by which services exchange files they know.

    `sha256` is 32 bytes and the only one that names a file here; `sha1` (20) and `md5` (16) are for lists that
    others made (FIPS 180-4, RFC 1321), where two files with one digest can be made on purpose.
    """

    sha256: bytes
    sha1: bytes
    md5: bytes


def digests(source: bytes | BufferedIOBase) -> Digests:
    """All three digests of the bytes, or of the rest of a stream opened in binary mode, read once."""
    sha256 = hashlib.sha256()
    sha1, md5 = hashlib.sha1(usedforsecurity=False), hashlib.md5(usedforsecurity=False)
    for chunk in _chunks(source):
        for each in (sha256, sha1, md5):
            each.update(chunk)
    return Digests(sha256.digest(), sha1.digest(), md5.digest())


def _chunks(source: bytes | BufferedIOBase) -> Iterator[bytes | memoryview]:
    if isinstance(source, bytes):
        whole = memoryview(source)
        yield from (whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK))
        return
    while chunk := source.read(CHUNK):
        yield chunk


def exact(source: bytes | BufferedIOBase) -> bytes:
    """SHA-256 alone: 32 bytes."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).digest()
    return hashlib.file_digest(source, "sha256").digest()
