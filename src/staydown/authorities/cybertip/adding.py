"""Adding the files to a report that waits at NCMEC, on the custodians' own machine: no deployment and no database.

Each answer of the far side is on the disk before the next step, so that a kill at any moment is gone on from. The interface
cannot list what a report holds: where an answer was lost, the file is sent again, and its details say that it may be there twice.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from staydown.authorities.cybertip import client, reports
from staydown.authorities.cybertip.client import Upload
from staydown.authorities.cybertip.connection import Connection
from staydown.authorities.cybertip.errors import FiledAlready, NotAccepted, NotLetIn, NotThere
from staydown.authorities.cybertip.reports import TipFile
from staydown.vault.evidence import opening
from staydown.vault.evidence.opened import Opened, streaming
from staydown.vault.evidence.packages import Original
from staydown.vault.evidence.records import Record

FORMAT = "staydown files for NCMEC v1"
TWICE = "This file may be in this report twice: the connection broke while it was sent first, or it arrived damaged."
SAID_NO = (NotLetIn, NotAccepted, NotThere, FiledAlready)  # after anything else nobody knows whether a file is there
BEGUN = ""  # in place of a file's number, while nobody knows whether it has one


class BadErrand(ValueError):
    """This is not what `staydown evidence tip` wrote. Have it written again."""


class AnotherPlace(ValueError):
    """The file names another environment or address than you did. Ask whoever gave it to you; nothing was opened."""


class NothingHere(ValueError):
    """This package has none of the files that the report waits for. Have the right case released."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that goes with a report: the id of its evidence, and what NCMEC is told of it."""

    evidence: str
    file: TipFile


@dataclass(frozen=True, slots=True)
class Errand:
    """Which files go with which report. Nothing in it opens anything; the login is not in it."""

    referral: str
    environment: str
    address: str
    number: str  # NCMEC's
    files: tuple[Wanted, ...]

    def to_bytes(self) -> bytes:
        """The file for the custodians, JSON in UTF-8."""
        files = [
            {"evidence": each.evidence, **asdict(each.file), "uploaded_at": each.file.uploaded_at.isoformat()}
            for each in self.files
        ]
        return json.dumps({"format": FORMAT, **asdict(self), "files": files}, indent=1, sort_keys=True).encode()

    def check(self, to: Connection) -> None:
        """Raises `AnotherPlace`: a server that was broken into must not choose where opened files go."""
        if (self.environment, self.address) != (to.environment, to.url):
            raise AnotherPlace(AnotherPlace.__doc__)


def read(data: bytes) -> Errand:
    """The errand in a file's bytes. Raises `BadErrand`."""
    try:
        said: dict[str, Any] = json.loads(data)
        if said.pop("format") != FORMAT or not said["number"].isalnum():
            raise BadErrand(BadErrand.__doc__)
        files = tuple(_wanted(each) for each in said.pop("files"))
        return Errand(**said, files=files)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadErrand(BadErrand.__doc__) from error


def _wanted(said: dict[str, Any]) -> Wanted:
    return Wanted(said.pop("evidence"), TipFile(**{**said, "uploaded_at": datetime.fromisoformat(said["uploaded_at"])}))


def target(environment: str, number: str) -> str:
    """What the record of a sending is `to`."""
    return f"cybertip {environment} {number}"


class Progress:
    """How far a report's files are: a small file, replaced as a whole at each step."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.numbers: dict[str, str] = {}  # evidence → NCMEC's number of the file, or `BEGUN`
        self.twice: list[str] = []
        self.told: list[str] = []  # whose details were taken, too
        if path.exists():
            said = json.loads(path.read_bytes())
            self.numbers, self.twice, self.told = said["numbers"], said["twice"], said["told"]

    def begin(self, evidence: str) -> None:
        """Before a file goes."""
        if evidence in self.numbers and evidence not in self.twice:
            self.twice.append(evidence)
        self._keep(evidence, BEGUN)

    def refused(self, evidence: str) -> None:
        """The far side said that it has not taken it."""
        del self.numbers[evidence]
        self._write()

    def sent(self, evidence: str, number: str) -> None:
        """A file has a number."""
        self._keep(evidence, number)

    def done(self, evidence: str) -> None:
        """Its details were taken."""
        self.told.append(evidence)
        self._write()

    def _keep(self, evidence: str, number: str) -> None:
        self.numbers[evidence] = number
        self._write()

    def _write(self) -> None:
        part = self._path.with_name(self._path.name + ".part")
        with part.open("w", encoding="utf-8") as file:
            json.dump({"numbers": self.numbers, "twice": self.twice, "told": self.told}, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def ours(errand: Errand, opened: Opened) -> Opened:
    """Of an opened package what the report waits for. Raises `NothingHere`."""
    wanted = {each.evidence for each in errand.files}
    originals = [(original, record) for original, record in opened.originals if original.id in wanted]
    if not originals:
        raise NothingHere(NothingHere.__doc__)
    return replace(opened, originals=originals)


def send(errand: Errand, opened: Opened, to: Connection, progress: Progress, clock: Callable[[], datetime]) -> None:
    """Add every original of `opened` (`ours`) that is not there yet. Raises `TipError`, `opening.Altered`, OSError."""
    files = {each.evidence: each.file for each in errand.files}
    for original, record in opened.originals:
        if original.id in progress.told:
            continue
        digests = _digests(opened, original, record)
        if not progress.numbers.get(original.id):
            progress.begin(original.id)
            try:
                progress.sent(original.id, _upload(errand, opened, to, (original, record, digests["MD5"])))
            except SAID_NO:
                progress.refused(original.id)
                raise
        said = replace(files[original.id], digests=digests, remark=TWICE if original.id in progress.twice else "")
        number = progress.numbers[original.id]
        client.file_info(to, reports.file_details(errand.number, number, said, clock()))
        progress.done(original.id)


def _upload(errand: Errand, opened: Opened, to: Connection, what: tuple[Original, Record, str]) -> str:
    original, record, md5 = what
    sent = Upload(f"{record.name}{opening.suffix(record)}", record.size, md5)
    with streaming(opened, original, record) as file:
        return client.upload(to, errand.number, sent, file)


def _digests(opened: Opened, original: Original, record: Record) -> dict[str, str]:
    """The digests that NCMEC compares, of a file that is what was sealed: read once before anything of it leaves."""
    hashing = _Hashing()
    opening.pour(opened.package, original, record, opened.identity, hashing)
    return {"MD5": hashing.md5.hexdigest(), "SHA1": hashing.sha1.hexdigest(), "SHA256": record.sha256}


class _Hashing:
    """Takes what is poured and keeps none of it."""

    def __init__(self) -> None:
        self.md5, self.sha1 = hashlib.md5(usedforsecurity=False), hashlib.sha1(usedforsecurity=False)

    def write(self, data: bytes) -> int:
        self.md5.update(data)
        self.sha1.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""
