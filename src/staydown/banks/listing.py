"""A platform's back catalogue as a file: one post a line, with the fingerprint the platform made of its picture."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from staydown.fingerprints import Malformed, parse_pdq

REQUIRED = ("item_id", "pdq", "quality")
DIGESTS = {"sha256": 32, "sha1": 20, "md5": 16}  # bytes
KNOWN = (*REQUIRED, "url", *DIGESTS, "account_id", "created")


class BadListing(ValueError):
    """The first line names the columns: item_id, pdq and quality, and if you have them url, sha256, sha1, md5, account_id,
    created. Then one post a line: pdq and sha256 as 64 hex digits, sha1 as 40, md5 as 32, quality from 0 to 100, created
    as 2026-11-21T12:00:00Z.
    """


@dataclass(frozen=True, slots=True)
class Listed:
    """One post as its platform lists it."""

    item_id: str
    pdq: bytes
    quality: int
    url: str = ""
    sha256: bytes | None = None
    sha1: bytes | None = None
    md5: bytes | None = None
    account_id: str | None = None
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A file of posts: its SHA-256, by which it is known again, and how many there are."""

    path: Path
    digest: bytes
    posts: int

    @classmethod
    def of(cls, path: Path) -> "Listing":
        """Read once through. Raises OSError and `BadListing`."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        with path.open(encoding="utf-8-sig", newline="") as text:
            rows = csv.DictReader(text)
            if not set(REQUIRED) <= set(rows.fieldnames or ()) <= set(KNOWN):
                raise BadListing(_words())
            return cls(path, digest, sum(1 for _ in rows))

    def after(self, posts: int) -> Iterator[Listed]:
        """Every post but the first so many. Raises `BadListing` with the number of the post that is wrong."""
        with self.path.open(encoding="utf-8-sig", newline="") as text:
            for number, row in enumerate(csv.DictReader(text), 1):
                if number > posts:
                    try:
                        yield _listed(row)
                    except (ValueError, TypeError, Malformed) as error:
                        raise BadListing(f"post {number}: {_words()}") from error


def _listed(row: Mapping[str, str | None]) -> Listed:
    given = {name: (value or "").strip() for name, value in row.items()}
    digests = {name: _digest(given.get(name, ""), length) for name, length in DIGESTS.items()}
    quality = int(given["quality"])
    if not given["item_id"] or not 0 <= quality <= 100:
        raise ValueError(given["item_id"])
    return Listed(
        given["item_id"],
        parse_pdq(given["pdq"]),
        quality,
        given.get("url", ""),
        **digests,
        account_id=given.get("account_id") or None,
        created=_moment(given.get("created", "")),
    )


def _digest(text: str, length: int) -> bytes | None:
    digest = bytes.fromhex(text)
    if len(digest) not in (0, length):
        raise ValueError(text)
    return digest or None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words() -> str:
    return " ".join(str(BadListing.__doc__).split())
