"""Promises of evidence: take an original, a page or words, seal it as it arrives, and write down what became of it."""

import threading

import structlog
from django.utils import timezone

from staydown.outside.errors import AnswerTooLarge, Forbidden, OutsideError
from staydown.platforms.rules import CheckState
from staydown.promises.errors import Later
from staydown.vault.evidence import actions, taking
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.rules import (
    MEDIA,
    TRIES_WHEN_AWAY,
    TRIES_WHEN_REFUSED,
    EvidenceState,
    Reason,
    wait_before,
)
from staydown.vault.evidence.store import store

log = structlog.get_logger("staydown.vault.evidence")
ABOUT = ("case", "item__platform", "check_row__platform", "report__platform", "addition__report__platform")
_room = threading.BoundedSemaphore(2)  # of a worker's threads: a slow platform holds up no other promise


def seal(evidence_id: str) -> None:
    """Seal one piece of evidence. Killed at any moment it begins again, in a new folder: nothing half-written counts."""
    row = Evidence.objects.select_related(*ABOUT).filter(pk=evidence_id).first()
    if row is None or row.state != EvidenceState.WANTED:  # no row: the reporter took her words back
        return
    if barrier := _barrier(row):
        actions.not_sealed(row, *barrier, timezone.now())
        return
    if not _room.acquire(blocking=False):
        raise Later(1.0)
    try:
        _take(row)
    finally:
        _room.release()


def _barrier(row: Evidence) -> tuple[EvidenceState, Reason] | None:
    """Why it is not wanted any more: what came to be known of since."""
    if row.kind in MEDIA and not actions.may_take(row.case):
        return EvidenceState.FORBIDDEN, Reason.ROLE
    check = row.check_row
    if check and check.state == CheckState.RESOLVED and check.resolution == "allow":
        return EvidenceState.UNOBTAINABLE, Reason.ALLOWED
    return None


def _take(row: Evidence) -> None:
    try:
        taking.take(row, store())
    except AnswerTooLarge:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, Reason.TOO_LARGE, timezone.now())
    except taking.NotOffered:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, Reason.NOT_OFFERED, timezone.now())
    except taking.NoText:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, Reason.NO_TEXT, timezone.now())
    except (taking.Refused, Forbidden):
        _again(row, TRIES_WHEN_REFUSED, Reason.REFUSED)
    except OutsideError:
        _again(row, TRIES_WHEN_AWAY, Reason.AWAY)


def _again(row: Evidence, tries: int, reason: Reason) -> None:
    """Try later; after so many attempts write down that the original is not to be had."""
    attempts = row.attempts + 1
    Evidence.objects.filter(pk=row.pk).update(attempts=attempts)
    log.warning("evidence not sealed", evidence=str(row.pk), reason=reason.value, attempts=attempts)
    if attempts >= tries:
        actions.not_sealed(row, EvidenceState.UNOBTAINABLE, reason, timezone.now())
        return
    raise Later(wait_before(attempts))


def erase(folder: str) -> None:
    """Remove from the store what a reporter took back."""
    taking.erase(store(), folder)


def proceed(order_id: str) -> None:
    """Let a removal go whose evidence did not come in time."""
    actions.proceed(order_id, timezone.now())
