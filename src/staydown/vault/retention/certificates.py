"""The certificate of a destruction: what was destroyed, by which rule, on whose word, and the journal's proof of it."""

from datetime import datetime
from typing import Any

from staydown.journal import rules as journal
from staydown.journal.models import Entry
from staydown.journal.proving import HEAD_SECONDS, proven
from staydown.regimes.retention import Rule, rules
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.rules import DestructionState

FORMAT = "staydown certificate of destruction v1"
NOT_COVERED = (
    "Backups made before the destruction hold what they held: destroy them, or restore none of them without doing this again.",
    "Packages released to custodians or handed to an authority before are with them.",
    "A store that keeps deleted versions (S3 with versioning or object lock) keeps ciphertext; its key is destroyed.",
)


class NotDone(ValueError):
    """This destruction is not done, so there is no certificate of it. `staydown retention list` shows where it stands."""


def certificate(row: Destruction, wait_seconds: float = HEAD_SECONDS) -> dict[str, Any]:
    """The certificate as JSON. Raises `NotDone` and `journal.proving.NotSigned`."""
    if row.state != DestructionState.DONE:
        raise NotDone(NotDone.__doc__)
    about = f"{row._meta.label_lower}:{row.pk}"
    entries = list(
        Entry.objects.filter(about=about, salt__isnull=False).exclude(act="journal.erased").order_by("index")
    )
    return {
        "format": FORMAT,
        "id": str(row.pk),
        "case": str(row.case_id),
        "reference": row.case.reference,
        "what": row.what,
        "rule": _rule(row.rule),
        "by": row.by.journal_name if row.by else "the policy of the timer",
        "second": row.second_by.journal_name if row.second_by else None,
        "proposed_at": _moment(row.proposed_at),
        "agreed_at": _moment(row.answered_at),
        "erased_at": _moment(row.erased_at),
        "done_at": _moment(row.done_at),
        "destroyed": row.counts,
        "not_covered": list(NOT_COVERED),
        "journal": proven(entries, wait_seconds),
    }


def _moment(at: datetime | None) -> str | None:
    return journal.moment(at) if at else None


def _rule(name: str) -> dict[str, str] | None:
    """The rule of the schedule, in the words of its data; None where two people destroyed before any rule asked."""
    found: Rule | None = next((rule for rule in rules() if rule.id == name), None)
    if found is None:
        return None
    return {
        "id": found.id,
        "law": found.law,
        "article": found.article,
        "keep": str(found.keep),
        "since": found.since.value,
    }
