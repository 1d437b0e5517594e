"""Segments on disk: sealed with the fingerprint key, added to but never changed, whole or refused (decision 4).

    magic, salt (32 bytes), then frames: length u32, nonce (12 bytes), AES-256-GCM of at most 4 MiB

The first frame is the segment's first page, the next ones the rest of what is stored, then one frame for each record
of the log. A file's key is derived from the fingerprint key, the salt and the segment's name; a frame's number is
authenticated with it, so frames can be neither altered nor moved, left out, or taken from another file. A new segment
replaces the old one by a rename; a record is added and synced before anybody is told. What a crash tore is at the end
and is left out: whoever opens the file reads what is missing from the tables. An older file is not told from a newer
one, and need not be: it says how far it goes.
"""

import fcntl
import os
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"STAYSEG1"
SALT = 32
START = len(MAGIC) + SALT
NONCE, TAG = 12, 16
FRAME = 4 * 2**20  # bytes in clear of a frame
_LENGTH = struct.Struct("<I")


class Unusable(ValueError):
    """This file is torn, altered, or sealed with another key, and nothing of it was used. Delete it: it is made anew."""


class Sealed:
    """One segment's file, by its name; `key` is what the vault derived for segments."""

    def __init__(self, path: Path, name: str, key: bytes) -> None:
        self.path = path
        self._name = name.encode()
        self._key = key

    def write(self, page: bytes, pieces: Iterable[bytes | memoryview]) -> bytes:
        """Put a whole new segment in the file's place, one writer at a time; answers its salt.

        Raises OSError; then the old one stays.
        """
        salt = os.urandom(SALT)
        frames = _Frames(self._key, self._name, salt)
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _replacing(self.path) as file:
            file.write(MAGIC + salt)
            file.write(frames.sealed(0, page))
            for number, clear in enumerate(_in_frames(pieces), 1):
                file.write(frames.sealed(number, clear))
        return salt

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """The file, opened. Raises FileNotFoundError and `Unusable`."""
        with self.path.open("rb") as file:
            yield Reader(file, self._key, self._name)

    def append(self, reader: "Reader", record: bytes) -> None:
        """Add a record behind what a reader of this file found whole, on disk when this returns.

        One writer at a time: see `alone`. Raises ValueError for more than 4 MiB.
        """
        if len(record) > FRAME:
            raise ValueError(len(record))
        with self.path.open("r+b") as file:
            file.seek(reader.whole)
            file.truncate()
            file.write(reader.frames.sealed(reader.number, record))
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process writes or opens this segment, and keep others waiting."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class Reader:
    """A segment's file, read frame by frame."""

    def __init__(self, file: BinaryIO, key: bytes, name: bytes) -> None:
        head = file.read(START)
        if len(head) < START or not head.startswith(MAGIC):
            raise Unusable(Unusable.__doc__)
        self.salt = head[len(MAGIC) :]
        self.frames = _Frames(key, name, self.salt)
        self.number = 0  # of the next frame
        self.whole = START  # up to here the file is whole
        self.torn = False
        self._file = file

    def page(self) -> bytes:
        """The first frame: what the segment says of itself. Raises `Unusable`."""
        return self._next() or _unusable()

    def into(self, memory: memoryview, begin: int) -> None:
        """Open the frames up to the end of `memory`, into it, from `begin` on. Raises `Unusable`."""
        for start in range(begin, len(memory), FRAME):
            clear = self._next(memory[start : start + FRAME])
            if clear is None:
                _unusable()

    def skip(self, stored: Callable[[bytes], int]) -> bytes:
        """The first frame; go on behind as many bytes of the segment as it says, which are not opened.

        Raises `Unusable`.
        """
        page = self.page()
        full, rest = divmod(stored(page) - len(page), FRAME)
        beside = _LENGTH.size + NONCE + TAG
        self.whole += full * (FRAME + beside) + (rest + beside if rest else 0)
        self.number += full + bool(rest)
        if self.whole > os.fstat(self._file.fileno()).st_size:
            _unusable()
        self._file.seek(self.whole)
        return page

    def records(self) -> Iterator[bytes]:
        """What was added since the segment was written. Raises `Unusable` for damage that is not at the end."""
        while (record := self._next()) is not None:
            yield record

    def _next(self, into: memoryview | None = None) -> bytes | None:
        """The next frame in clear; None, and `torn`, at an end that is not whole."""
        head = self._file.read(_LENGTH.size + NONCE)
        if not head:
            return None
        length = int.from_bytes(head[: _LENGTH.size], "little")
        body = self._file.read(min(length, FRAME + TAG))
        try:
            if not len(body) == length >= TAG:
                raise InvalidTag
            clear = self.frames.opened(self.number, head[_LENGTH.size :], body, into)
        except InvalidTag:
            self._tear()
            return None
        self.number += 1
        self.whole += len(head) + length
        return clear

    def _tear(self) -> None:
        """A frame that is not whole: a crash may have torn the last one, and no other. Raises `Unusable`."""
        if self._file.read(1):
            _unusable()
        self.torn = True


class _Frames:
    """Seals and opens the frames of one file."""

    def __init__(self, key: bytes, name: bytes, salt: bytes) -> None:
        derived = HKDF(hashes.SHA256(), 32, salt=salt, info=b"staydown segment " + name).derive(key)
        self._cipher = AESGCM(derived)

    def sealed(self, number: int, clear: bytes | memoryview) -> bytes:
        nonce = os.urandom(NONCE)
        body = self._cipher.encrypt(nonce, clear, _LENGTH.pack(number))
        return _LENGTH.pack(len(body)) + nonce + body

    def opened(self, number: int, nonce: bytes, body: bytes, into: memoryview | None) -> bytes:
        if into is None:
            return self._cipher.decrypt(nonce, body, _LENGTH.pack(number))
        if len(body) != len(into) + TAG:
            raise InvalidTag
        self._cipher.decrypt_into(nonce, body, _LENGTH.pack(number), into)
        return b""


def _unusable() -> bytes:
    raise Unusable(Unusable.__doc__)


def _in_frames(pieces: Iterable[bytes | memoryview]) -> Iterator[bytes]:
    """The same bytes, cut into full frames and a last one."""
    frame = bytearray()
    for piece in pieces:
        taken = 0
        while taken < len(piece):
            more = piece[taken : taken + FRAME - len(frame)]
            frame += more
            taken += len(more)
            if len(frame) == FRAME:
                yield bytes(frame)
                frame.clear()
    if frame:
        yield bytes(frame)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of another at once: after a power cut there is the old one or the new one."""
    for left in path.parent.glob(f".{path.name}.*"):  # of a process that was killed here; there is one writer at a time
        left.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        unfinished = Path(file.name)
        try:
            yield cast(BinaryIO, file.file)  # typeshed says IO[bytes]
            file.flush()
            os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
