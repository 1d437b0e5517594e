"""The few messages between a decoding worker and its parent: length, kind, payload. Nothing is ever
unpickled.
"""

import struct

import numpy as np

from staydown.decoding.errors import DecodingError, TooLarge, Undecodable, Unsupported
from staydown.decoding.formats import ALLOWED
from staydown.decoding.types import REDUCED, SHOWN, Decoded, Picture

LENGTH = struct.Struct(">I")
_HEAD = struct.Struct(">BIIBB")  # kind, width, height, format, truncated
_LUMA = REDUCED * REDUCED * 4
LONGEST_REPLY = _HEAD.size + _LUMA

_PICTURE_HEAD = struct.Struct(">BHH")  # kind, width, height
LONGEST_PICTURE = _PICTURE_HEAD.size + SHOWN * SHOWN * 3
REDUCE, SHOW = b"\x00", b"\x01"  # what a request asks for: its first byte

_DECODED = 0
_PICTURE = 4
_REFUSALS: dict[int, type[DecodingError]] = {1: Undecodable, 2: Unsupported, 3: TooLarge}
_KINDS = {refusal: kind for kind, refusal in _REFUSALS.items()}


class Garbled(Exception):
    """A worker answered something that is not an answer: it is broken or taken over, and must be replaced."""


def decoded(result: Decoded) -> bytes:
    """The reply that carries a picture."""
    known = ALLOWED.index(result.format)
    head = _HEAD.pack(_DECODED, result.width, result.height, known, result.truncated)
    return head + result.luma.astype("<f4").tobytes()


def refused(error: DecodingError) -> bytes:
    """The reply that carries a refusal: its kind only, never a word of the file or of the decoder."""
    return bytes([_KINDS[type(error)]])


def pictured(result: Picture) -> bytes:
    """The reply that carries a picture to look at, as plain pixels."""
    return _PICTURE_HEAD.pack(_PICTURE, result.width, result.height) + result.rgb


def picture(reply: bytes) -> Picture:
    """The picture in a reply. Raises the refusal it carries, or `Garbled`."""
    if len(reply) == 1 and reply[0] in _REFUSALS:
        raise _REFUSALS[reply[0]]
    if len(reply) < _PICTURE_HEAD.size:
        raise Garbled
    kind, width, height = _PICTURE_HEAD.unpack_from(reply)
    rgb = reply[_PICTURE_HEAD.size :]
    if kind != _PICTURE or not 0 < width <= SHOWN or not 0 < height <= SHOWN:
        raise Garbled
    if len(rgb) != width * height * 3:
        raise Garbled
    return Picture(rgb, width, height)


def answer(reply: bytes) -> Decoded:
    """What a reply says; the worker has met strangers' bytes, so nothing in it is believed unseen.

    Raises the refusal it carries, or `Garbled`.
    """
    if len(reply) == 1 and reply[0] in _REFUSALS:
        raise _REFUSALS[reply[0]]
    if len(reply) != LONGEST_REPLY:
        raise Garbled
    kind, width, height, known, truncated = _HEAD.unpack_from(reply)
    luma = np.frombuffer(reply, dtype="<f4", offset=_HEAD.size).reshape(REDUCED, REDUCED).astype(np.float32)
    if kind != _DECODED or not (width and height) or known >= len(ALLOWED) or truncated > 1:
        raise Garbled
    if not (np.isfinite(luma).all() and luma.min() >= -1 and luma.max() <= 256):  # 0 to 255, and rounding
        raise Garbled
    return Decoded(luma, width, height, ALLOWED[known], bool(truncated))
