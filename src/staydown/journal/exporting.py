"""The whole journal as one file that verifies itself: `python3 -I journal.zip`, with no Staydown and no database.

journal.jsonl   the first line says what it is; then entries in order, signed heads and checkpoints where they belong
__main__.py     the verifier, short and meant to be read
"""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings

from staydown.journal import checkpoints, rules
from staydown.journal.actions import ERASED
from staydown.journal.errors import JournalError, NoHead
from staydown.journal.heads import SignedHead
from staydown.journal.models import Checkpoint, Entry, Head
from staydown.vault.whole_files import whole

FORMAT = "staydown journal export v1"
BATCH = 2000
COLUMNS = ("index", "at", "act", "actor", "about", "facts", "salt", "commitment")


class Meanwhile(JournalError):
    """Something was erased while the journal was read. Export it again."""


def export(path: Path, now: datetime) -> SignedHead:
    """Write the journal up to its latest signed head to a new file, while others append.

    Raises `NoHead`, `Meanwhile`, FileExistsError and OSError; then there is no file.
    """
    row = Head.objects.order_by("-size").first()
    if row is None:
        raise NoHead(NoHead.__doc__)
    head = SignedHead.of(row)
    with whole(path) as file:
        _write(file, head, now)
        if Entry.objects.filter(index__gte=head.size, act=ERASED).exists():
            raise Meanwhile(Meanwhile.__doc__)
    return head


def _write(file: io.BufferedWriter, head: SignedHead, now: datetime) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("__main__.py", (files("staydown.journal") / "data" / "verify.py").read_bytes())
        with made.open("journal.jsonl", "w", force_zip64=True) as into:
            for line in _lines(head, now):
                into.write(_json(line))


def _lines(head: SignedHead, now: datetime) -> Iterator[dict[str, Any]]:
    keys = [key.hex() for key in reversed((settings.JOURNAL_PUBLIC, *settings.FORMER_JOURNAL_PUBLICS))]
    yield {
        "format": FORMAT,
        "origin": checkpoints.origin(),
        "keys": keys,  # the oldest first
        "size": head.size,
        "exported_at": rules.moment(now),
    }
    coming = list(Checkpoint.objects.filter(size__lte=head.size).order_by("size").prefetch_related("vouchings"))
    waiting = iter(coming)
    due = next(waiting, None)
    rows = Entry.objects.filter(index__lt=head.size).order_by("index").values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=BATCH):
        yield _entry(row)
        while due is not None and due.size == row[0] + 1:
            yield _checkpoint(due)
            due = next(waiting, None)
    yield {"head": head.said()}


def _entry(row: tuple[Any, ...]) -> dict[str, Any]:
    index, at, act, actor, about, facts, salt, committed = row
    said = {"index": index, "at": rules.moment(at), "act": act}
    if salt is None:
        return said | {"erased": bytes(committed).hex()}
    return said | {"actor": actor, "about": about, "facts": facts, "salt": bytes(salt).hex()}


def _checkpoint(row: Checkpoint) -> dict[str, Any]:
    vouched = [
        {"by": each.partner, "data": base64.b64encode(bytes(each.data)).decode()} for each in row.vouchings.all()
    ]
    return {"checkpoint": bytes(row.note).decode(), "vouched": vouched}


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def _json(line: dict[str, Any]) -> bytes:
    return _encode(line).encode() + b"\n"
