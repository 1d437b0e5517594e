"""Films in the form in which others exchange them: vPDQ, one line a frame.

Source: ThreatExchange vpdq/cpp/vpdq/cpp/io/vpdqio.cpp (frame number, quality, 64 hexadecimal characters, seconds
with three decimals, separated by commas), and the features of PyPI `vpdq`, one a second by default.
"""

import re

import numpy as np

from staydown.fingerprints.errors import MalformedVpdq
from staydown.fingerprints.footage import WIDTH, FilmFingerprints, Frames, Part

_LINE = re.compile(
    r"(\d{1,9}),(\d{1,3}),(?:([0-9a-fA-F]{64}),(\d{1,9}(?:\.\d{1,9})?)|(\d{1,9}(?:\.\d{1,9})?),([0-9a-fA-F]{64}))"
)
A_SECOND = 1.0


def lines(film: FilmFingerprints, every: float = A_SECOND) -> str:
    """A film's whole frames as vPDQ, the first in each `every` seconds: `number,quality,fingerprint,seconds` lines."""
    rows, rate = film.frames, film.rate or 1.0
    whole = np.flatnonzero(rows.part == Part.WHOLE)
    _, first = np.unique((rows.time[whole] / every + 1e-6).astype(np.int64), return_index=True)
    return "".join(
        f"{round(float(rows.time[at]) * rate)},{rows.quality[at]},{rows.hash[at].tobytes().hex()},{rows.time[at]:.3f}\n"
        for at in whole[first]
    )


def parse(text: str) -> Frames:
    """The rows in vPDQ lines; the two last columns may stand in either order. Raises `MalformedVpdq`."""
    found = [_LINE.fullmatch(line.strip()) for line in text.splitlines() if line.strip()]
    if not found:
        raise MalformedVpdq
    rows = sorted(map(_row, found))
    time, hashes, quality = zip(*rows, strict=True)
    none = np.zeros(len(rows), np.uint8)
    known = np.frombuffer(b"".join(hashes), np.uint8).reshape(-1, WIDTH)
    return Frames(np.array(time), known, np.array(quality, np.uint8), none, none > 0)


def _row(found: re.Match[str] | None) -> tuple[float, bytes, int]:
    if found is None or int(found[2]) > 100:
        raise MalformedVpdq
    return float(found[4] or found[5]), bytes.fromhex(found[3] or found[6]), int(found[2])
