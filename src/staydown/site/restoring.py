"""A deployment made again from a backup, in an empty place: verified before it has its name.

On SQLite the database is written into `data/.restoring/`, which the next restore empties; it is moved to its place once
the backup was found whole and the journal in it verified. On PostgreSQL one transaction fills the empty database, and
cannot be committed before the last part, which is given out only once the whole backup was found whole.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from staydown.site import key_files, restoring_evidence
from staydown.site.archives import Manifest, Reading
from staydown.site.home import Home
from staydown.site.trouble import Trouble
from staydown.vault import sealed_files

FILE = "staydown.sqlite3"
UNFINISHED = ".restoring"

type Setup = Callable[[Path], None]  # sets Django up on a data folder


def restore(path: Path, identities: Sequence[Any], home: Home, setup: Setup) -> Manifest:
    """Fill the empty place of `home`, whose keys are there. Raises `Trouble`, `NotABackup`, what `opened` raises."""
    if not home.is_made():
        raise Trouble(f"{home.keys} is missing. Bring the copy of the keys back first: they are in no backup.")
    with sealed_files.opened(path, identities) as content:
        reading = Reading(content)
        if _address(home):
            _must_be(reading.manifest, "postgresql")
            setup(_data(home))
            _into_postgresql(reading, home)
            _tell(home)
        else:
            _must_be(reading.manifest, "sqlite")
            _into_sqlite(reading, home, setup)
    return reading.manifest


def _data(home: Home) -> Path:
    return Path(key_files.value_of(home, "STAYDOWN_DATA") or home.data)


def _address(home: Home) -> str:
    return key_files.value_of(home, "STAYDOWN_DATABASE")


def _must_be(manifest: Manifest, kind: str) -> None:
    if manifest.database != kind:
        raise Trouble(
            f"This backup is of a {manifest.database} database, and STAYDOWN_DATABASE names a {kind} one. "
            "Give the programs' files the address of an empty database of that kind, or none for SQLite."
        )


def _into_sqlite(reading: Reading, home: Home, setup: Setup) -> None:
    data = _data(home)
    final = data / FILE
    if final.exists():
        raise Trouble(f"{final} exists already and stays as it is. Restore into an empty place.")
    with _unfinished(data) as folder, restoring_evidence.into_store(home, data) as keep:
        with (folder / FILE).open("xb") as file:
            for part in reading.database(keep):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        setup(folder)
        _must_be_the_same(reading.manifest)
        _tell(home)
        final.hardlink_to(folder / FILE)


@contextmanager
def _unfinished(data: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards, with what a restore that was killed left in it."""
    folder = data / UNFINISHED
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        key_files.sync(data)


def _into_postgresql(reading: Reading, home: Home) -> None:
    from staydown.site import snapshots  # needs Django

    evidence = restoring_evidence.into_store(home, _data(home))
    with evidence as keep, snapshots.filling_postgresql() as into:
        for part in reading.database(keep):
            into.write(part)
    _must_be_the_same(reading.manifest)


def _must_be_the_same(manifest: Manifest) -> None:
    """Raise `Trouble` unless the journal is whole, and the one that the backup says it holds."""
    from staydown.journal.models import Tree
    from staydown.journal.verify import verify

    findings = verify()
    tree = Tree.objects.filter(pk=1).first()
    now = (tree.size, bytes(tree.root).hex()) if tree else (0, "")
    if findings or now != (manifest.journal_size, manifest.journal_root):
        first = findings[0] if findings else "its root is not the one of the manifest"
        raise Trouble(
            f"The backup is whole, but the journal in it is not ({first}): the deployment it was made of had been changed. "
            "Restore an older one. A PostgreSQL database is filled now: drop it."
        )


def _tell(home: Home) -> None:
    """Journal it, and have digests keyed once more where the fingerprint key was changed since."""
    from django.db import connection
    from django.utils import timezone

    from staydown.journal.acting import action, note
    from staydown.journal.models import Tree

    tree = Tree.objects.filter(pk=1).first()
    if tree:
        action(note)("backup.restored", about=tree, by="operator", now=timezone.now(), entries=tree.size)
    connection.close()  # SQLite: what is in the write-ahead log goes into the file
    if len(key_files.keys_of(home, key_files.FINGERPRINT)) > 1:
        key_files.begin(home)
