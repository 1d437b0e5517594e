"""The verbs of evidence: it is wanted, then sealed, or it is written down why not; a removal waits for that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from staydown.journal.acting import action, note
from staydown.promises.actions import owe
from staydown.regimes.lawful import Feature, permission
from staydown.site import deployment
from staydown.vault.evidence.models import Evidence, Handed, Waiting
from staydown.vault.evidence.rules import MEDIA, MOST_UNREADABLE, WAIT_SECONDS, EvidenceState, Kind, Reason
from staydown.vault.evidence.sealing import Laid

if TYPE_CHECKING:
    from staydown.cases.models import Addition, Case, Report
    from staydown.platforms.models import Check, Item, Order, Platform

type Barrier = tuple[EvidenceState, Reason] | None

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
def want(case: "Case", item: "Item", now: datetime, kind: Kind = Kind.ITEM) -> Evidence:
    """Owe the sealing of an item's original, or of its page, in a case; or say at once why it will not be sealed."""
    row, made = Evidence.objects.get_or_create(case=case, item=item, kind=kind, defaults={"wanted_at": now})
    return _wanted(row, made, _barrier(case, kind, item.platform), now)


@action
def want_upload(case: "Case", check: "Check", now: datetime, *, unreadable: bool = False) -> Evidence:
    """Owe the sealing of an upload that was stopped for a person, as `want`. Of those that nobody can open, of some."""
    row, made = Evidence.objects.get_or_create(case=case, check_row=check, kind=Kind.CHECK, defaults={"wanted_at": now})
    uploads = Evidence.objects.filter(case=case, kind=Kind.CHECK)
    many = unreadable and uploads.count() > MOST_UNREADABLE
    barrier = (EvidenceState.UNOBTAINABLE, Reason.TOO_MANY) if many else _barrier(case, Kind.CHECK, check.platform)
    return _wanted(row, made, barrier, now)


@action
def want_words(report: "Report", now: datetime, addition: "Addition | None" = None) -> Evidence:
    """Owe the sealing of what a reporter wrote, or added later, to the case's key: it outlives the working key."""
    about = {"addition": addition} if addition else {"report": report}
    kind = Kind.ADDITION if addition else Kind.REPORT
    row, made = Evidence.objects.get_or_create(**about, kind=kind, defaults={"case": report.case, "wanted_at": now})
    return _wanted(row, made, _barrier(report.case, kind, None), now)


def _wanted(row: Evidence, made: bool, barrier: Barrier, now: datetime) -> Evidence:
    if not made and (barrier or not row.move(EvidenceState.UNOBTAINABLE, to=EvidenceState.WANTED, attempts=0)):
        return row
    if barrier:
        not_sealed(row, *barrier, now)
    else:
        owe("staydown.vault.evidence.tasks.seal", str(row.pk), key=f"seal:{row.pk}", priority=SOON)
    return row


def _barrier(case: "Case", kind: Kind, platform: "Platform | None") -> Barrier:
    """Why no attempt is made: the law of our role, nobody to seal to, or nobody to ask."""
    if kind in MEDIA and not may_take(case):
        return EvidenceState.FORBIDDEN, Reason.ROLE
    if not settings.CUSTODIANS:
        return EvidenceState.UNOBTAINABLE, Reason.NO_CUSTODIANS
    if platform and not (platform.evidence_url and platform.webhook_secret_sealed):
        return EvidenceState.UNOBTAINABLE, Reason.NO_ADDRESS
    return None


def may_take(case: "Case") -> bool:
    """Whether this deployment may receive the media of a case at all."""
    features = [Feature.RECEIVE_MEDIA, *([Feature.RECEIVE_CHILD_MEDIA] if case.needs_clearance else [])]
    return all(permission(feature, deployment.here()).allowed for feature in features)


@action
def sealed(row: Evidence, made: Laid, stored: Stored, now: datetime) -> bool:
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
    Handed.objects.filter(evidence=row).delete()
    facts = {
        "sealed_sha256": made.sealed_sha256.hex(),
        "sealed_size": made.sealed_size,
        "record": stored.record,
        "sealed_record_sha256": stored.record_sha256.hex(),
    }
    note("evidence.sealed", about=row, by=BY, now=now, **what(row), **facts)
    _let_go(row)
    return True


@action
def not_sealed(row: Evidence, state: EvidenceState, reason: Reason, now: datetime) -> None:
    """Write down that an original is not sealed, and why."""
    if row.move(EvidenceState.WANTED, to=state, reason=reason, settled_at=now):
        Handed.objects.filter(evidence=row).delete()
        note("evidence.not_sealed", about=row, by=BY, now=now, state=state.value, reason=reason.value, **what(row))
        _let_go(row)


def what(row: Evidence) -> dict[str, str]:
    """What a row of evidence is about, for the journal."""
    about = {name: getattr(row, f"{name}_id") for name in ("item", "check_row", "report", "addition")}
    named = {name.removesuffix("_row"): str(pk) for name, pk in about.items() if pk}
    return {"case": str(row.case_id), "kind": Kind(row.kind).value, **named}


@action
def forget_words(report: "Report", now: datetime) -> None:
    """Let go of what a reporter wrote, which she took back: the rows now, what is in the store by a promise."""
    for row in Evidence.objects.filter(Q(report=report) | Q(addition__report=report)):
        if row.folder:
            owe("staydown.vault.evidence.tasks.erase", row.folder, key=f"erase:{row.pk}")
        note("evidence.taken_back", about=report, by="reporter", now=now, evidence=str(row.pk), kind=row.kind)
        row.delete()


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
        note("evidence.gap", about=row, by=BY, now=now, order=order_id, **what(row))
    _tell(waiting)
