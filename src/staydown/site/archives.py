"""What is sealed in a backup: a tar file that begins with what it is, and ends with what it must have been.

`manifest.json`, the database in parts of 4 MiB (`database/000000` …: put together they are an SQLite file, or a dump for
pg_restore), the objects of sealed evidence as they lie in the store (`evidence/…`), and `whole.json` with the lengths and
SHA-256 of both. Needs no Django: it is read where there is no database yet.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import IO, BinaryIO

FORMAT = 2
PART = 4 * 2**20
LARGEST = 8 * 2**20  # bytes of one object of evidence
MANIFEST, DATABASE, EVIDENCE, WHOLE = "manifest.json", "database/", "evidence/", "whole.json"
OBJECT = re.compile(r"[0-9a-f-]{36}/[0-9a-f-]{36}/[0-9a-f]{16}/(\d{6}|record)")

type Keep = Callable[[str, bytes], None]


class NotABackup(ValueError):
    """This is no backup of Staydown that this version can read. Take the version named in its manifest."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself, first; the journal as it was in it, and how much evidence is in it and is not."""

    format: int
    made_at: str
    staydown: str
    database: str
    journal_size: int
    journal_root: str
    evidence: int
    evidence_left_out: int


class _Sum:
    """The length and SHA-256 of pieces, one after the other."""

    def __init__(self) -> None:
        self._digest, self._length = hashlib.sha256(), 0

    def add(self, *pieces: bytes) -> None:
        for piece in pieces:
            self._digest.update(piece)
            self._length += len(piece)

    def said(self) -> dict[str, object]:
        return {"bytes": self._length, "sha256": self._digest.hexdigest()}


def write(
    into: BinaryIO, manifest: Manifest, content: IO[bytes], objects: Iterable[tuple[str, bytes]], now: datetime
) -> None:
    """Write a whole archive of a database's content, and of objects by their names in the store."""
    database, evidence = _Sum(), _Sum()
    with tarfile.open(fileobj=into, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, _json(asdict(manifest)), now)
        for number, part in enumerate(iter(lambda: content.read(PART), b"")):
            database.add(part)
            _add(tar, f"{DATABASE}{number:06}", part, now)
        for name, data in objects:
            evidence.add(name.encode(), data)
            _add(tar, f"{EVIDENCE}{name}", data, now)
        _add(tar, WHOLE, _json(_whole(database, evidence)), now)


def _whole(database: _Sum, evidence: _Sum) -> dict[str, object]:
    return {"database": database.said(), "evidence": evidence.said()}


def _add(tar: tarfile.TarFile, name: str, content: bytes, now: datetime) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), 0o600, int(now.timestamp())
    tar.addfile(info, io.BytesIO(content))


def _json(content: dict[str, object]) -> bytes:
    return json.dumps(content, indent=1).encode()


class Reading:
    """A backup that is being read: first its manifest, then its database and evidence, to the very end."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        try:
            self._tar = tarfile.open(fileobj=content, mode="r|")  # noqa: SIM115  ends with what it reads
        except tarfile.TarError as error:
            raise NotABackup(NotABackup.__doc__) from error
        self.manifest = self._manifest()

    def database(self, keep: Keep) -> Iterator[bytes]:
        """The parts of the database; evidence is handed to `keep`, by its name in the store. The last part is given
        only once the whole backup, evidence and all, was found to be whole. Raises `NotABackup`, `sealed_files.NotWhole`.
        """
        database, evidence, held = _Sum(), _Sum(), b""
        for name, part in self._members():
            if name == WHOLE:
                self._must_end(json.loads(part), _whole(database, evidence))
                yield held
                return
            if name.startswith(EVIDENCE):
                evidence.add(name.removeprefix(EVIDENCE).encode(), part)
                keep(_object(name), part)
                continue
            database.add(part)
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
                if file is None or info.size > LARGEST:
                    raise NotABackup(NotABackup.__doc__)
                yield info.name, file.read()
        except tarfile.TarError as error:
            raise NotABackup(NotABackup.__doc__) from error


def _object(name: str) -> str:
    """The name in the store, which is the name of a file, too."""
    found = name.removeprefix(EVIDENCE)
    if not OBJECT.fullmatch(found):
        raise NotABackup(NotABackup.__doc__)
    return found
