"""Reading every sealed column of the database, and naming each that is not as it was sealed: table, row, column.

What the working key or the fingerprint key opens is opened in memory, and let go: age and AES-SIV authenticate all of it.
What only custodians open (the keys of cases, and what a reporter handed over that waits for the store) is compared with the
SHA-256 that the journal committed to when it was sealed. Neither tells whether one row has the sealed words of another.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator

from staydown.banks.models import Fingerprint
from staydown.people.adapters import SEALED
from staydown.site.resealing import COLUMNS, SECRETS
from staydown.vault import fingerprints, opening
from staydown.vault.evidence.committed import Committed, Word
from staydown.vault.evidence.models import CaseKey, Handed

type Opens = Callable[[bytes], object]
COMMITTED: tuple[tuple[type[CaseKey] | type[Handed], str, str, str], ...] = (
    (CaseKey, "private_half", "evidence.key_made", "sealed_sha256"),
    (Handed, "content", "evidence.handed_over", "sealed_sha256"),
    (Handed, "record", "evidence.handed_over", "sealed_record_sha256"),
)


@dataclass(slots=True)
class Checked:
    """How many sealed values were read, and which are not as they were sealed, or older than what says so."""

    sealed: int = 0
    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def opens(self, value: bytes, name: str, opened: Opens) -> None:
        """Count a value, and name it where it does not open."""
        self.sealed += 1
        try:
            opened(value)
        except (opening.CannotOpen, fingerprints.WrongFingerprintKey):
            self.wrong.append(f"{name} does not open: it was altered, or sealed to a key that this program has not")


def check() -> Checked:
    """Read every sealed column there is."""
    checked = Checked()
    for column in COLUMNS:
        for row, value in _values(column.model, column.name):
            checked.opens(value, _name(row, column.name), opening.read)
    for row, value in _values(Fingerprint, "kept_sealed"):
        checked.opens(value, _name(row, "kept_sealed"), fingerprints.unseal)
    for row in Authenticator.objects.order_by("pk").iterator():
        for secret in _secrets(row.data):
            checked.opens(secret.encode(), _name(row, "data"), _read_secret)
    for committed in COMMITTED:
        _compare(checked, *committed)
    return checked


def _values(model: Any, name: str) -> Iterator[tuple[Any, bytes]]:
    rows = model.objects.exclude(**{name: None}).exclude(**{name: b""}).order_by("pk")
    for row in rows.only("pk", name).iterator(chunk_size=200):
        yield row, bytes(getattr(row, name))


def _name(row: Any, column: str) -> str:
    return f"{row._meta.label} {row.pk}, {column},"


def _secrets(data: Any) -> Iterator[str]:
    """What allauth had sealed, wherever it stands in an authenticator's data."""
    match data:
        case dict():
            for name, value in data.items():
                yield from _texts(value) if name in SECRETS else _secrets(value)
        case list():
            for value in data:
                yield from _secrets(value)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)


def _read_secret(stored: bytes) -> None:
    try:
        sealed = base64.b64decode(stored.removeprefix(SEALED.encode()), validate=True)
    except ValueError as error:
        raise opening.CannotOpen(opening.CannotOpen.__doc__) from error
    if SEALED.encode() + base64.b64encode(sealed) != stored:
        raise opening.CannotOpen(opening.CannotOpen.__doc__)
    opening.read(sealed)


def _compare(checked: Checked, model: type[CaseKey] | type[Handed], column: str, act: str, fact: str) -> None:
    committed = Committed(act)
    if model is CaseKey:
        _compare_public(checked, committed)
    for row, value in _values(model, column):
        checked.sealed += 1
        match committed.says(row, fact, hashlib.sha256(value).digest()):
            case Word.OTHER as word:
                checked.wrong.append(f"{_name(row, column)} {word}")
            case Word.OLDER as word:
                checked.unchecked.append(f"{_name(row, column)} {word}")


def _compare_public(checked: Checked, committed: Committed) -> None:
    """A public half that was exchanged has everything later sealed to whoever did it."""
    for key in CaseKey.objects.exclude(private_half=None).only("pk", "public").iterator():
        if committed.says(key, "public", key.public) is Word.OTHER:
            checked.wrong.append(f"{_name(key, 'public')} is not the one that the journal has: stop sealing to it")
