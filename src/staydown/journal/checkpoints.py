"""Making checkpoints and keeping what others say of them. Who asks the others is `journal.sending`."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from staydown.journal import notes
from staydown.journal.models import Checkpoint, Head, Partner, Vouching

AWAY, REFUSED, INCONSISTENT, UNKNOWN = "away", "refused", "inconsistent", "unknown"


def origin() -> str:
    """The name of this deployment's journal: its app's address without https://, so that no two are called alike."""
    return settings.APP_URL.partition("://")[2] + "/journal"


def journal_keys() -> tuple[notes.Key, ...]:
    """By what its checkpoints are checked: today's key, then former ones."""
    return tuple(
        notes.Key(origin(), notes.SIGNATURE, public)
        for public in (settings.JOURNAL_PUBLIC, *settings.FORMER_JOURNAL_PUBLICS)
    )


def make(now: datetime) -> Checkpoint | None:
    """A checkpoint of the latest signed head; None where nothing was written since the last one. Needs the key."""
    head = Head.objects.order_by("-size").first()
    last = Checkpoint.objects.order_by("-size").first()
    if head is None or (last and last.size >= head.size):
        return None
    note = notes.sign(origin(), head.size, bytes(head.root), settings.JOURNAL_KEY)
    made, _ = Checkpoint.objects.get_or_create(pk=head.size, defaults={"note": note, "made_at": now})
    return made


def owed_to(name: str) -> Checkpoint | None:
    """The newest checkpoint, if this partner has not vouched for it. One that was missed needs no vouching of its own:
    it is the beginning of a newer one, and nobody can say any more what it was at the time.
    """
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None or newest.vouchings.filter(partner=name).exists():
        return None
    return newest


@transaction.atomic
def vouched(checkpoint: Checkpoint, name: str, data: bytes, said_at: datetime, now: datetime) -> None:
    """Keep what a partner said of a checkpoint."""
    Vouching.objects.get_or_create(checkpoint=checkpoint, partner=name, defaults={"data": data, "said_at": said_at})
    Partner.objects.update_or_create(
        pk=name, defaults={"size": checkpoint.size, "heard_at": now, "trouble": "", "troubled_at": None}
    )


def trouble(name: str, what: str, now: datetime) -> None:
    """Remember what is wrong with a partner, and since when: `staydown doctor` says it."""
    row, _ = Partner.objects.get_or_create(pk=name)
    since = row.troubled_at if row.trouble == what else now
    Partner.objects.filter(pk=name).update(trouble=what, troubled_at=since)
