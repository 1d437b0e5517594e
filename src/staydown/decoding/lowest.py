"""The luminance of a baseline JPEG at an eighth or a quarter of its size, from its lowest frequencies alone.

At these scales a decoder needs few coefficients of 64, yet most of its time goes into reading the others; `scan.c`
looks several of them up at once and skips them. The segments before the scan are read here (ITU-T T.81, annex B).
Whatever is unusual, damaged or incomplete is left to Pillow. At an eighth the samples are those of libjpeg.

A block's lowest frequencies may say another brightness than what is shown of it, for what is beyond white is shown as white:
a picture can be made that looks like one thing and is another when it is read so, by libjpeg, too. So some blocks,
by chance, are made whole and compared (kernel/shown.h).
"""

import secrets
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from staydown.decoding.kernel import library
from staydown.decoding.types import Pixels

PAD = 512  # bytes, as in scan.c
_BLOCK = 8  # pixels of a side
_TABLE = 16 + 256  # bytes: how many codes there are of each length, and their values
_MOST_TABLES = 8  # of codes: a segment of thousands of empty ones takes long to go through
_QUANTISERS = 64
COMPARED = 256  # blocks, about, of which it is asked whether their mean is that of what is shown
_ENDLESS = (1 << 63) - 1  # units, where there are no restarts
_MOST = 1000  # segments: cameras write a few dozen
_START, _SCAN, _JFIF, _ADOBE = b"\xff\xd8", 0xDA, 0xE0, 0xEE
_ALL_COEFFICIENTS = b"\x00\x3f\x00"


class _Unusual(Exception):
    """For Pillow to look at."""


@dataclass(frozen=True, slots=True)
class _Component:
    identifier: int
    across: int  # blocks of a unit
    down: int
    quantisers: int  # which


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    components: tuple[_Component, ...]


