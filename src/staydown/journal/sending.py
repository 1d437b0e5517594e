"""The promises that take checkpoints out of the house: to time-stamping authorities and to witnesses.

Whoever is away is asked again later, with the newest checkpoint of then: nothing is lost by it but the time between.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.utils import timezone

from staydown.journal import checkpoints, notes, proofs, tasks, timestamps, witness
from staydown.journal.models import Checkpoint, Entry, Partner
from staydown.journal.partners import Trusted
from staydown.outside import http
from staydown.outside.errors import OutsideError
from staydown.promises.actions import owe
from staydown.promises.errors import Later

log = structlog.get_logger("staydown.journal")
AGAIN = 300.0  # seconds
NOTHING_SEEN = 0
STATUS_OK, STATUS_CONFLICT, STATUS_NOT_CONSISTENT = 200, 409, 422


class NotVouched(Exception):
    """A partner answered, and did not vouch. `trouble` is one of `checkpoints`' words."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def checkpoint() -> None:
    """The hourly duty: sign, make a checkpoint, and owe it to everybody."""
    tasks.sign_head()
    checkpoints.make(timezone.now())
    for url in settings.TSA:
        owe("staydown.journal.sending.stamp", url, key=f"stamp:{url}")
    for each in settings.WITNESSES:
        owe("staydown.journal.sending.cosign", each.key.name, key=f"cosign:{each.key.name}")


def close() -> None:
    """When the worker stops: sign what there is, and try once to have it vouched for while nobody watches the machine."""
    tasks.sign_head()
    if checkpoints.make(timezone.now()) is None:
        return
    for url in settings.TSA:
        _try(url, lambda url=url: _stamp(url))  # type: ignore[misc]  # bound now
    for each in settings.WITNESSES:
        _try(each.key.name, lambda each=each: _cosign(each))  # type: ignore[misc]  # the same


def stamp(url: str) -> None:
    """Have an authority time-stamp the newest checkpoint."""
    if url in settings.TSA and not _try(url, lambda: _stamp(url)):
        raise Later(AGAIN)


def cosign(name: str) -> None:
    """Have a witness cosign the newest checkpoint."""
    found = next((each for each in settings.WITNESSES if each.key.name == name), None)
    if found and not _try(name, lambda: _cosign(found)):
        raise Later(AGAIN)


def _try(name: str, ask: Callable[[], None]) -> bool:
    """Ask a partner; what goes wrong is remembered for the operator. Whether it went well."""
    try:
        ask()
        return True
    except OutsideError:
        what = checkpoints.AWAY
    except timestamps.NotStamped:
        what = checkpoints.REFUSED
    except NotVouched as refusal:
        what = refusal.trouble
    log.warning("checkpoint not vouched for", partner=name, reason=what)
    checkpoints.trouble(name, what, timezone.now())
    return False


def _stamp(url: str) -> None:
    owed = checkpoints.owed_to(url)
    if owed is None:
        return
    note = bytes(owed.note)
    asked = timestamps.query(note)
    headers = {"Content-Type": timestamps.ASKED, "Accept": timestamps.ANSWERED}
    answer = http.post(url, body=asked.as_bytes(), headers=headers, limit=timestamps.LIMIT)
    if answer.status != STATUS_OK:
        raise NotVouched(checkpoints.REFUSED)
    at = timestamps.stamped_at(note, answer.body, settings.TSA_ROOTS, asked)
    checkpoints.vouched(owed, url, answer.body, at, timezone.now())


def _cosign(to: Trusted) -> None:
    owed = checkpoints.owed_to(to.key.name)
    if owed is None:
        return
    partner = Partner.objects.filter(pk=to.key.name).first()
    answer = _sent(to, owed, min(partner.size, owed.size) if partner else NOTHING_SEEN)
    if answer.status == STATUS_CONFLICT:  # it knows another size than we remember: a restored database, or a new one
        answer = _sent(to, owed, _size(answer.body, owed.size))
    if answer.status in (STATUS_CONFLICT, STATUS_NOT_CONSISTENT):
        raise NotVouched(checkpoints.INCONSISTENT)
    at = notes.cosigned_at(notes.Checkpoint.read(bytes(owed.note)).body, answer.body, to.key)
    if answer.status != STATUS_OK or at is None:
        raise NotVouched(checkpoints.UNKNOWN)
    checkpoints.vouched(owed, to.key.name, answer.body, datetime.fromtimestamp(at, UTC), timezone.now())


def _size(body: bytes, ours: int) -> int:
    """The size that the witness saw last. Larger than ours: entries are gone that it has seen."""
    try:
        size = int(body)
    except ValueError as error:
        raise NotVouched(checkpoints.UNKNOWN) from error
    if size > ours or size < 0:
        raise NotVouched(checkpoints.INCONSISTENT)
    return size


def _sent(to: Trusted, owed: Checkpoint, old: int) -> http.Answer:
    leaves = Entry.objects.filter(index__lt=owed.size).order_by("index").values_list("leaf", flat=True)
    proof = proofs.consistency_proof([bytes(leaf) for leaf in leaves], old) if 0 < old < owed.size else []
    body = witness.request(old, proof, bytes(owed.note))
    return http.post(
        f"{to.url}/add-checkpoint", body=body, headers={"Content-Type": "text/plain"}, limit=timestamps.LIMIT
    )
