"""Destroying what is sealed in cases: first the key halves, which makes every copy unreadable, then the ciphertext."""

from datetime import datetime
from typing import TYPE_CHECKING

from obstore.exceptions import NotFoundError, PermissionDeniedError

from staydown.vault.evidence.models import CaseKey, Evidence, Handed
from staydown.vault.evidence.objects import Objects
from staydown.vault.evidence.rules import EvidenceState, Reason

if TYPE_CHECKING:
    from staydown.cases.models import Case


def destroy_keys(cases: "list[Case]", now: datetime) -> dict[str, int]:
    """Destroy the cases' private halves and say of each original that it is gone, in the caller's transaction."""
    keys = CaseKey.objects.filter(case__in=cases, private_half__isnull=False).update(private_half=None)
    Handed.objects.filter(evidence__case__in=cases).delete()
    originals = 0
    for row in Evidence.objects.filter(case__in=cases, state__in=(EvidenceState.SEALED, EvidenceState.WANTED)):
        originals += row.state == EvidenceState.SEALED
        nows = (EvidenceState.SEALED, EvidenceState.WANTED)
        row.move_from_any(nows, to=EvidenceState.UNOBTAINABLE, reason=Reason.DESTROYED, settled_at=now)
    return {"keys": keys, "originals": originals}


def delete_objects(cases: "list[Case]", objects: Objects) -> tuple[int, int]:
    """Delete all ciphertext of these cases; how many objects went, and how many the store would not give up."""
    deleted = left = 0
    for case in cases:
        for name in objects.names(str(case.pk)):
            try:
                objects.delete(name)
                deleted += 1
            except (FileNotFoundError, NotFoundError):
                continue
            except (PermissionError, PermissionDeniedError):
                left += 1
    return deleted, left
