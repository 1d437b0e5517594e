"""What an index starts from instead of the tables: a sealed segment in the data folder, written by the worker.

The tables are the truth. The database says of each segment how far it goes (`models.Segment`): a file it does not
know, or one that is further than it says, is of another history (a backup was restored), and is not used. Whatever is
wrong with a file, the index is built from the tables instead, which takes longer and finds the same.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from staydown.banks.models import Segment
from staydown.matching import Changes, Damaged, Index
from staydown.vault import fingerprints as keys
from staydown.vault import indexes
from staydown.vault.segments import Sealed, Unusable

log = structlog.get_logger(__name__)
NAMES = ("catalogue",)
SMALL = 10_000  # ids: fewer are as quickly read from the tables
RECORDS = 4_000  # behind one segment, before it is written anew

Batches = Callable[[int, int], Iterator[tuple[Changes, int]]]  # changes between two generations, in order


@dataclass(slots=True)
class Start:
    """An index to go on from, and the memory it looks into, if that was opened from a segment."""

    index: Index
    opened: indexes.Opened | None = None


def sealed(name: str) -> Sealed:
    """The file of a segment."""
    return Sealed(Path(settings.DATA) / "segments" / f"{name}.segment", name, keys.segment_key())


def start(name: str, radius: int) -> Start:
    """An index as far as its segment goes; an empty one, and why in the log, where no segment can be used."""
    permutation = np.array(keys.order_of_bits(), np.uint8)
    try:
        opened = indexes.opened(sealed(name), permutation, _written(name))
    except FileNotFoundError:
        return Start(Index(radius, permutation=permutation))
    except (Unusable, Damaged) as error:
        log.warning("segment not used, the index is built from the tables", name=name, error=type(error).__name__)
        _put_aside(name)
        return Start(Index(radius, permutation=permutation))
    log.info("segment opened", name=name, ids=len(opened.index), attached=opened.attached, torn=opened.torn)
    return Start(opened.index, opened)


def _put_aside(name: str) -> None:
    """Let a file that cannot be used be seen by who looks for the cause, and be in nobody's way."""
    with contextlib.suppress(FileNotFoundError):
        sealed(name).path.replace(refused(name))


def refused(name: str) -> Path:
    """Where a file goes that could not be used."""
    return sealed(name).path.with_suffix(".refused")


def _written(name: str) -> int:
    """How far the database says the file goes. Raises `Unusable` for a file it does not know or that is further."""
    with sealed(name).reading() as reader:
        row = Segment.objects.filter(salt=reader.salt, name=name).first()
        if row is None or indexes.extent(reader).head.generation > row.generation:
            raise Unusable(Unusable.__doc__)
    return row.generation


def keep(name: str, index: Callable[[], Index], upto: int, batches: Batches) -> None:
    """Bring a segment up to a generation: by a few records, or anew once those are many or the file cannot be used."""
    try:
        after = _written(name)
        with sealed(name).reading() as reader:
            extent = indexes.extent(reader)
    except (FileNotFoundError, Unusable, Damaged):
        _write(name, index())
        return
    many = extent.logged > max(SMALL, extent.head.ids // 8) or extent.records > RECORDS
    if many or extent.generation != after:  # or written, and killed before the database was told
        _write(name, index())
    else:
        _add(name, reader.salt, batches(after, upto), after)


def _add(name: str, salt: bytes, batches: Iterator[tuple[Changes, int]], after: int) -> None:
    for changes, generation in batches:
        if not indexes.add(sealed(name), after, changes, generation):
            return  # another worker is at it
        Segment.objects.filter(salt=salt).update(generation=generation, written_at=timezone.now())
        after = generation


def _write(name: str, index: Index) -> None:
    if len(index) < SMALL:
        return
    before, generation = _salt(name), index.generation
    salt = indexes.store(sealed(name), index)
    with transaction.atomic():
        Segment.objects.filter(salt=before).delete()
        Segment.objects.create(salt=salt, name=name, generation=generation, written_at=timezone.now())
    log.info("segment written", name=name, ids=len(index), generation=generation)


def _salt(name: str) -> bytes:
    with contextlib.suppress(FileNotFoundError, Unusable), sealed(name).reading() as reader:
        return reader.salt
    return b""


def look(name: str) -> str:
    """What is, or was, wrong with a segment, every byte of which is read; empty where nothing is, or there is none."""
    try:
        _written(name)
        indexes.check(sealed(name))
    except FileNotFoundError:
        return "put aside" if refused(name).exists() else ""
    except (Unusable, Damaged):
        return "cannot be used"
    return "put aside" if refused(name).exists() else ""
