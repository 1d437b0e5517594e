"""The package for an authority: originals, records, custody log, a report, and a script that checks it all.

Made on the custodians' machine out of a released package, and sealed to the authority's age key on its way to the
disk: nothing of it lies there in clear.
"""

import hashlib
import json
import tarfile
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import IO, Any

import pyrage

from staydown import documents
from staydown.vault.evidence import case_uco, custodians, opening, packages
from staydown.vault.evidence.opened import Opened, streaming, tool
from staydown.vault.evidence.packages import Original
from staydown.vault.evidence.piping import written_by
from staydown.vault.evidence.records import Record
from staydown.vault.evidence.signers import ACT, Signer, sign
from staydown.vault.whole_files import whole

FORMAT = "staydown evidence for an authority v1"
LANGUAGES = ("en", "fr")
DATA = files("staydown.vault.evidence") / "data"


class UnknownSigner(ValueError):
    """The journal in this package does not name this document key. After `staydown keys document`, have it packed again."""


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom the package is (an age recipient), in which of `LANGUAGES` its report is, and who signs that, if anybody."""

    authority: str
    language: str = "en"
    signer: Signer | None = None
    case_uco: bool = False  # whether its contents are told in the words of CASE and UCO, too


def export(opened: Opened, wish: Wish, path: Path, now: datetime) -> str:
    """Write the package, sealed to the authority, to a new file; answers with the SHA-256 of its manifest.

    Raises `opening.Altered`, `UnknownSigner`, `custodians.BadCustodians` for a recipient that is none, and OSError; then
    there is no file.
    """
    to = custodians.recipients((wish.authority,))
    small = _small(opened, wish, now)
    manifest = _manifest(opened, small, wish, now)
    with (
        whole(path) as file,
        written_by(lambda out: _tar(out, opened, {"manifest.json": manifest, **small})) as reader,
    ):
        pyrage.encrypt_io(reader, file, to)
    return hashlib.sha256(manifest).hexdigest()


def _names(original: Original, record: Record) -> dict[str, str]:
    return {
        "id": original.id,
        "file": f"originals/{original.id}{opening.suffix(record)}",
        "record": f"records/{original.id}.json",
    }


def _small(opened: Opened, wish: Wish, now: datetime) -> dict[str, bytes]:
    """Every file but the originals and the manifest."""
    custody = opened.package.said["custody"]
    return {
        "custody.json": json.dumps(custody, indent=1, ensure_ascii=False).encode(),
        **_report(opened, wish, now),
        **_case_uco(opened, wish),
        "verify.py": (DATA / "verify.py").read_bytes(),
        **{_names(original, record)["record"]: record.to_bytes() for original, record in opened.originals},
    }


def _case_uco(opened: Opened, wish: Wish) -> dict[str, bytes]:
    named = [(_names(original, record)["file"], record) for original, record in opened.originals]
    return {case_uco.NAME: case_uco.graph(opened.package.said, named)} if wish.case_uco else {}


def _report(opened: Opened, wish: Wish, now: datetime) -> dict[str, bytes]:
    """The report, and the certificate of who signed it."""
    made, signer = report(opened, wish.language, now), wish.signer
    if signer is None:
        return {"report.pdf": made}
    named = {e["facts"]["certificate_sha256"] for e in opened.package.said["custody"]["entries"] if e["act"] == ACT}
    if signer.fingerprint not in named:
        raise UnknownSigner(UnknownSigner.__doc__)
    reason = f"Staydown, {opened.package.said['reference']}"
    return {"report.pdf": sign(made, signer, reason), "report-signer.der": signer.certificate}


def _manifest(opened: Opened, small: dict[str, bytes], wish: Wish, now: datetime) -> bytes:
    listed = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in small.items()}
    for original, record in opened.originals:
        listed[_names(original, record)["file"]] = {"sha256": record.sha256, "size": record.size}
    said = {
        "format": FORMAT,
        "case": opened.package.said["case"],
        "reference": opened.package.said["reference"],
        "release": opened.package.said["release"],
        "reason": opened.reason,
        "language": wish.language,
        "report_signer": wish.signer.fingerprint if wish.signer else "",
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
            with streaming(opened, original, record) as reader:
                packages.add_stream(tar, _names(original, record)["file"], reader, record.size)


def report(opened: Opened, language: str, now: datetime) -> bytes:
    """The report as PDF/A-2a and PDF/UA-1, in one of `LANGUAGES`. It names what there is and shows no picture."""
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
    return documents.pdf(DATA / "report.typ", said, words, now)


def _told(record: Record) -> dict[str, Any]:
    names = ("name", "source", "asked_at", "ended_at", "by", "tool", "media_type", "size", "sha256")
    return {name: str(getattr(record, name)) for name in names}
