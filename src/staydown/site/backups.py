"""Backups: one file, sealed to several people, from which a deployment can be made again where its keys are.

In it is the database as of one moment, and the evidence that it says is sealed, as it lies in the store (`archives`);
nothing else: no keys, no index files, no copies for reviewers, and no media of a case in which a child is or may be shown
(decision 6; "not known" counts as a child where something is stored, decision 16).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection

from staydown.journal.acting import action, note
from staydown.journal.models import Tree
from staydown.site import archives, snapshots
from staydown.site.archives import Manifest
from staydown.site.snapshots import Piece
from staydown.vault import sealed_files
from staydown.vault.evidence import sealing
from staydown.vault.evidence.objects import Objects

RECORD = "record"


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and which evidence was found missing or altered; what is altered is in it as it is."""

    manifest: Manifest
    wrong: tuple[str, ...]


def make(path: Path, people: Sequence[Any], now: datetime, store: Objects | None) -> Made:
    """Write a backup, sealed to these people (`sealed_files.recipients_of`), and journal it; without a store, no evidence.

    Raises FileExistsError, OSError, `Trouble`.
    """
    with sealed_files.sealing(path, people) as into, snapshots.taken() as snapshot:
        pieces = [piece for piece in snapshot.evidence if not piece.of_a_child] if store else []
        manifest = Manifest(
            format=archives.FORMAT,
            made_at=now.isoformat(),
            staydown=version("staydown"),
            database=connection.vendor,
            journal_size=snapshot.size,
            journal_root=snapshot.root.hex(),
            evidence=len(pieces),
            evidence_left_out=len(snapshot.evidence) - len(pieces),
        )
        wrong: list[str] = []
        archives.write(into, manifest, snapshot.content, _stored(pieces, store, wrong), now)
    _tell(path.stat().st_size, len(people), manifest, now)
    return Made(manifest, tuple(wrong))


def _stored(pieces: Sequence[Piece], store: Objects | None, wrong: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every object of these pieces as it lies in the store, and into `wrong` what is not as its row says."""
    for piece in pieces if store else ():
        digest = hashlib.sha256()
        for number in range(piece.parts):
            name = sealing.part(piece.folder, number)
            if data := _object(store, name, wrong):
                digest.update(data)
                yield name, data
        name = f"{piece.folder}/{RECORD}"
        record = _object(store, name, wrong)
        if record:
            yield name, record
        if (digest.digest(), hashlib.sha256(record).digest()) != (piece.sha256, piece.record_sha256):
            wrong.append(f"{piece.folder} is not what was sealed")


def _object(store: Objects | None, name: str, wrong: list[str]) -> bytes:
    """An object's bytes; none where it is not there, or larger than any that was written."""
    try:
        data = store.get(name) if store else b""
    except FileNotFoundError:
        wrong.append(f"{name} is missing")
        return b""
    if len(data) > archives.LARGEST:
        wrong.append(f"{name} is larger than it was")
        return b""
    return data


@action
def _tell(size: int, people: int, manifest: Manifest, now: datetime) -> None:
    tree = Tree.objects.filter(pk=1).first()
    if tree:
        facts = {"bytes": size, "people": people, "evidence": manifest.evidence}
        note("backup.made", about=tree, by="operator", now=now, **facts)
