"""The custody log of a case's evidence: the journal's entries about it, and about who signs reports, each with a proof that
it is in a signed tree.
"""

from typing import Any

from django.db.models import Q

from staydown.cases.models import Case
from staydown.journal.models import Entry
from staydown.journal.proving import HEAD_SECONDS, NotSigned, proven
from staydown.vault.evidence.models import CaseKey, Evidence, Release

SIGNER = "keys.document_signer"  # who signs reports: the certificate's SHA-256

__all__ = ["NotSigned", "log"]


def log(case: Case, wait_seconds: float = HEAD_SECONDS) -> dict[str, Any]:
    """Entries, inclusion proofs, and the head they lead to, as JSON. Raises `NotSigned`."""
    ours = Q(about__in=_about(case)) | Q(act=SIGNER)
    entries = Entry.objects.filter(ours, salt__isnull=False).order_by("index")
    return proven(list(entries), wait_seconds)


def _about(case: Case) -> list[str]:
    rows = [*CaseKey.objects.filter(case=case), *Evidence.objects.filter(case=case), *Release.objects.filter(case=case)]
    return [f"{row._meta.label_lower}:{row.pk}" for row in rows]
