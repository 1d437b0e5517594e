"""The package for an authority: originals, records, custody log, a report, and a script that checks it all.

Made on the custodians' machine out of a released package, and sealed to the authority's age key on its way to the
disk: nothing of it lies there in clear.
"""

import hashlib
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import pyrage
import typst

from staydown.vault.evidence import custodians, opening, packages
from staydown.vault.evidence.packages import Original, Package
from staydown.vault.evidence.records import Record

FORMAT = "staydown evidence for an authority v1"
LANGUAGES = ("en", "fr")
DATA = files("staydown.vault.evidence") / "data"


@dataclass(frozen=True, slots=True)
class Opened:
    """A released package that its custodians have opened together."""

    package: Package
    identity: pyrage.x25519.Identity
    originals: Sequence[tuple[Original, Record]]
    reason: str

    @classmethod
    def of(cls, package: Package, people: Sequence[Sequence[opening.Identity]]) -> "Opened":
        """Open what is small; the originals stay sealed until they are written. Raises as `opening` does."""
        identity = opening.case_identity(package, people)
        records = [(each, opening.record_of(package, each, identity)) for each in package.originals]
        return cls(package, identity, records, opening.reason_of(package, identity))


def export(opened: Opened, authority: str, language: str, path: Path, now: datetime) -> str:
    """Write the package, sealed to the authority, to a new file; answers with the SHA-256 of its manifest.

    Raises `opening.Altered`, `custodians.BadCustodians` for a recipient that is none, and OSError; then there is no
    file.
    """
    to = custodians.recipients((authority,))
    small = _small(opened, language, now)
    manifest = _manifest(opened, small, language, now)
    with path.open("xb") as file:
        try:
            with _written_by(lambda out: _tar(out, opened, {"manifest.json": manifest, **small})) as reader:
                pyrage.encrypt_io(reader, file, to)
        except BaseException:
            path.unlink()
            raise
    return hashlib.sha256(manifest).hexdigest()


def _names(original: Original, record: Record) -> dict[str, str]:
    return {
        "id": original.id,
        "file": f"originals/{original.id}{opening.suffix(record)}",
        "record": f"records/{original.id}.json",
    }


def _small(opened: Opened, language: str, now: datetime) -> dict[str, bytes]:
    """Every file but the originals and the manifest."""
    custody = opened.package.said["custody"]
    return {
        "custody.json": json.dumps(custody, indent=1, ensure_ascii=False).encode(),
        "report.pdf": report(opened, language, now),
        "verify.py": (DATA / "verify.py").read_bytes(),
        **{_names(original, record)["record"]: record.to_bytes() for original, record in opened.originals},
    }


def _manifest(opened: Opened, small: dict[str, bytes], language: str, now: datetime) -> bytes:
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in small.items()}
    for original, record in opened.originals:
        listed[_names(original, record)["file"]] = {"sha256": record.sha256, "size": record.size}
    said = {
        "format": FORMAT,
        "case": opened.package.said["case"],
        "reference": opened.package.said["reference"],
        "release": opened.package.said["release"],
        "reason": opened.reason,
        "language": language,
        "opened_at": now.isoformat(),
        "tool": tool(),
        "originals": [_names(original, record) for original, record in opened.originals],
        "files": listed,
    }
    return json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True).encode()


def _tar(out: IO[bytes], opened: Opened, small: dict[str, bytes]) -> None:
    with tarfile.open(fileobj=out, mode="w|") as tar:
        for name, data in small.items():
            packages.add(tar, name, data)
        for original, record in opened.originals:
            with _written_by(_pouring(opened, original, record)) as reader:
                packages.add_stream(tar, _names(original, record)["file"], reader, record.size)


def _pouring(opened: Opened, original: Original, record: Record) -> Callable[[IO[bytes]], None]:
    return lambda out: opening.pour(opened.package, original, record, opened.identity, out)


@contextmanager
def _written_by(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """What `write` writes, to be read while it does so in a thread of its own. Raises what `write` raises."""
    out, into = os.pipe()
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(into, "wb") as file:
                write(file)
        except BaseException as error:  # noqa: BLE001  raised where it is read
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(out, "rb") as reader:
            yield reader
    except Exception:
        thread.join()
        if failed and not isinstance(failed[0], BrokenPipeError):
            raise failed[0] from None
        raise
    thread.join()
    if failed:
        raise failed[0]


def report(opened: Opened, language: str, now: datetime) -> bytes:
    """The report as PDF/A-2b, in one of `LANGUAGES`. It names what there is and shows no picture."""
    said = {
        "reference": opened.package.said["reference"],
        "case": opened.package.said["case"],
        "language": language,
        "reason": opened.reason,
        "opened_at": now.isoformat(timespec="seconds"),
        "tool": tool(),
        "originals": [_names(original, record) | _told(record) for original, record in opened.originals],
        "custody": opened.package.said["custody"]["entries"],
        "head": opened.package.said["custody"]["head"],
        "journal_public": opened.package.said["custody"]["journal_public"],
    }
    words = (DATA / f"report.{language}.json").read_text(encoding="utf-8")
    made: bytes = typst.compile(
        (DATA / "report.typ").read_bytes(),
        format="pdf",
        sys_inputs={"said": json.dumps(said), "words": words},
        ignore_system_fonts=True,
        pdf_standards="a-2b",
        timestamp=now,
    )
    return made


def _told(record: Record) -> dict[str, Any]:
    names = ("name", "source", "asked_at", "ended_at", "by", "tool", "media_type", "size", "sha256")
    return {name: str(getattr(record, name)) for name in names}


def tool() -> str:
    """The program and its version."""
    return f"staydown {version('staydown')}"
