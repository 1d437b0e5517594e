"""Promises of evidence: fetch an original, seal it as it arrives, and write down what became of it."""

import hashlib
import secrets
import threading
from datetime import datetime
from importlib.metadata import version

import pyrage
import structlog
from django.conf import settings
from django.utils import timezone

from staydown.outside.errors import AnswerTooLarge, Forbidden, OutsideError
from staydown.outside.flows import Flow
from staydown.platforms import evidence as platforms
from staydown.promises.errors import Later
from staydown.vault.evidence import actions, sealing
from staydown.vault.evidence.actions import Stored
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.objects import Objects
from staydown.vault.evidence.records import Record
from staydown.vault.evidence.rules import (
    LARGEST,
    LONGEST_SECONDS,
    TRIES_WHEN_AWAY,
    TRIES_WHEN_REFUSED,
    EvidenceState,
    Reason,
    wait_before,
)
from staydown.vault.evidence.store import store

log = structlog.get_logger("staydown.vault.evidence")
RECORD = "record"
_room = threading.BoundedSemaphore(2)  # of a worker's threads: a slow platform holds up no other promise


class Refused(ValueError):
    """The platform answered, and did not hand over the original."""


def seal(evidence_id: str) -> None:
    """Seal an item's original. Killed at any moment it begins again, in a new folder: nothing half-written counts."""
    row = Evidence.objects.select_related("case", "item__platform").get(pk=evidence_id)
    if row.state != EvidenceState.WANTED:
        return
    if not actions.may_take(row.case):  # a child came to be known of since it was wanted
        actions.not_sealed(row, EvidenceState.FORBIDDEN, Reason.ROLE, timezone.now())
        return
    if not _room.acquire(blocking=False):
        raise Later(1.0)
    try:
        _take(row, store())
    except AnswerTooLarge:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, Reason.TOO_LARGE, timezone.now())
    except (Refused, Forbidden):
        _again(row, TRIES_WHEN_REFUSED, Reason.REFUSED)
    except OutsideError:
        _again(row, TRIES_WHEN_AWAY, Reason.AWAY)
    finally:
        _room.release()


def _again(row: Evidence, tries: int, reason: Reason) -> None:
    """Try later; after so many attempts write down that the original is not to be had."""
    attempts = row.attempts + 1
    Evidence.objects.filter(pk=row.pk).update(attempts=attempts)
    log.warning("evidence not sealed", evidence=str(row.pk), reason=reason.value, attempts=attempts)
    if attempts >= tries:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, reason, timezone.now())
        return
    raise Later(wait_before(attempts))


def _take(row: Evidence, objects: Objects) -> None:
    key = actions.key_of(row.case, timezone.now())
    folder = f"{row.case_id}/{row.pk}/{secrets.token_hex(8)}"
    begun = timezone.now()
    asked = platforms.asked(row.item.platform, "item", row.item.external_id, begun)
    with platforms.flowing(asked, LARGEST, LONGEST_SECONDS) as flow:
        if flow.status != 200:
            raise Refused(Refused.__doc__)
        made = sealing.seal(flow, key.public, objects, folder)
    record = _record(row, asked.url, flow, made, (begun, timezone.now()))
    sealed: bytes = pyrage.encrypt(record.to_bytes(), [pyrage.x25519.Recipient.from_str(key.public)])
    objects.put(f"{folder}/{RECORD}", sealed)
    stored = Stored(folder, hashlib.sha256(sealed).digest(), record.digest())
    actions.sealed(row, made, stored, timezone.now())


def _record(row: Evidence, source: str, flow: Flow, made: sealing.Sealed, span: tuple[datetime, datetime]) -> Record:
    return Record(
        evidence=str(row.pk),
        case=str(row.case_id),
        kind="item",
        name=row.item.external_id,
        platform=str(row.item.platform_id),
        by=f"worker of {settings.APP_URL}",
        tool=f"staydown {version('staydown')}",
        asked_at=span[0].isoformat(),
        ended_at=span[1].isoformat(),
        source=source,
        status=flow.status,
        headers=flow.headers,
        media_type=flow.headers.get("content-type", ""),
        size=made.size,
        sha256=made.sha256.hex(),
    )


def proceed(order_id: str) -> None:
    """Let a removal go whose evidence did not come in time."""
    actions.proceed(order_id, timezone.now())
