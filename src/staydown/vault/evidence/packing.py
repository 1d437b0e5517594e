"""Writing a released package: ciphertext out of the store, checked on its way against what the journal said of it."""

import hashlib
import io
import json
import tarfile
from datetime import datetime
from pathlib import Path
from typing import Any

from staydown.journal.acting import action, note
from staydown.vault.evidence import custody, packages, sealing
from staydown.vault.evidence.models import CaseKey, Evidence, Release
from staydown.vault.evidence.objects import Objects
from staydown.vault.evidence.rules import EvidenceState, ReleaseState
from staydown.vault.whole_files import whole

RECORD = "record"


class NotAgreed(ValueError):
    """Nobody has agreed to this release yet. A second person does so in the console, on the page Evidence."""


class Damaged(ValueError):
    """What is stored is not what was sealed. Keep a copy of the store and of the database before anything else."""


def write(release: Release, path: Path, objects: Objects, by: str, now: datetime) -> int:
    """Write the package to a new file, and journal it; answers how many originals are in it.

    Raises `NotAgreed`, `Damaged`, `custody.NotSigned`, FileExistsError and OSError; then there is no file.
    """
    if release.state != ReleaseState.AGREED:
        raise NotAgreed(NotAgreed.__doc__)
    said = custody.log(release.case)
    rows = list(Evidence.objects.filter(case=release.case, state=EvidenceState.SEALED).order_by("wanted_at"))
    key = CaseKey.objects.get(case=release.case)
    _journal(release, by, now)
    with whole(path) as file, tarfile.open(fileobj=file, mode="w") as tar:
        packages.add(tar, "release.json", _release(release, rows, said))
        packages.add(tar, "case-key.age", bytes(key.private_half or b""))
        packages.add(tar, "reason.age", bytes(release.reason))
        for row in rows:
            _add(tar, row, objects)
    return len(rows)


@action
def _journal(release: Release, by: str, now: datetime) -> None:
    note("evidence.packed", about=release, by=by, now=now, case=str(release.case_id))


def _release(release: Release, rows: list[Evidence], said: dict[str, Any]) -> bytes:
    about = {
        "format": packages.FORMAT,
        "case": str(release.case_id),
        "release": str(release.pk),
        "reference": release.case.reference,
        "evidence": [
            {"id": str(row.pk), "sealed_size": row.size, "sealed_sha256": bytes(row.sha256 or b"").hex()}
            for row in rows
        ],
        "custody": said,
    }
    return json.dumps(about, indent=1, sort_keys=True).encode()


def _add(tar: tarfile.TarFile, row: Evidence, objects: Objects) -> None:
    original = packages.Original(str(row.pk), row.size, bytes(row.sha256 or b"").hex())
    stream = Stored(row, objects)
    packages.add_stream(tar, original.name, io.BufferedReader(stream), row.size)
    stream.check()
    record = objects.get(f"{row.folder}/{RECORD}")
    if hashlib.sha256(record).digest() != bytes(row.record_sha256 or b""):
        raise Damaged(f"{row.folder}/{RECORD}: {Damaged.__doc__}")
    packages.add(tar, original.record_name, record)


class Stored(io.RawIOBase):
    """A sealed original out of the store, part by part; `check` says whether it was all of it, unchanged."""

    def __init__(self, row: Evidence, objects: Objects) -> None:
        self._row, self._objects = row, objects
        self._part, self._rest = 0, b""
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer`. Raises `Damaged` for a part that is not there, and at an end that came too early."""
        if not self._rest and self._part < self._row.parts:
            name = sealing.part(self._row.folder, self._part)
            try:
                self._rest = self._objects.get(name)
            except FileNotFoundError as error:
                raise Damaged(f"{name} is missing. {Damaged.__doc__}") from error
            self._part += 1
            self._digest.update(self._rest)
        if not self._rest:
            self.check()
        given = self._rest[: len(buffer)]
        buffer[: len(given)] = given
        self._rest = self._rest[len(given) :]
        return len(given)

    def check(self) -> None:
        """Raises `Damaged`."""
        if self._rest or self._part < self._row.parts or self._digest.digest() != bytes(self._row.sha256 or b""):
            raise Damaged(f"{self._row.folder}: {Damaged.__doc__}")
