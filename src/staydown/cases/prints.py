"""Fingerprints that a reporter's own device made: what of them is believed, and how they are kept (decision 18)."""

import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from staydown.fingerprints import MalformedFilm, MalformedWindows, footage, windows

ORIENTATIONS = 8
MOST = 50  # pictures and films in one report
FILMS = 3  # of them
ROWS = 8_000  # of one film: ten minutes of four frames a second, and once a second of eight crops
LONGEST = 120_000 + FILMS * 2 * (100 + ROWS * footage.ROW)  # signs of the JSON of so many
_KNOWN = {"pdq", "quality", "sha256", "windows"}
_HEX = re.compile(r"[0-9a-f]{64}")
_WINDOWS = re.compile(rf"[0-9a-f]{{{2 * windows.LENGTH}}}")


class NotPrints(ValueError):
    """Fingerprints are a JSON list; each has eight PDQ, a quality from 0 to 100, a SHA-256 and windows, or an empty text
    for either of these two. Of a film there is `film` alone: what `footage.pack` writes.
    """


@dataclass(frozen=True, slots=True)
class DevicePrint:
    """One picture's, in hexadecimal: `pdq` of its eight orientations, `sha256` of its file (or ""), the 660 bytes of its
    `windows` (or ""); and its `quality`.
    """

    pdq: tuple[str, ...]
    quality: int
    sha256: str = ""
    windows: str = ""


@dataclass(frozen=True, slots=True)
class DeviceFilm:
    """One film's, in hexadecimal: `film` as `footage.pack` writes it, its SHA-256 zeros where the device told none."""

    film: str

    @property
    def best(self) -> str:
        """The fingerprint of the frame in which there is most to see: what the device showed of it."""
        rows = footage.unpack(bytes.fromhex(self.film)).frames
        whole = rows.part == footage.Part.WHOLE
        return bytes(rows.hash[whole][rows.quality[whole].argmax()]).hex()


Sent = DevicePrint | DeviceFilm


def read(text: str) -> list[Sent]:
    """What a device sent. Raises `NotPrints`."""
    try:
        rows = json.loads(text) if text else []
    except (ValueError, RecursionError) as error:
        raise NotPrints(NotPrints.__doc__) from error
    if not isinstance(rows, list) or len(rows) > MOST:
        raise NotPrints(NotPrints.__doc__)
    sent = [_read(row) for row in rows]
    if sum(isinstance(each, DeviceFilm) for each in sent) > FILMS:
        raise NotPrints(NotPrints.__doc__)
    return sent


def _read(row: Any) -> Sent:
    return _film(row["film"]) if isinstance(row, dict) and set(row) == {"film"} else _picture(row)


def _film(said: Any) -> DeviceFilm:
    """A film, if it is one: rows that are in order, not more than are looked at, a whole frame among them."""
    try:
        rows = footage.unpack(bytes.fromhex(said)).frames
    except (MalformedFilm, ValueError, TypeError) as error:
        raise NotPrints(NotPrints.__doc__) from error
    if len(rows) > ROWS or not (rows.part == footage.Part.WHOLE).any():
        raise NotPrints(NotPrints.__doc__)
    return DeviceFilm(said.lower())


def _picture(row: Any) -> DevicePrint:
    if not isinstance(row, dict) or set(row) - _KNOWN:
        raise NotPrints(NotPrints.__doc__)
    pdq, quality, sha256 = row.get("pdq"), row.get("quality"), row.get("sha256", "")
    if not isinstance(pdq, list) or type(quality) is not int:
        raise NotPrints(NotPrints.__doc__)
    known = all(isinstance(each, str) and _HEX.fullmatch(each) for each in [*pdq, sha256 or "0" * 64])
    if len(pdq) != ORIENTATIONS or not known or not 0 <= quality <= 100:
        raise NotPrints(NotPrints.__doc__)
    return DevicePrint(tuple(str(each) for each in pdq), quality, str(sha256), _windows(row.get("windows", "")))


def _windows(said: Any) -> str:
    """The record of twenty windows, if it is one: its length, and a quality from 0 to 100 in each."""
    if said == "":
        return ""
    if not isinstance(said, str) or not _WINDOWS.fullmatch(said):
        raise NotPrints(NotPrints.__doc__)
    try:
        windows.unpack(bytes.fromhex(said))
    except MalformedWindows as error:
        raise NotPrints(NotPrints.__doc__) from error
    return said


def as_text(made: Sent) -> str:
    """As it is sealed; `read` of a list of these reads it."""
    return json.dumps(asdict(made), sort_keys=True)


def of_text(text: str) -> Sent:
    """What `as_text` wrote."""
    return _read(json.loads(text))
