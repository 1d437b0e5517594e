"""Screenshots that a reporter hands over: sealed where they arrive, in the portal, which holds nothing that opens them.

A screenshot is sealed to its case's key while the request lasts and waits, sealed, in the database; the worker puts it
into the store as it is. It is decoded in the sandbox, to see that it is a picture and to draw the copy that reviewers see
until it is decided (`review`); what is kept is what came.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from django.conf import settings
from django.utils import timezone

from staydown import decoding
from staydown.cases.models import Report
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.promises.actions import owe
from staydown.regimes.harms import Harm, Tri, may_be_a_child
from staydown.regimes.lawful import Feature, permission
from staydown.site import deployment
from staydown.vault.evidence import actions, case_keys, review, sealing
from staydown.vault.evidence.models import Evidence, Handed, ReviewCopy
from staydown.vault.evidence.records import Record
from staydown.vault.evidence.rules import LARGEST_SCREENSHOT, MOST_SCREENSHOTS, Kind

BY = "reporter"


class NotAccepted(ValueError):
    """No screenshot may be kept here. Keep it for the police, and describe in words what it shows."""


class NoPicture(ValueError):
    """This is no picture that could be opened. Send it as your device saved it: PNG, JPEG, WebP, HEIC or AVIF."""


class TooLarge(ValueError):
    """This picture is too large: at most 16 MiB each."""


class TooMany(ValueError):
    """As many screenshots as are kept of one report are here already: 10."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a screenshot beside its bytes: the type that the browser named, and how many areas of it the
    reporter had covered on her device before it was sent.
    """

    content_type: str
    covered: int = 0


@dataclass(frozen=True, slots=True)
class _Shot:
    data: bytes
    begun: datetime
    headers: Mapping[str, str]
    review: bytes | None  # sealed


def offered() -> bool:
    """Whether this deployment takes screenshots at all: by its role, and if there is somebody to seal them to."""
    return bool(settings.CUSTODIANS) and permission(Feature.RECEIVE_MEDIA, deployment.here()).allowed


def accepted(report: Report) -> bool:
    """Whether a screenshot may be kept of this report: nobody in it, nor in its case, may be a child (decision 22)."""
    cases = [each for each in (report.case, report.case.joined_into) if each]
    child = may_be_a_child(Harm(report.harm), Tri(report.minor)) or any(case.needs_clearance for case in cases)
    return offered() and not child


def keep(report: Report, chunks: Iterable[bytes], told: Told, now: datetime) -> Evidence:
    """Seal a screenshot as evidence of its report's case; `chunks` are its bytes as they arrive.

    Raises `NotAccepted`, `TooLarge`, `TooMany`, `NoPicture`, `decoding.Unavailable` where the sandbox has no room now, and
    `custodians.NotSealed`.
    """
    _may(report)
    begun, data = timezone.now(), _all(chunks)
    try:
        seen, copy = decoding.reduce(data), review.sealed(data)
    except decoding.Unavailable:
        raise
    except decoding.DecodingError as error:
        raise NoPicture(NoPicture.__doc__) from error
    headers = {
        "content-type": told.content_type[:100],
        "seen-as": f"{seen.format}, {seen.width} x {seen.height} pixels",
        "covered-by-the-reporter": f"{told.covered} areas",
    }
    return _keep(report, _Shot(data, begun, headers, copy if report.case.state == CaseState.OPEN else None), now)


def _may(report: Report) -> None:
    if not accepted(report):
        raise NotAccepted(NotAccepted.__doc__)
    if Evidence.objects.filter(report=report, kind=Kind.SCREENSHOT).count() >= MOST_SCREENSHOTS:
        raise TooMany(TooMany.__doc__)


def _all(chunks: Iterable[bytes]) -> bytes:
    data = io.BytesIO()
    for chunk in chunks:
        data.write(chunk)
        if data.tell() > LARGEST_SCREENSHOT:
            raise TooLarge(TooLarge.__doc__)
    return data.getvalue()


@action
def _keep(report: Report, shot: _Shot, now: datetime) -> Evidence:
    _may(report)
    key = case_keys.key_of(report.case, now)
    row = Evidence.objects.create(case=report.case, report=report, kind=Kind.SCREENSHOT, wanted_at=now)
    if shot.review:
        ReviewCopy.objects.create(evidence=row, picture_sealed=shot.review)
    record = _record(row, shot)
    content, sealed = sealing.whole(shot.data, key.public), sealing.whole(record.to_bytes(), key.public)
    Handed.objects.create(evidence=row, content=content, record=sealed, record_digest=record.digest())
    facts = {"sealed_sha256": _sha256(content), "sealed_record_sha256": _sha256(sealed), "record": record.digest()}
    note("evidence.handed_over", about=row, by=BY, now=now, **actions.what(row), **facts)
    owe("staydown.vault.evidence.tasks.seal", str(row.pk), key=f"seal:{row.pk}", priority=actions.SOON)
    return row


def _record(row: Evidence, shot: _Shot) -> Record:
    return Record(
        evidence=str(row.pk),
        case=str(row.case_id),
        kind=Kind.SCREENSHOT.value,
        name=row.name,
        platform=str(row.platform.pk) if row.platform else "",
        by=BY,
        tool=f"staydown {version('staydown')}",
        asked_at=shot.begun.isoformat(),
        ended_at=timezone.now().isoformat(),
        source="handed over by the reporter",
        status=0,
        headers=shot.headers,
        media_type=shot.headers["content-type"],
        size=len(shot.data),
        sha256=_sha256(shot.data),
    )


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
