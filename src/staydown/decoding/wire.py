"""The few messages between a decoding worker and its parent: length, kind, payload. Nothing is ever
unpickled.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from staydown.decoding.errors import DecodingError, TooLarge, Undecodable, Unsupported
from staydown.decoding.formats import ALLOWED
from staydown.decoding.shapes import turning
from staydown.decoding.types import (
    CANVAS,
    COLOURED,
    REDUCED,
    REGIONS,
    SHOWN,
    Corners,
    Decoded,
    Floats,
    Hashed,
    Kind,
    Pdq,
    Picture,
    Region,
)

ASKED = struct.Struct(">Ic")  # before a file: its length, and what is asked about it
LENGTH = struct.Struct(">I")  # before an answer
_HEAD = struct.Struct(">BIIBBBB")  # kind, width, height, format, truncated, regions, misread
_PLANE = REDUCED * REDUCED * 4
_FLIPS = 4 * _PLANE
_REGION_HEAD = struct.Struct(">B9f")  # kind, four corners clockwise, aspect
_CANVAS, _COLOURS = CANVAS * CANVAS, COLOURED * COLOURED * 3
_REGION = _REGION_HEAD.size + _CANVAS
LONGEST_REPLY = _HEAD.size + _FLIPS + REGIONS * _REGION + _PLANE
LONGEST_IN_COLOUR = LONGEST_REPLY + REGIONS * _COLOURS

_PICTURE_HEAD = struct.Struct(">BHH")  # kind, width, height
LONGEST_PICTURE = _PICTURE_HEAD.size + SHOWN * SHOWN * 3
_PDQ = struct.Struct("B" + 8 * "32s")  # quality, forms
_HASHED_HEAD = struct.Struct(">BIIBB")  # kind, width, height, format, truncated
LONGEST_HASHED = _HASHED_HEAD.size + 2 * _PDQ.size
REDUCE, SHOW, COLOUR, WHOLE, HASH = b"\x00", b"\x01", b"\x02", b"\x03", b"\x04"  # what is asked for

_DECODED = 0
_KINDS_OF_REGION = tuple(Kind)
_PICTURE = 4
_HASHED = 5
_REFUSALS: dict[int, type[DecodingError]] = {1: Undecodable, 2: Unsupported, 3: TooLarge}
_KINDS = {refusal: kind for kind, refusal in _REFUSALS.items()}


class Garbled(Exception):
    """A worker answered something that is not an answer: it is broken or taken over, and must be replaced."""


def decoded(result: Decoded) -> bytes:
    """The reply that carries a reduced picture; the canvases of its regions in whole steps of 255."""
    known, count = ALLOWED.index(result.format), len(result.regions)
    misread = b"" if result.misread is None else result.misread.astype("<f4").tobytes()
    head = _HEAD.pack(_DECODED, result.width, result.height, known, result.truncated, count, bool(misread))
    return head + result.flips.astype("<f4").tobytes() + b"".join(map(_sent, result.regions)) + misread


def _sent(region: Region) -> bytes:
    pixels = np.clip(np.rint(region.canvas), 0, 255).astype(np.uint8)
    places = [part for corner in region.corners for part in corner]
    head = _REGION_HEAD.pack(_KINDS_OF_REGION.index(region.kind), *places, region.aspect)
    return head + pixels.tobytes() + (b"" if region.rgb is None else region.rgb.tobytes())


def refused(error: DecodingError) -> bytes:
    """The reply that carries a refusal: its kind only, never a word of the file or of the decoder."""
    return bytes([_KINDS[type(error)]])


def refusal(reply: bytes) -> type[DecodingError] | None:
    """The refusal in a reply, if it is one."""
    return _REFUSALS.get(reply[0]) if len(reply) == 1 else None


def pictured(result: Picture) -> bytes:
    """The reply that carries a picture to look at, as plain pixels."""
    return _PICTURE_HEAD.pack(_PICTURE, result.width, result.height) + result.rgb


def picture(reply: bytes) -> Picture:
    """The picture in a reply. Raises the refusal it carries, or `Garbled`."""
    if found := refusal(reply):
        raise found
    if len(reply) < _PICTURE_HEAD.size:
        raise Garbled
    kind, width, height = _PICTURE_HEAD.unpack_from(reply)
    rgb = reply[_PICTURE_HEAD.size :]
    if kind != _PICTURE or not 0 < width <= SHOWN or not 0 < height <= SHOWN:
        raise Garbled
    if len(rgb) != width * height * 3:
        raise Garbled
    return Picture(rgb, width, height)


def hashed(result: Hashed) -> bytes:
    """The reply that carries a picture's PDQ, and behind it that of what a peer misreads, if there is one."""
    known = ALLOWED.index(result.format)
    head = _HASHED_HEAD.pack(_HASHED, result.width, result.height, known, result.truncated)
    misread = _PDQ.pack(result.misread.quality, *result.misread.turned) if result.misread else b""
    return head + _PDQ.pack(result.pdq.quality, *result.pdq.turned) + misread


