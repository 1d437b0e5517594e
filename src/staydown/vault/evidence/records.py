"""The acquisition record: who took an original, when, with what and from where (ISO/IEC 27037). Pure.

It is sealed beside the original, because a SHA-256 in clear would tell a thief which image it is. The journal holds
the record's own digest: its 32 random bytes keep that from telling anything, and bind the record once it is shown.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

FORMAT = "staydown acquisition record v1"


class BadRecord(ValueError):
    """This is no acquisition record of Staydown."""


@dataclass(frozen=True, slots=True)
class Record:
    """One acquisition. Times are UTC of the server's clock, as ISO 8601; header names in lower case."""

    evidence: str  # id
    case: str  # id
    kind: str  # as `rules.Kind`
    name: str  # the platform's id of it; our own where no platform has it
    platform: str  # id; empty where no platform has it
    by: str
    tool: str  # name and version
    asked_at: str
    ended_at: str
    source: str  # the address that was asked, or who handed it over
    status: int
    headers: Mapping[str, str]
    media_type: str  # as the platform, or a reporter's browser, says
    size: int  # bytes
    sha256: str
    salt: str = field(default_factory=lambda: secrets.token_hex(32))

    def to_bytes(self) -> bytes:
        """JSON with sorted keys and no spaces, in UTF-8: what is sealed, and what `digest` is of."""
        said: dict[str, Any] = {"format": FORMAT, **asdict(self)}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def digest(self) -> str:
        """SHA-256 of the bytes, in hex: what the journal holds."""
        return hashlib.sha256(self.to_bytes()).hexdigest()


def read(data: bytes) -> Record:
    """The record in some bytes. Raises `BadRecord`."""
    try:
        said = json.loads(data)
        if said.pop("format") != FORMAT or set(said) != {each.name for each in fields(Record)}:
            raise BadRecord(BadRecord.__doc__)
        return Record(**said)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadRecord(BadRecord.__doc__) from error
