"""The verbs of evidence: it is wanted, then sealed, or it is written down why not; a removal waits for that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from staydown.journal.acting import action, note
from staydown.promises.actions import owe
from staydown.regimes.lawful import Feature, permission
from staydown.site import deployment
from staydown.vault import words
from staydown.vault.evidence.models import CaseKey, Evidence, Waiting
from staydown.vault.evidence.rules import WAIT_SECONDS, EvidenceState, Reason
from staydown.vault.evidence.sealing import Sealed

if TYPE_CHECKING:
    from staydown.cases.models import Case
    from staydown.platforms.models import Item, Order

SOON = 5  # before ordinary promises, after deliveries
URGENT = 10
BY = "vault"
SETTLED = (EvidenceState.SEALED, EvidenceState.UNOBTAINABLE, EvidenceState.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an original was put: the folder in the store, its sealed record's SHA-256, and the record's own (hex)."""

    folder: str
    record_sha256: bytes
    record: str


@action
def want(case: "Case", item: "Item", now: datetime) -> Evidence:
    """Owe the sealing of an item's original in a case; or say at once why it will not be sealed."""
    row, made = Evidence.objects.get_or_create(case=case, item=item, defaults={"wanted_at": now})
    barrier = _barrier(case, item)
    if not made and (barrier or not row.move(EvidenceState.UNOBTAINABLE, to=EvidenceState.WANTED, attempts=0)):
        return row
    if barrier:
        not_sealed(row, *barrier, now)
    else:
        owe("staydown.vault.evidence.tasks.seal", str(row.pk), key=f"seal:{row.pk}", priority=SOON)
    return row


def _barrier(case: "Case", item: "Item") -> tuple[EvidenceState, Reason] | None:
    """Why no attempt is made: the law of our role, nobody to seal to, or nobody to ask."""
    if not may_take(case):
        return EvidenceState.FORBIDDEN, Reason.ROLE
    if not settings.CUSTODIANS:
        return EvidenceState.UNOBTAINABLE, Reason.NO_CUSTODIANS
    if not (item.platform.evidence_url and item.platform.webhook_secret_sealed):
        return EvidenceState.UNOBTAINABLE, Reason.NO_ADDRESS
    return None


def may_take(case: "Case") -> bool:
    """Whether this deployment may receive the media of a case at all."""
    features = [Feature.RECEIVE_MEDIA, *([Feature.RECEIVE_CHILD_MEDIA] if case.needs_clearance else [])]
    return all(permission(feature, deployment.here()).allowed for feature in features)


@action
def sealed(row: Evidence, made: Sealed, stored: Stored, now: datetime) -> bool:
    """Write down that an original is sealed, and let the removal go that waited for it; False when it was before."""
    moved = row.move(
        EvidenceState.WANTED,
        to=EvidenceState.SEALED,
        settled_at=now,
        folder=stored.folder,
        parts=made.parts,
        size=made.sealed_size,
        sha256=made.sealed_sha256,
        record_sha256=stored.record_sha256,
        reason="",
    )
    if not moved:
        return False
    facts = {"sealed_sha256": made.sealed_sha256.hex(), "sealed_size": made.sealed_size, "record": stored.record}
    note("evidence.sealed", about=row, by=BY, now=now, case=str(row.case_id), item=str(row.item_id), **facts)
    _let_go(row)
    return True


@action
def not_sealed(row: Evidence, state: EvidenceState, reason: Reason, now: datetime) -> None:
    """Write down that an original is not sealed, and why."""
    if row.move(EvidenceState.WANTED, to=state, reason=reason, settled_at=now):
        facts = {"case": str(row.case_id), "item": str(row.item_id)}
        note("evidence.not_sealed", about=row, by=BY, now=now, state=state.value, reason=reason.value, **facts)
        _let_go(row)


def wait(order: "Order", row: Evidence, now: datetime) -> bool:
    """Keep a removal order back until its evidence is settled, at most so long as decision 10 says; False when it was
    settled meanwhile.
    """
    if Evidence.objects.select_for_update().get(pk=row.pk).state != EvidenceState.WANTED:
        return False
    until = now + timedelta(seconds=WAIT_SECONDS)
    Waiting.objects.create(order=order, evidence=row, until=until)
    owe("staydown.vault.evidence.tasks.proceed", str(order.pk), key=f"proceed:{order.pk}", run_after=until)
    return True


def _let_go(row: Evidence) -> None:
    for waiting in Waiting.objects.filter(evidence=row).select_related("order__platform"):
        _tell(waiting)


def _tell(waiting: Waiting) -> None:
    """The order is told to its platform from now on."""
    order = waiting.order
    waiting.delete()
    if order.platform.webhook_url:
        owe("staydown.platforms.tasks.deliver", str(order.pk), key=f"deliver:{order.pk}", priority=URGENT)


@action
def proceed(order_id: str, now: datetime) -> None:
    """The time of a removal is over and its evidence is not there: it goes out, and the gap is written down."""
    waiting = Waiting.objects.select_for_update().filter(order_id=order_id).first()
    if waiting is None:
        return
    row = waiting.evidence
    if row.state == EvidenceState.WANTED:
        note("evidence.gap", about=row, by=BY, now=now, case=str(row.case_id), item=str(row.item_id), order=order_id)
    _tell(waiting)


def key_of(case: "Case", now: datetime) -> CaseKey:
    """The case's key pair, made now if there is none; the private half leaves this function sealed only."""
    found = CaseKey.objects.filter(case=case).first()
    if found:
        return found
    private, public = words.new_key_pair()
    return _keep_key(case, public, settings.CUSTODIANS.seal(private), now)


@action
def _keep_key(case: "Case", public: str, private_half: bytes, now: datetime) -> CaseKey:
    key, made = CaseKey.objects.get_or_create(
        case=case, defaults={"public": public, "private_half": private_half, "made_at": now}
    )
    if made:
        note("evidence.key_made", about=key, by=BY, now=now, case=str(case.pk), public=public)
    return key
