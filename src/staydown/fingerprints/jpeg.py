"""The digest of a JPEG without what was written about it: the same picture after its EXIF was edited or dropped.

A JPEG is a row of marker segments (ITU-T T.81, annex B). Application segments and comments are left out; the
frame, the tables and the scans stay, byte for byte. Two application segments also say what colours mean (JFIF's,
and Adobe's APP14); in their place stands the meaning that decoders take from them (libjpeg, jdapimin.c).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_FRAMES = (0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_APPLICATIONS = range(0xE0, 0xF0)
_JFIF, _ADOBE = 0xE0, 0xEE
_ALONE = (0x01, *range(0xD0, 0xD9))  # markers without a segment; none belongs between segments
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # neither a stuffed byte nor a restart
_MOST = 10_000  # segments: cameras write a few dozen


class _Malformed(ValueError):
    """Not a whole JPEG."""


@dataclass(frozen=True, slots=True)
class _Segment:
    marker: int
    body: bytes  # without its length
    scan: bytes | memoryview = b""  # the compressed data that follows a scan's header


def without_metadata(data: bytes) -> bytes | None:
    """SHA-256 (32 bytes) of what decides a JPEG's pixels; None for anything but a whole JPEG.

    Bytes behind the end are not read. Equal digests mean equal pixels; other digests say nothing.
    """
    try:
        segments = list(_segments(data))
        colours = _colours(segments)
    except _Malformed:
        return None
    digest = hashlib.sha256(colours)
    for each in segments:
        if each.marker not in _APPLICATIONS and each.marker != _COMMENT:
            digest.update(bytes((0xFF, each.marker)) + (len(each.body) + 2).to_bytes(2, "big"))
            digest.update(each.body)
            digest.update(each.scan)
    return digest.digest()


def _segments(data: bytes) -> Iterator[_Segment]:
    """The segments between the start and the end of a picture."""
    if data[:2] != bytes((0xFF, _START)):
        raise _Malformed
    at = 2
    for _ in range(_MOST):
        marker, at = _marker(data, at)
        if marker == _END:
            return
        length = int.from_bytes(data[at : at + 2], "big")
        body = data[at + 2 : at + length]
        at += length
        if marker in _ALONE or length < 2 or at > len(data):
            raise _Malformed
        end = _scan_end(data, at) if marker == _SCAN else at
        yield _Segment(marker, body, _without_fill(data, at, end))
        at = end
    raise _Malformed


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """A marker and where its segment begins. Before it may stand fill bytes (T.81, B.1.1.2)."""
    found = re.compile(rb"\xff+([^\x00\xff])").match(data, at)
    if not found:
        raise _Malformed
    return found[1][0], found.end()


def _scan_end(data: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(data, at)
    if not found:
        raise _Malformed
    return found.start()


def _without_fill(data: bytes, at: int, end: int) -> bytes | memoryview:
    """The data of a scan without the fill bytes of the next marker; where there are none, as nearly always, not copied."""
    return data[at:end].rstrip(b"\xff") if data[end - 1] == 0xFF else memoryview(data)[at:end]


def _colours(segments: list[_Segment]) -> bytes:
    """What the components are, as decoders take it: a word each for the meanings that are told apart."""
    frames = [each.body for each in segments if each.marker in _FRAMES]
    if len(frames) != 1 or len(frames[0]) < 6 or not any(each.marker == _SCAN for each in segments):
        raise _Malformed
    count, identifiers = frames[0][5], frames[0][6::3]
    said = list(takewhile(lambda each: each.marker != _SCAN, segments))  # decoders settle it at the first scan
    jfif = any(each.marker == _JFIF and each.body.startswith(b"JFIF\0") and len(each.body) >= 14 for each in said)
    adobe = next((each.body[11] for each in reversed(said) if _is_adobe(each)), None)  # the last word counts
    if count == 4:
        return b"CMYK" if adobe is None else b"inverted CMYK" if adobe == 0 else b"inverted YCCK"
    if count != 3 or jfif:
        return b"as usual"
    plain = identifiers == b"RGB" if adobe is None else adobe == 0
    return b"RGB" if plain else b"as usual"


def _is_adobe(segment: _Segment) -> bool:
    return segment.marker == _ADOBE and segment.body.startswith(b"Adobe") and len(segment.body) >= 12
