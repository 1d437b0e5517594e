"""What a thief carries away, and looking for known plaintexts in it, in whatever dress."""

import base64
import binascii
import json
import re
import sqlite3
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

WHOLE = 12  # a plaintext of fewer bytes is found, in base64, where it is not
ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
DEEPEST = 4


def dresses(secret: bytes) -> Iterator[tuple[str, bytes]]:
    """The forms in which a plaintext may stand in a file: (name of the form, bytes)."""
    assert len(secret) >= WHOLE
    yield "as it is", secret
    yield "reversed", secret[::-1]
    yield "hex", secret.hex().encode()
    yield "HEX", secret.hex().upper().encode()
    for skipped in range(3):  # base64 of a text that the plaintext is a part of
        middle = base64.b64encode(bytes(skipped) + secret)[4 if skipped else 0 : -4]
        yield f"base64 {skipped}", middle
        yield f"base64url {skipped}", middle.translate(bytes.maketrans(b"+/", b"-_"))
    yield "URL-encoded", urllib.parse.quote_from_bytes(secret, safe="").encode()
    with suppress(UnicodeDecodeError):
        text = secret.decode()
        for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
            yield encoding, text.encode(encoding)
        yield "JSON", json.dumps(text)[1:-1].encode()
        yield "all escaped", "".join(f"\\u{ord(sign):04x}" for sign in text).encode()


def found_in(content: bytes, secrets: dict[str, bytes]) -> set[tuple[str, str]]:
    """{(secret, form)} of what stands in some bytes, or in what was compressed or encoded in them."""
    layers = list(_layers(content, DEEPEST))
    return {
        (name, form)
        for name, secret in secrets.items()
        for form, dressed in dresses(secret)
        if any(dressed in layer for layer in layers)
    }


def _layers(content: bytes, depth: int) -> Iterator[bytes]:
    yield content
    if not depth:
        return
    for start in ZLIB.finditer(content):
        with suppress(zlib.error):
            yield from _layers(zlib.decompressobj().decompress(content[start.start() :], 2**24), depth - 1)
    for run in ENCODED.finditer(content):
        decoded = _decoded(run[0])
        if ZLIB.match(decoded):  # what is only encoded is found by its forms
            yield from _layers(decoded, depth - 1)


def _decoded(run: bytes) -> bytes:
    with suppress(binascii.Error):
        return base64.urlsafe_b64decode(run.rstrip(b"=") + b"=" * (-len(run.rstrip(b"=")) % 4))
    return b""


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder: (path, content)."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def sqlite_cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every cell of every table of a copied database, its write-ahead log read with it: (table.column, content)."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')
            yield from _cells(table, [column[0] for column in rows.description], rows)


def postgresql_cells(address: str) -> Iterator[tuple[str, bytes]]:
    """The same of a PostgreSQL database, read by its owner."""
    import psycopg

    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')  # type: ignore[call-overload]  # a name, not a query
            assert rows.description
            yield from _cells(table, [column.name for column in rows.description], rows)


def _cells(table: str, columns: list[str], rows) -> Iterator[tuple[str, bytes]]:
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            yield f"{table}.{column}", value if isinstance(value, bytes) else str(value).encode()
