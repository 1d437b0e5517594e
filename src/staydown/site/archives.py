"""What is sealed in a backup: a tar file that begins with what it is, and ends with what it must have been.

`manifest.json`, the database in parts of 4 MiB (`database/000000` …: put together they are an SQLite file, or a dump for
pg_restore), and `whole.json` with its length and SHA-256. Needs no Django: it is read where there is no database yet.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, BinaryIO

FORMAT = 1
PART = 4 * 2**20
MANIFEST, DATABASE, WHOLE = "manifest.json", "database/", "whole.json"


class NotABackup(ValueError):
    """This is no backup of Staydown that this version can read. Take the version named in its manifest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself, first; the journal as it was in it."""

    format: int
    made_at: str
    staydown: str
    database: str
    journal_size: int
    journal_root: str


def write(into: BinaryIO, manifest: Manifest, content: IO[bytes], now: datetime) -> None:
    """Write a whole archive of a database's content."""
    with tarfile.open(fileobj=into, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, _json(asdict(manifest)), now)
        _add(tar, WHOLE, _json(_database(tar, content, now)), now)


def _database(tar: tarfile.TarFile, content: IO[bytes], now: datetime) -> dict[str, object]:
    digest, length = hashlib.sha256(), 0
    for number, part in enumerate(iter(lambda: content.read(PART), b"")):
        digest.update(part)
        length += len(part)
        _add(tar, f"{DATABASE}{number:06}", part, now)
    return {"bytes": length, "sha256": digest.hexdigest()}


def _add(tar: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), 0o600, int(now.timestamp())
    tar.addfile(info, io.BytesIO(content))


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content, indent=1).encode()


class Reading:
    """A backup that is being read: first its manifest, then its database, to the very end."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        try:
            self._tar = tarfile.open(fileobj=content, mode="r|")  # noqa: SIM115  ends with what it reads
        except tarfile.TarError as error:
            raise NotABackup(NotABackup.__doc__) from error
        self.manifest = self._manifest()

    def database(self) -> Iterator[bytes]:
        """The parts of the database. The last one is given only once the whole backup was found to be whole.

        Raises `NotABackup`, `sealed_files.NotWhole`.
        """
        digest, length, held = hashlib.sha256(), 0, b""
        for name, part in self._members():
            if name == WHOLE:
                self._must_end(json.loads(part), {"bytes": length, "sha256": digest.hexdigest()})
                yield held
                return
            digest.update(part)
            length += len(part)
            if held:
                yield held
            held = part
        raise NotABackup(NotABackup.__doc__)

    def _must_end(self, said: dict[str, object], found: dict[str, object]) -> None:
        if said != found or next(self._members(), None) is not None:
            raise NotABackup(NotABackup.__doc__)
        while self._content.read(2**16):  # to the end that age vouches for
            pass

    def _manifest(self) -> Manifest:
        name, content = next(self._members(), ("", b""))
        try:
            manifest = Manifest(**json.loads(content))
        except (TypeError, ValueError) as error:
            raise NotABackup(NotABackup.__doc__) from error
        if name != MANIFEST or manifest.format != FORMAT:
            raise NotABackup(NotABackup.__doc__)
        return manifest

    def _members(self) -> Iterator[tuple[str, bytes]]:
        try:
            while info := self._tar.next():
                file = self._tar.extractfile(info)
                if file is None or info.size > PART:
                    raise NotABackup(NotABackup.__doc__)
                yield info.name, file.read()
        except tarfile.TarError as error:
            raise NotABackup(NotABackup.__doc__) from error
