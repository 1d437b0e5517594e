"""Taking what is to be evidence: from a platform's evidence address, or from what a reporter wrote; sealed as it comes."""

import hashlib
import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from django.conf import settings
from django.utils import timezone

from staydown.platforms import evidence as platforms
from staydown.platforms.models import Platform
from staydown.vault.evidence import actions, capture, case_keys, sealing, written
from staydown.vault.evidence.actions import Stored
from staydown.vault.evidence.capture import NoText
from staydown.vault.evidence.committed import Committed, Word
from staydown.vault.evidence.models import CaseKey, Evidence, Handed
from staydown.vault.evidence.objects import Objects
from staydown.vault.evidence.records import Record
from staydown.vault.evidence.rules import LARGEST, LONGEST_SECONDS, MEDIA, Kind

RECORD = "record"


class Refused(ValueError):
    """The platform answered, and did not hand over the original."""


class NotOffered(ValueError):
    """The platform hands over no pages."""


class Exchanged(ValueError):
    """What a reporter handed over is not what the journal has. It is not laid into the store: `staydown evidence check`."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something came from, and with what words it was handed over."""

    place: str
    media_type: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Taking:
    """One attempt: under which key, and into which folder of the store."""

    row: Evidence
    key: CaseKey
    objects: Objects
    folder: str

    def sealed(self, content: sealing.Readable) -> sealing.Sealed:
        return sealing.seal(content, self.key.public, self.objects, self.folder)


def take(row: Evidence, objects: Objects) -> bool:
    """Seal what a row stands for, and its acquisition record; False where somebody else has, or nobody wants it any more.

    Raises `Refused`, `NotOffered`, `NoText`, `OutsideError`, and what storing raises.
    """
    begun = timezone.now()
    folder = f"{row.case_id}/{row.pk}/{secrets.token_hex(8)}"
    if row.kind == Kind.SCREENSHOT:
        return _settled(row, *_from_hand(row, objects, folder), objects)
    taking = _Taking(row, case_keys.key_of(row.case, begun), objects, folder)
    made, source = _from_platform(taking) if row.kind in (*MEDIA, Kind.PAGE) else _from_reporter(taking)
    record = Record(
        evidence=str(row.pk),
        case=str(row.case_id),
        kind=Kind(row.kind).value,
        name=row.name,
        platform=str(row.platform.pk) if row.platform else "",
        by=f"worker of {settings.APP_URL}",
        tool=f"staydown {version('staydown')}",
        asked_at=begun.isoformat(),
        ended_at=timezone.now().isoformat(),
        source=source.place,
        status=source.status,
        headers=source.headers,
        media_type=source.media_type,
        size=made.size,
        sha256=made.sha256.hex(),
    )
    stored = _put_record(sealing.whole(record.to_bytes(), taking.key.public), record.digest(), objects, folder)
    return _settled(row, made, stored, objects)


def _put_record(sealed: bytes, digest: str, objects: Objects, folder: str) -> Stored:
    objects.put(f"{folder}/{RECORD}", sealed)
    return Stored(folder, hashlib.sha256(sealed).digest(), digest)


def _settled(row: Evidence, made: sealing.Laid, stored: Stored, objects: Objects) -> bool:
    if actions.sealed(row, made, stored, timezone.now()):
        return True
    erase(objects, stored.folder)
    return False


def _from_hand(row: Evidence, objects: Objects, folder: str) -> tuple[sealing.Laid, Stored]:
    """What the portal sealed when it was handed over: here it only comes to its place. Raises `Exchanged`."""
    handed, journal = Handed.objects.get(evidence=row), Committed("evidence.handed_over", row)
    for column, fact in ((handed.content, "sealed_sha256"), (handed.record, "sealed_record_sha256")):
        if journal.says(handed, fact, hashlib.sha256(column).digest()) is not Word.SAME:
            raise Exchanged(Exchanged.__doc__)
    made = sealing.lay(bytes(handed.content), objects, folder)
    return made, _put_record(bytes(handed.record), handed.record_digest, objects, folder)


def erase(objects: Objects, folder: str) -> None:
    """Remove everything of a folder; what is not there is no mistake."""
    for name in objects.names(folder):
        objects.delete(name)


def _from_platform(taking: _Taking) -> tuple[sealing.Sealed, Source]:
    row = taking.row
    platform = row.platform
    if not isinstance(platform, Platform):
        raise TypeError(f"{row.kind} of no platform")
    asked = platforms.asked(platform, row.kind, row.name, timezone.now())
    limit = capture.LARGEST if row.kind == Kind.PAGE else LARGEST
    with platforms.flowing(asked, limit, LONGEST_SECONDS) as flow:
        if flow.status != 200:
            raise (
                NotOffered(NotOffered.__doc__)
                if row.kind == Kind.PAGE and flow.status < 500
                else Refused(Refused.__doc__)
            )
        source = Source(asked.url, flow.headers.get("content-type", ""), flow.status, flow.headers)
        if row.kind != Kind.PAGE:
            return taking.sealed(flow), source
        page = capture.Page(asked.url, source.media_type, capture.whole(flow), timezone.now())
    made = taking.sealed(io.BytesIO(capture.warc(page, f"staydown {version('staydown')}")))
    return made, Source(source.place, capture.MEDIA_TYPE, source.status, source.headers)


def _from_reporter(taking: _Taking) -> tuple[sealing.Sealed, Source]:
    row = taking.row
    if row.addition:
        said, door = written.of_addition(row.addition), row.addition.report.door
    elif row.report:
        said, door = written.of_report(row.report), row.report.door
    else:
        raise TypeError(f"{row.kind} of no report")
    return taking.sealed(io.BytesIO(said)), Source(f"what a reporter wrote ({door})", written.MEDIA_TYPE)


__all__ = ["NoText", "NotOffered", "Refused", "erase", "take"]
