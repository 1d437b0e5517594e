"""Whether checkpoints, and what others said of them, still say what they said."""

from collections.abc import Iterator

from django.conf import settings

from staydown.journal import checkpoints, notes, timestamps
from staydown.journal.findings import Finding
from staydown.journal.models import Checkpoint, Head, Vouching


def findings() -> Iterator[Finding]:
    """What is wrong with checkpoints; each is compared with the signed head of its size."""
    witnesses = {each.key.name: each.key for each in settings.WITNESSES}
    for row in Checkpoint.objects.order_by("size").prefetch_related("vouchings"):
        head = Head.objects.filter(size=row.size).first()
        try:
            note = notes.Checkpoint.read(bytes(row.note))
        except notes.BadNote:
            yield Finding("checkpoint altered", row.size, "it is no signed checkpoint")
            continue
        if (
            not note.is_signed(_keys(note.origin))
            or head is None
            or (note.size, note.root) != (row.size, bytes(head.root))
        ):
            yield Finding("checkpoint altered", row.size, "it is not the journal's, or of another tree")
        for vouching in row.vouchings.all():
            if not _holds(vouching, note, witnesses):
                yield Finding(
                    "vouching altered", row.size, f"what {vouching.partner} is said to have said is not its word"
                )


def _keys(origin: str) -> tuple[notes.Key, ...]:
    """The journal's keys under the name that it had then (its address may have changed since)."""
    return tuple(notes.Key(origin, notes.SIGNATURE, key.public) for key in checkpoints.journal_keys())


def _holds(row: Vouching, note: notes.Checkpoint, witnesses: dict[str, notes.Key]) -> bool:
    """Whether it is what the partner said; one that the settings no longer name cannot be asked."""
    data = bytes(row.data)
    if row.partner in settings.TSA:
        try:
            return timestamps.stamped_at(bytes(row.checkpoint.note), data, settings.TSA_ROOTS) == row.said_at
        except timestamps.NotStamped:
            return False
    if key := witnesses.get(row.partner):
        return notes.cosigned_at(note.body, data, key) == int(row.said_at.timestamp())
    return True
