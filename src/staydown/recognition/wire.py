"""What a recognising worker answers: numbers only, never a pixel. Nothing is unpickled, nothing is believed unseen."""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from staydown.decoding.frames import MOST
from staydown.decoding.wire import Garbled, Question, refusal
from staydown.recognition.model import GRID
from staydown.recognition.sampling import Look, Span

Floats = npt.NDArray[np.float32]

PICTURE, KEYS, THOROUGH = b"\x00", b"\x01", b"\x02"  # what a request asks for: its first byte
_ANSWER = 16
_HEAD = struct.Struct("<BBddI")  # kind, truncated, seconds, of them thorough, frames
_CELLS = GRID * GRID
_LOOK = struct.Struct("<df")
LATEST = 1e7  # seconds that are believed
LONGEST = _HEAD.size + _CELLS * 4 + MOST * _LOOK.size


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The numbers of what was looked at, in the order of time, and the map of the highest. Of a picture there is one."""

    truncated: bool
    span: Span
    highest: Floats
    looks: tuple[Look, ...]


def written(seen: Seen) -> bytes:
    """The reply that carries it."""
    head = _HEAD.pack(_ANSWER, seen.truncated, seen.span.seconds, seen.span.thorough, len(seen.looks))
    return (
        head + seen.highest.astype("<f4").tobytes() + b"".join(_LOOK.pack(each.time, each.score) for each in seen.looks)
    )


def read(reply: bytes) -> Seen:
    """What a reply says. Raises the refusal it carries, or `Garbled`."""
    if found := refusal(reply):
        raise found
    start = _HEAD.size + _CELLS * 4
    if not start < len(reply) <= LONGEST:
        raise Garbled
    kind, truncated, seconds, thorough, count = _HEAD.unpack_from(reply)
    if kind != _ANSWER or truncated > 1 or len(reply) != start + count * _LOOK.size:
        raise Garbled
    highest = np.frombuffer(reply, "<f4", _CELLS, _HEAD.size).astype(np.float32).reshape(GRID, GRID)
    looks = tuple(Look(*_LOOK.unpack_from(reply, start + place * _LOOK.size)) for place in range(count))
    times = [look.time for look in looks]
    if not np.isfinite(highest).all() or times != sorted(times) or not all(0 <= look.score <= 1 for look in looks):
        raise Garbled
    if not all(0 <= time < LATEST for time in (seconds, thorough, *times)):
        raise Garbled
    return Seen(bool(truncated), Span(seconds, thorough), highest, looks)


def question(asked: bytes) -> Question[Seen]:
    """What a worker is asked about a file."""
    return Question(asked, LONGEST, read)
