"""An index out of its sealed segment: opened by the first process of a machine, attached to by the others."""

import os
from dataclasses import dataclass

from staydown.matching import Changes, Index, log, segment
from staydown.matching.kernel import best
from staydown.matching.segment import PAGE, Head
from staydown.matching.shuffling import Permutation
from staydown.vault.memory import Memory
from staydown.vault.segments import FRAME, Reader, Sealed


@dataclass(frozen=True, slots=True)
class Extent:
    """What a segment says of itself, the last generation in it or its log, and the records and ids of the log."""

    head: Head
    generation: int
    records: int
    logged: int


@dataclass(frozen=True, slots=True)
class Opened:
    """An index as of its segment and log, in the memory that it looks into: keep both together."""

    index: Index
    memory: Memory
    attached: bool  # another process had opened it
    torn: bool  # the last record was not whole, and is left out
    records: int


def store(sealed: Sealed, index: Index) -> bytes:
    """Write a new segment of what an index holds now; answers its salt. Raises OSError; then the old one stays."""
    head, pieces = index.stored()
    with sealed.alone():
        return sealed.write(head.page(), (piece for number, piece in enumerate(pieces) if number))


def add(sealed: Sealed, after: int, changes: Changes, generation: int) -> bool:
    """Write what changed between two generations behind a segment; False, when it does not end at the first of them.

    Raises FileNotFoundError and `Unusable`, and ValueError for changes of more than 4 MiB.
    """
    with sealed.alone():
        with sealed.reading() as reader:
            if extent(reader).generation != after:
                return False
        sealed.append(reader, log.record(changes, generation))
    return True


def extent(reader: Reader) -> Extent:
    """How far a segment and its log go; the rows are not looked at. Raises `Unusable` and `Damaged`."""
    head = Head.read(reader.skip(lambda page: Head.read(page).stored))
    records = [log.read(record) for record in reader.records()]
    logged = sum(len(changes.added) + len(changes.removed) for changes, _ in records)
    return Extent(head, records[-1][1] if records else head.generation, len(records), logged)


def check(sealed: Sealed) -> None:
    """Read all of a segment and its log. Raises FileNotFoundError, `Unusable` and `Damaged`."""
    with sealed.reading() as reader:
        stored, scratch = Head.read(reader.page()).stored, memoryview(bytearray(FRAME))
        for begin in range(PAGE, stored, FRAME):
            reader.into(scratch[: min(FRAME, stored - begin)], 0)
        for record in reader.records():
            log.read(record)


def opened(sealed: Sealed, permutation: Permutation, upto: int | None = None) -> Opened:
    """The index in a segment, without what its log says of generations after `upto`.

    Raises FileNotFoundError, `Unusable`, `Damaged`; then nothing of it was used.
    """
    advert = sealed.path.with_suffix(".held")
    with sealed.alone(), sealed.reading() as reader:
        memory = Memory.shared(advert, reader.salt)
        attached = memory is not None
        if memory is None:
            memory = _built(reader)
        else:
            reader.skip(lambda page: Head.read(page).stored)
        memory.advertise(advert, reader.salt)
        index = Index.over(memory.bytes, permutation=permutation)
        records = [log.read(record) for record in reader.records()]
    if upto is not None:
        records = [each for each in records if each[1] <= upto]
    for changes, generation in records:
        index.apply(changes, generation)
    return Opened(index, memory, attached, reader.torn, len(records))


def _built(reader: Reader) -> Memory:
    """The segment in new memory that others may attach to."""
    page = reader.page()
    head = Head.read(page)
    memory = Memory.new(head.room)
    memory.bytes[:PAGE] = page
    reader.into(memory.bytes[: head.stored], PAGE)
    segment.build(memory.bytes, best(), os.cpu_count() or 1)
    memory.share(reader.salt)
    return memory
