"""The custody log of a case's evidence: the journal's entries about it, each with a proof that it is in a signed tree."""

import time
from typing import Any

from django.conf import settings

from staydown.cases.models import Case
from staydown.journal import proofs, rules
from staydown.journal.heads import SignedHead
from staydown.journal.models import Entry, Head
from staydown.vault.evidence.models import CaseKey, Evidence, Release

HEAD_SECONDS = 20.0


class NotSigned(ValueError):
    """The journal's last entries are not signed yet: the worker signs them within a second. See that it runs."""


def log(case: Case, wait_seconds: float = HEAD_SECONDS) -> dict[str, Any]:
    """Entries, inclusion proofs, and the head they lead to, as JSON. Raises `NotSigned`."""
    entries = list(Entry.objects.filter(about__in=_about(case), salt__isnull=False).order_by("index"))
    head = _head(entries[-1].index + 1 if entries else 1, wait_seconds)
    leaves = _leaves(head.size)
    paths = proofs.inclusion_proofs(leaves, [entry.index for entry in entries])
    return {
        "entries": [_entry(entry) | {"proof": [step.hex() for step in paths[entry.index]]} for entry in entries],
        "head": {
            "size": head.size,
            "root": head.root.hex(),
            "signed_at": rules.moment(head.signed_at),
            "signature": head.signature.hex(),
        },
        "journal_public": settings.JOURNAL_PUBLIC.hex(),
    }


def _about(case: Case) -> list[str]:
    rows = [*CaseKey.objects.filter(case=case), *Evidence.objects.filter(case=case), *Release.objects.filter(case=case)]
    return [f"{row._meta.label_lower}:{row.pk}" for row in rows]


def _head(size: int, seconds: float) -> SignedHead:
    latest = time.monotonic() + seconds
    while (row := Head.objects.filter(size__gte=size).order_by("-size").first()) is None:
        if time.monotonic() > latest:
            raise NotSigned(NotSigned.__doc__)
        time.sleep(0.2)
    return SignedHead.of(row)


def _leaves(size: int) -> list[bytes]:
    return [
        bytes(leaf) for leaf in Entry.objects.filter(index__lt=size).order_by("index").values_list("leaf", flat=True)
    ]


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "index": entry.index,
        "at": rules.moment(entry.at),
        "act": entry.act,
        "actor": entry.actor,
        "about": entry.about,
        "facts": entry.facts,
        "salt": bytes(entry.salt or b"").hex(),
    }