def fingerprint(reply: bytes) -> Hashed:
    """The PDQ in a reply. Raises the refusal it carries, or `Garbled`."""
    if found := refusal(reply):
        raise found
    if len(reply) not in (LONGEST_HASHED - _PDQ.size, LONGEST_HASHED):
        raise Garbled
    kind, width, height, known, truncated = _HASHED_HEAD.unpack_from(reply)
    if kind != _HASHED or not (width and height) or known >= len(ALLOWED) or truncated > 1:
        raise Garbled
    misread = _pdq(reply, _HASHED_HEAD.size + _PDQ.size) if len(reply) == LONGEST_HASHED else None
    return Hashed(_pdq(reply, _HASHED_HEAD.size), width, height, ALLOWED[known], bool(truncated), misread)


def _pdq(reply: bytes, at: int) -> Pdq:
    quality, *turned = _PDQ.unpack_from(reply, at)
    if quality > 100:
        raise Garbled
    return Pdq(tuple(turned), quality)


def answer(reply: bytes) -> Decoded:
    """What a reply says; the worker has met strangers' bytes, so nothing in it is believed unseen.

    Raises the refusal it carries, or `Garbled`.
    """
    return _answer(reply, colours=0)


def answer_in_colour(reply: bytes) -> Decoded:
    """`answer` for a picture whose regions were asked for in colour."""
    return _answer(reply, colours=_COLOURS)


def _answer(reply: bytes, colours: int) -> Decoded:
    """`colours` is how many bytes of colour each region has."""
    if found := refusal(reply):
        raise found
    if not _HEAD.size + _FLIPS <= len(reply) <= LONGEST_REPLY + REGIONS * colours:
        raise Garbled
    kind, width, height, known, truncated, count, misread = _HEAD.unpack_from(reply)
    if kind != _DECODED or not (width and height) or known >= len(ALLOWED) or truncated > 1 or misread > 1:
        raise Garbled
    each = _REGION + colours
    end = _HEAD.size + _FLIPS + count * each
    if len(reply) != end + misread * _PLANE:
        raise Garbled
    regions = tuple(_received(reply, _HEAD.size + _FLIPS + place * each, colours) for place in range(count))
    flips = _planes(reply, _HEAD.size, 4)
    wrong = _planes(reply, end, 1)[0] if misread else None
    return Decoded(flips, width, height, ALLOWED[known], bool(truncated), regions, wrong)


def _planes(reply: bytes, at: int, count: int) -> Floats:
    """`count` x 64 x 64."""
    planes = np.frombuffer(reply, dtype="<f4", offset=at, count=count * _PLANE // 4).astype(np.float32)
    if not (np.isfinite(planes).all() and planes.min() >= -1 and planes.max() <= 256):  # 0 to 255, and rounding
        raise Garbled
    return planes.reshape(count, REDUCED, REDUCED)


def _received(reply: bytes, at: int, colours: int) -> Region:
    kind, *places, aspect = _REGION_HEAD.unpack_from(reply, at)
    if kind >= len(_KINDS_OF_REGION) or not 1e-5 < aspect < 1e5:  # NaN is not in between either
        raise Garbled
    corners: Corners = ((places[0], places[1]), (places[2], places[3]), (places[4], places[5]), (places[6], places[7]))
    if not all(0 <= place <= 1 for place in places) or not turning(corners) > 0:
        raise Garbled
    pixels = np.frombuffer(reply, np.uint8, _CANVAS, at + _REGION_HEAD.size)
    canvas = pixels.reshape(CANVAS, CANVAS).astype(np.float32)
    rgb = np.frombuffer(reply, np.uint8, colours, at + _REGION).reshape(-1, COLOURED, 3) if colours else None
    return Region(_KINDS_OF_REGION[kind], corners, aspect, canvas, rgb)


@dataclass(frozen=True, slots=True)
class Question[R]:
    """What a worker is asked about a file: the byte that says so, the longest answer in bytes, how it is read."""

    asked: bytes
    longest: int
    read: Callable[[bytes], R]


DECODE = Question(REDUCE, LONGEST_REPLY, answer)
REDUCE_WHOLE = Question(WHOLE, _HEAD.size + _FLIPS + _PLANE, answer)
DECODE_IN_COLOUR = Question(COLOUR, LONGEST_IN_COLOUR, answer_in_colour)
PICTURE = Question(SHOW, LONGEST_PICTURE, picture)
HASH_WHOLE = Question(HASH, LONGEST_HASHED, fingerprint)
