"""A released package that its custodians have opened together, and the record of that."""

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import IO

import pyrage

from staydown.vault.evidence import agreement, opening, openings
from staydown.vault.evidence.identities import Identity
from staydown.vault.evidence.openings import OpeningRecord
from staydown.vault.evidence.packages import Original, Package
from staydown.vault.evidence.piping import written_by
from staydown.vault.evidence.records import Record


@dataclass(frozen=True, slots=True)
class Opened:
    """A released package that its custodians have opened together."""

    package: Package
    identity: pyrage.x25519.Identity
    originals: Sequence[tuple[Original, Record]]
    reason: str
    by: tuple[str, ...]

    @classmethod
    def of(cls, package: Package, people: Sequence[list[Identity]]) -> "Opened":
        """Open what is small; the originals stay sealed until they are written. Raises as `opening` and `agreement` do."""
        agreement.check(package)
        case = opening.case_identity(package, people)
        records = [(each, opening.record_of(package, each, case.identity)) for each in package.originals]
        return cls(package, case.identity, records, opening.reason_of(package, case.identity), case.by)

    def told(self, how: str, now: datetime, to: str = "") -> bytes:
        """The record of this opening, signed: to be brought back to the deployment (`openings`)."""
        salt = secrets.token_hex(32)
        said = OpeningRecord(
            case=self.package.said["case"],
            release=self.package.said["release"],
            how=how,
            at=now.isoformat(),
            by=self.by,
            to=to,
            tool=tool(),
            released=tuple(
                {"id": original.id, "sealed_sha256": original.sealed_sha256, "record": record.digest()}
                for original, record in self.originals
            ),
            reason_sha256=openings.reason_sha256(salt, self.reason),
            salt=salt,
        )
        return openings.sign(said, str(self.identity)).to_bytes()


def streaming(opened: Opened, original: Original, record: Record) -> AbstractContextManager[IO[bytes]]:
    """An original, opened while it is read. Raises as `opening.pour`, at its end."""
    return written_by(_pouring(opened, original, record))


def _pouring(opened: Opened, original: Original, record: Record) -> Callable[[IO[bytes]], None]:
    return lambda out: opening.pour(opened.package, original, record, opened.identity, out)


def tool() -> str:
    """The program and its version."""
    return f"staydown {version('staydown')}"
