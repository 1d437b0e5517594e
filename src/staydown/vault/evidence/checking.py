"""Reading everything that is stored, and naming what is not as it was sealed: by row, by journal, by byte."""

import hashlib
from dataclasses import dataclass, field

from staydown.vault.evidence import sealing
from staydown.vault.evidence.committed import Committed, Word
from staydown.vault.evidence.models import Evidence
from staydown.vault.evidence.objects import Objects
from staydown.vault.evidence.rules import EvidenceState

RECORD = "record"


@dataclass(slots=True)
class Checked:
    """What was read, and what is wrong."""

    sealed: int = 0
    bytes: int = 0
    orphans: int = 0  # objects of an attempt that was killed, or of nobody
    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)  # sealed before the journal recorded what it is compared with


def check(objects: Objects) -> Checked:
    """Compare every sealed original, part by part, with its row and the journal."""
    checked, known = Checked(), set()
    committed = Committed("evidence.sealed")
    for row in Evidence.objects.filter(state=EvidenceState.SEALED).order_by("wanted_at").iterator():
        names = [sealing.part(row.folder, number) for number in range(row.parts)]
        known |= {*names, f"{row.folder}/{RECORD}"}
        checked.sealed += 1
        checked.wrong += _stored(row, names, objects, checked)
        _by_journal(row, committed, checked)
    checked.orphans = len(set(objects.names()) - known)
    return checked


def _by_journal(row: Evidence, committed: Committed, checked: Checked) -> None:
    kept = (("sealed_sha256", row.sha256), ("sealed_record_sha256", row.record_sha256))
    words = {committed.says(row, fact, bytes(value or b"")) for fact, value in kept}
    if Word.OTHER in words:
        checked.wrong.append(f"{row.folder}: its row is not what the journal has")
    elif Word.OLDER in words:
        checked.unchecked.append(f"{row.folder}/{RECORD} {Word.OLDER}")


def _stored(row: Evidence, names: list[str], objects: Objects, checked: Checked) -> list[str]:
    digest = hashlib.sha256()
    for name in names:
        try:
            data = objects.get(name)
        except FileNotFoundError:
            return [f"{name} is missing"]
        digest.update(data)
        checked.bytes += len(data)
    wrong = [] if digest.digest() == bytes(row.sha256 or b"") else [f"{row.folder}: its parts were altered"]
    try:
        record = objects.get(f"{row.folder}/{RECORD}")
    except FileNotFoundError:
        return [*wrong, f"{row.folder}/{RECORD} is missing"]
    if hashlib.sha256(record).digest() != bytes(row.record_sha256 or b""):
        wrong.append(f"{row.folder}/{RECORD} was altered")
    return wrong
