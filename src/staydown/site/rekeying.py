"""Bringing fingerprints and keyed digests under today's fingerprint key, while no program runs.

A fingerprint's row says by itself how many keys ago it was sealed: it is sealed anew and its digests keyed once more in one
statement. Digests that stand alone are done in one transaction, together with the journal entry by which the next run
knows that they are. Killed anywhere, it goes on when it is run again.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils import timezone

from staydown.banks import segments
from staydown.banks.models import Fingerprint, Segment
from staydown.cases.models import Report, Script
from staydown.journal.acting import action, note
from staydown.journal.models import Entry, Tree
from staydown.journal.rules import EMPTY_ROOT
from staydown.platforms.models import Account, Recalled
from staydown.promises.models import Heartbeat
from staydown.site.trouble import Trouble
from staydown.vault import fingerprints as sealed

BATCH = 500
DIGESTS = ("exact", "bare", "sha1", "md5")  # columns and kinds are called alike
ALONE: tuple[tuple[type[models.Model], str, str], ...] = (
    (Report, "reporter_ref", "pseudonym"),
    (Recalled, "asked", "request"),
    (Script, "digest", "script"),
    (Account, "holder", "holder"),
)
REKEYED = "keys.fingerprint_rekeyed"
ALIVE = timedelta(seconds=15)


def must_be_stopped() -> None:
    """Raise `Trouble` while a worker says that it lives: programs with the former key would miss what is banked."""
    if Heartbeat.objects.filter(seen_at__gt=timezone.now() - ALIVE).exists():
        raise Trouble(
            "Staydown is running. Stop `staydown serve` on every machine, wait 15 seconds, and run this again."
        )


def rekey() -> Iterator[int]:
    """Bring everything under today's key; answers how many fingerprints were changed, every now and then."""
    changed = 0
    for rows in _batches():
        changed += sum(_rekeyed(row) for row in rows)
        yield changed
    rekey_alone()
    for name in segments.NAMES:  # made anew from the tables
        for path in Path(settings.DATA, "segments").glob(f"{name}.*"):
            path.unlink()
    Segment.objects.all().delete()


def _batches() -> Iterator[list[Fingerprint]]:
    batch = list(Fingerprint.objects.order_by("seq")[:BATCH])
    while batch:
        yield batch
        batch = list(Fingerprint.objects.filter(seq__gt=batch[-1].seq).order_by("seq")[:BATCH])


def _rekeyed(row: Fingerprint) -> bool:
    clear, age = sealed.unseal_aged(row.kept_sealed)
    if not age:
        return False
    known = {name: bytes(getattr(row, name)) for name in DIGESTS if getattr(row, name)}
    digests = {name: sealed.keyed_again(digest, name, age) for name, digest in known.items()}
    return bool(Fingerprint.objects.filter(pk=row.pk).update(kept_sealed=sealed.seal(clear), **digests))


@action
def rekey_alone() -> None:
    """Key once more the digests that no sealed column stands beside."""
    age = _age_of_alone()
    if not age:
        return
    for model, column, kind in ALONE:
        rows = model.objects.exclude(**{column: None}).values_list("pk", column)  # type: ignore[attr-defined]  # every model has it
        for pk, digest in rows.iterator(chunk_size=BATCH):
            again = sealed.keyed_again(bytes(digest), kind, age)
            model.objects.filter(pk=pk).update(**{column: again})  # type: ignore[attr-defined]  # the same
    tree, _ = Tree.objects.get_or_create(pk=1, defaults={"root": EMPTY_ROOT})
    note(REKEYED, about=tree, by="operator", now=timezone.now(), key=sealed.key_names()[0])


def _age_of_alone() -> int:
    """How many keys ago they were keyed: by the journal's last word of a key that is still known, or the first key."""
    names = sealed.key_names()
    # The facts are read whole: SQLite gives one of them out of its JSON, and a name such as 1234e567 would become a number.
    rekeyed = Entry.objects.filter(act=REKEYED, facts__key__in=names).order_by("-index")
    told = rekeyed.values_list("facts", flat=True).first()
    return names.index(told["key"]) if told else len(names) - 1