class _Head:
    """What stands before the scan; `begin` is where the scan's data begin. Raises `_Unusual`."""

    def __init__(self, data: bytes) -> None:
        self.codes: dict[int, bytes] = {}
        self.quantisers: dict[int, bytes] = {}
        self.interval, self.begin = _ENDLESS, 0
        self.jfif, self.adobe = False, -1
        self.frame: _Frame | None = None
        self.scan = b""
        readers: dict[int, Callable[[bytes], None]] = {
            0xC4: self._codes, 0xDB: self._quantisers, 0xC0: self._frame, 0xC1: self._frame, 0xDD: self._restarts,
            _JFIF: self._jfif, _ADOBE: self._adobe,
        }  # fmt: skip
        for marker, body, end in _segments(data):
            if marker == _SCAN:
                self.scan, self.begin = body, end
            elif marker in readers:
                readers[marker](body)
            elif not (0xE0 <= marker < 0xF0 or marker == 0xFE):
                raise _Unusual

    def _codes(self, body: bytes) -> None:
        if len(body) > _MOST_TABLES * (1 + _TABLE):
            raise _Unusual
        while body:
            count = sum(body[1:17])
            if len(body) < 17 + count or count > 256 or (body[0] < 16 and max(body[17 : 17 + count], default=0) > 15):
                raise _Unusual
            self.codes[body[0]] = body[1 : 17 + count].ljust(_TABLE, b"\0")
            body = body[17 + count :]

    def _quantisers(self, body: bytes) -> None:
        if len(body) % 65 or any(body[::65][at] > 15 for at in range(len(body) // 65)):
            raise _Unusual  # sixteen bits each
        self.quantisers |= {body[at]: body[at + 1 : at + 1 + _QUANTISERS] for at in range(0, len(body), 65)}
        if any(0 in first for first in self.quantisers.values()):
            raise _Unusual

    def _restarts(self, body: bytes) -> None:
        if len(body) != 2:
            raise _Unusual
        self.interval = int.from_bytes(body, "big") or _ENDLESS

    def _jfif(self, body: bytes) -> None:
        self.jfif |= body.startswith(b"JFIF\0") and len(body) >= 14

    def _adobe(self, body: bytes) -> None:
        if body.startswith(b"Adobe") and len(body) >= 12:
            self.adobe = body[11]

    def _frame(self, body: bytes) -> None:
        if self.frame or len(body) < 6 or len(body) != 6 + 3 * body[5] or body[0] != 8:
            raise _Unusual
        height, width = struct.unpack_from(">HH", body, 1)
        parts = (body[at : at + 3] for at in range(6, len(body), 3))
        self.frame = _Frame(width, height, tuple(_Component(a, b >> 4, b & 15, c) for a, b, c in parts))

    @property
    def is_luminance_first(self) -> bool:
        """Whether the first component is the luminance (libjpeg, jdapimin.c) and the sharpest."""
        some = self.frame.components if self.frame else ()
        if len(some) == 1:
            return True
        if len(some) != 3 or any(each.across not in (1, 2) or each.down not in (1, 2) for each in some):
            return False
        if any(each.across > some[0].across or each.down > some[0].down for each in some):
            return False
        named = [each.identifier for each in some]
        return self.jfif or self.adobe == 1 or (self.adobe == -1 and named == [1, 2, 3])


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and end of each segment, the scan's header last."""
    if data[:2] != _START:
        raise _Unusual
    at = 2
    for _ in range(_MOST):
        if len(data) < at + 4 or data[at] != 0xFF:
            raise _Unusual
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        end = at + 2 + length
        if length < 2 or end > len(data):
            raise _Unusual
        yield marker, data[at + 4 : end], end
        if marker == _SCAN:
            return
        at = end
    raise _Unusual


def tell(data: bytes) -> bool:
    """Whether a JPEG's lowest frequencies tell what the whole shows, so that a decoder may leave out the others."""
    return luminance(data, 8) is not None


def luminance(data: bytes, fold: int) -> Pixels | None:
    """The luminance of a whole baseline JPEG with `fold` 8 or 4, ceil(height / fold) x ceil(width / fold) uint8.

    None where there is no compiled library, and for any file but a plain, undamaged one that looks as it is read so.
    """
    compiled = library()
    if compiled is None:
        return None
    try:
        return _read(data, fold, compiled.staydown_scan)
    except _Unusual:
        return None


def _read(data: bytes, fold: int, scan: Callable[..., int]) -> Pixels:
    head = _Head(data)
    frame = head.frame
    if frame is None or not head.is_luminance_first or not (frame.width and frame.height):
        raise _Unusual
    if any(each.quantisers not in head.quantisers for each in frame.components):
        raise _Unusual
    first, *others = frame.components
    shape = (first.across, first.down, sum(each.across * each.down for each in others)) if others else (1, 1, 0)
    across, down = -(-frame.width // (_BLOCK * shape[0])), -(-frame.height // (_BLOCK * shape[1]))
    uses, low = _uses(head), fold == 4
    side = _BLOCK // fold
    samples = np.empty((down * shape[1] * side, across * shape[0] * side), np.uint8)
    clean = np.empty(len(data) - head.begin + PAD, np.uint8)
    source = np.frombuffer(data, np.uint8)
    tables = b"".join(head.codes.get(at, bytes(_TABLE)) for at in (0x00, 0x01, 0x10, 0x11))
    quantisers = struct.pack(f"={_QUANTISERS}H", *head.quantisers[first.quantisers])
    units = across, across * down, max(1, across * down * shape[0] * shape[1] // COMPARED), secrets.randbits(64)
    whole = scan(
        source.ctypes.data + head.begin, len(data) - head.begin, tables, struct.pack("=4Q", *units),
        head.interval, bytes(shape), uses, quantisers, low, clean.ctypes.data, samples.ctypes.data,
    )  # fmt: skip
    if not whole:
        raise _Unusual
    return samples[: -(-frame.height // fold), : -(-frame.width // fold)]


def _uses(head: _Head) -> bytes:
    """Which DC and AC table each block takes: one pair for the first component, then one for each other block."""
    components = head.frame.components if head.frame else ()
    count, wanted = len(components), bytes(each.identifier for each in components)
    named, used, rest = head.scan[1:][: 2 * count : 2], head.scan[2:][: 2 * count : 2], head.scan[1 + 2 * count :]
    if head.scan[:1] != bytes([count]) or named != wanted or rest != _ALL_COEFFICIENTS:
        raise _Unusual
    pairs = [(each >> 4, each & 15) for each in used]
    if any(dc > 1 or ac > 1 or dc not in head.codes or 16 + ac not in head.codes for dc, ac in pairs):
        raise _Unusual
    others = zip(components[1:], pairs[1:], strict=True)
    return bytes(pairs[0]) + b"".join(bytes(pair) * (each.across * each.down) for each, pair in others)
