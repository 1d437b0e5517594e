"""Backups: one file, sealed to several people, from which a deployment can be made again where its keys are.

In it is the database as of one moment (`archives`), and nothing else: no keys, no review copies, no media, no index files.
"""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection

from staydown.journal.acting import action, note
from staydown.journal.models import Tree
from staydown.site import archives, snapshots
from staydown.site.archives import Manifest
from staydown.vault import sealed_files


def make(path: Path, people: Sequence[Any], now: datetime) -> Manifest:
    """Write a backup, sealed to these people (`sealed_files.recipients_of`), and journal it.

    Raises FileExistsError, OSError, `Trouble`.
    """
    with sealed_files.sealing(path, people) as into, snapshots.taken() as snapshot:
        manifest = Manifest(
            format=archives.FORMAT,
            made_at=now.isoformat(),
            staydown=version("staydown"),
            database=connection.vendor,
            journal_size=snapshot.size,
            journal_root=snapshot.root.hex(),
        )
        archives.write(into, manifest, snapshot.content, now)
    _tell(path.stat().st_size, len(people), now)
    return manifest


@action
def _tell(size: int, people: int, now: datetime) -> None:
    tree = Tree.objects.filter(pk=1).first()
    if tree:
        note("backup.made", about=tree, by="operator", now=now, bytes=size, people=people)
