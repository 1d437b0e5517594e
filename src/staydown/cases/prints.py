"""Fingerprints that a reporter's own device made: what of them is believed, and how they are kept (decision 18)."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

ORIENTATIONS = 8
MOST = 50  # pictures in one report
_HEX = re.compile(r"[0-9a-f]{64}")


class NotPrints(ValueError):
    """Fingerprints are a JSON list; each has eight PDQ, a quality from 0 to 100 and a SHA-256, or an empty text for it."""


@dataclass(frozen=True, slots=True)
class DevicePrint:
    """One picture's: `pdq` of its eight orientations and `sha256` of its file (or "") in hexadecimal, and `quality`."""

    pdq: tuple[str, ...]
    quality: int
    sha256: str = ""


def read(text: str) -> list[DevicePrint]:
    """What a device sent. Raises `NotPrints`."""
    try:
        rows = json.loads(text) if text else []
    except (ValueError, RecursionError) as error:
        raise NotPrints(NotPrints.__doc__) from error
    if not isinstance(rows, list) or len(rows) > MOST:
        raise NotPrints(NotPrints.__doc__)
    return [_read(row) for row in rows]


def _read(row: Any) -> DevicePrint:
    if not isinstance(row, dict) or set(row) - {"pdq", "quality", "sha256"}:
        raise NotPrints(NotPrints.__doc__)
    pdq, quality, sha256 = row.get("pdq"), row.get("quality"), row.get("sha256", "")
    if not isinstance(pdq, list) or type(quality) is not int:
        raise NotPrints(NotPrints.__doc__)
    known = all(isinstance(each, str) and _HEX.fullmatch(each) for each in [*pdq, sha256 or "0" * 64])
    if len(pdq) != ORIENTATIONS or not known or not 0 <= quality <= 100:
        raise NotPrints(NotPrints.__doc__)
    return DevicePrint(tuple(str(each) for each in pdq), quality, str(sha256))


def as_text(made: DevicePrint) -> str:
    """As it is sealed; `read` of a list of these reads it."""
    return json.dumps(asdict(made), sort_keys=True)


def of_text(text: str) -> DevicePrint:
    """What `as_text` wrote."""
    return _read(json.loads(text))
