"""Fingerprints that came with an order (eSafety, the AEPD, the Garante send them): read, and kept like a device's.

They are watched for (decision 18): a match hides one post and calls a person, who confirms; blocking takes a second person.
"""

import re

from staydown.banks.rules import QUALITY
from staydown.cases import prints
from staydown.cases.prints import ORIENTATIONS, DevicePrint

MOST = prints.MOST
_ONE = re.compile(r"(sha256|pdq):([0-9a-f]{64})")


class NotPrints(ValueError):
    """One line a picture, at most fifty: `sha256:` and 64 hexadecimal signs, or `pdq:` and 64, or both in one line."""


def read(text: str) -> tuple[str, ...]:
    """{line} → the text that is kept of it. Raises `NotPrints`."""
    lines = [line.strip().lower() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise NotPrints(NotPrints.__doc__)
    return tuple(dict.fromkeys(_kept(line) for line in lines))


def _kept(line: str) -> str:
    words = [_ONE.fullmatch(word) for word in line.split()]
    named = {word[1]: word[2] for word in words if word}
    if not words or len(named) != len(words):
        raise NotPrints(NotPrints.__doc__)
    pdq = named.get("pdq", "0" * 64)  # without one its quality is 0, and it resembles nothing
    quality = QUALITY if "pdq" in named else 0
    return prints.as_text(DevicePrint((pdq,) * ORIENTATIONS, quality, named.get("sha256", "")))
