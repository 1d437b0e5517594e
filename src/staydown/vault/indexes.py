"""An index out of its sealed segment: opened by the first process of a machine, attached to by the others."""

import os
from dataclasses import dataclass

from staydown.matching import Changes, Index, log, segment
from staydown.matching.kernel import best
from staydown.matching.segment import PAGE, Head
from staydown.matching.shuffling import Permutation
from staydown.vault.memory import Memory
from staydown.vault.segments import Reader, Sealed


@dataclass(frozen=True, slots=True)
class Opened:
    """An index as of its segment and log, in the memory that it looks into: keep both together."""

    index: Index
    memory: Memory
    attached: bool  # another process had opened it
    torn: bool  # the last record was not whole, and is left out
    records: int


def store(sealed: Sealed, index: Index) -> None:
    """Write a new segment of what an index holds now. Raises OSError; then the old one is as it was."""
    head, pieces = index.stored()
    with sealed.alone():
        sealed.write(head.page(), (piece for number, piece in enumerate(pieces) if number))


def add(sealed: Sealed, changes: Changes, generation: int) -> None:
    """Write one generation's changes behind the segment. Raises FileNotFoundError, `Unusable`, ValueError (see `Sealed`)."""
    with sealed.alone():
        with sealed.reading() as reader:
            stored = Head.read(reader.page()).stored
        sealed.append(stored, log.record(changes, generation))


def opened(sealed: Sealed, permutation: Permutation) -> Opened:
    """The index in a segment. Raises FileNotFoundError, `Unusable`, `Damaged`; then nothing of it was used."""
    advert = sealed.path.with_suffix(".held")
    with sealed.alone(), sealed.reading() as reader:
        memory = Memory.shared(advert, reader.salt)
        attached = memory is not None
        if memory is None:
            memory = _built(reader)
        else:
            reader.skip(Head.read(memory.bytes[:PAGE]).stored)
        memory.advertise(advert, reader.salt)
        index = Index.over(memory.bytes, permutation=permutation)
        records = [log.read(record) for record in reader.records()]
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
