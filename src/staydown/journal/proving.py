"""Entries of the journal as a stranger can check them: each with a proof that it is in the tree whose head is signed."""

import time
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from staydown.journal import proofs, rules
from staydown.journal.checkpoints import journal_keys
from staydown.journal.heads import SignedHead
from staydown.journal.models import Entry, Head, Vouching
from staydown.journal.notes import Checkpoint

HEAD_SECONDS = 20.0


class NotSigned(ValueError):
    """The journal's last entries are not signed yet: the worker signs them within a second. See that it runs."""


def proven(entries: Sequence[Entry], wait_seconds: float = HEAD_SECONDS) -> dict[str, Any]:
    """The entries (none of them erased), inclusion proofs, and the head they lead to, as JSON. Raises `NotSigned`."""
    head = _head(entries[-1].index + 1 if entries else 1, wait_seconds)
    leaves = _leaves(head.size)
    paths = proofs.inclusion_proofs(leaves, [entry.index for entry in entries])
    return {
        "entries": [said(entry) | {"proof": [step.hex() for step in paths[entry.index]]} for entry in entries],
        "head": head.said(),
        "journal_public": settings.JOURNAL_PUBLIC.hex(),
        "stamped": _stamped(entries),
    }


def _stamped(entries: Sequence[Entry]) -> dict[str, Any] | None:
    """The newest checkpoint under today's key that an authority time-stamped, and proofs that lead to it."""
    stamped = Vouching.objects.filter(partner__in=getattr(settings, "TSA", ())).order_by("-checkpoint")
    for row in stamped.select_related("checkpoint")[:1]:
        note = bytes(row.checkpoint.note)
        if not Checkpoint.read(note).is_signed(journal_keys()[:1]):
            return None
        size = row.checkpoint_id
        paths = proofs.inclusion_proofs(_leaves(size), [entry.index for entry in entries if entry.index < size])
        stamps = row.checkpoint.vouchings.filter(partner__in=settings.TSA).order_by("partner")
        return {
            "checkpoint": note.decode(),
            "stamps": [{"by": each.partner, "response": b64encode(bytes(each.data)).decode()} for each in stamps],
            "proofs": {str(index): [step.hex() for step in path] for index, path in paths.items()},
        }
    return None


def said(entry: Entry) -> dict[str, Any]:
    """What an entry commits to, with its salt, as JSON."""
    return {
        "index": entry.index,
        "at": rules.moment(entry.at),
        "act": entry.act,
        "actor": entry.actor,
        "about": entry.about,
        "facts": entry.facts,
        "salt": bytes(entry.salt or b"").hex(),
    }


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
