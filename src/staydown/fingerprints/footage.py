"""What we keep of a film: one fingerprint for each frame looked at, and when it is shown."""

import struct
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from staydown.fingerprints.errors import MalformedFilm
from staydown.fingerprints.turns import TURNS

Times = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.uint8]
Truths = npt.NDArray[np.bool_]

WIDTH = 32  # bytes of a fingerprint
ENOUGH = 50  # quality below which a frame is too flat to be compared
MAGIC = b"SDF1"
_HEAD = struct.Struct(">4s32sIIIHHBI")  # magic, sha256, duration, thorough, rate, width, height, truncated, rows
ROW = 4 + 1 + 1 + WIDTH
LONGEST = 0xFFFFFFFF
_CUT = 0x80  # the bit of a row's flags that says that a scene begins; the others are its part


class Part(IntEnum):
    """Which part of a frame a row is of: all of it, the content box, or a crop of the box (of all where there is none).

    A copy that was cropped by a tenth or a fifth looks like one of the crops, one that was cut to fill an upright
    screen or a square like the two last, which only a film that is not nearly square has.
    """

    WHOLE = 0
    INSIDE = 1
    MIDDLE = 2
    LEFT_TOP = 3
    RIGHT_TOP = 4
    LEFT_BOTTOM = 5
    RIGHT_BOTTOM = 6
    MIDDLE_FIFTH = 7
    SQUARE = 8
    ACROSS = 9


CROPS: dict[Part, tuple[float, float, float, float]] = {
    Part.MIDDLE: (0.05, 0.05, 0.95, 0.95),
    Part.LEFT_TOP: (0.0, 0.0, 0.9, 0.9),
    Part.RIGHT_TOP: (0.1, 0.0, 1.0, 0.9),
    Part.LEFT_BOTTOM: (0.0, 0.1, 0.9, 1.0),
    Part.RIGHT_BOTTOM: (0.1, 0.1, 1.0, 1.0),
    Part.MIDDLE_FIFTH: (0.1, 0.1, 0.9, 0.9),
}
"""Left, top, right, bottom as parts of the sides."""
LONG = 1.2  # times its shorter side that a longer one has where a square and what lies across are cut from the middle
SCREEN = 16 / 9  # of a telephone


def crops(width: int, height: int) -> dict[Part, tuple[int, int, int, int]]:
    """The crops of something of so many samples: left, top, right, bottom in samples."""
    shares = dict(CROPS)
    longer, shorter = max(width, height), min(width, height)
    if longer >= LONG * shorter:
        for part, side in ((Part.SQUARE, shorter / longer), (Part.ACROSS, shorter / SCREEN / longer)):
            first, last = 0.5 - side / 2, 0.5 + side / 2
            shares[part] = (first, 0.0, last, 1.0) if width > height else (0.0, first, 1.0, last)
    return {
        part: (round(left * width), round(top * height), round(right * width), round(bottom * height))
        for part, (left, top, right, bottom) in shares.items()
    }


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """n rows, in the order of time: a frame's whole, its inside where bars or captions are around it, and in one
    frame a second its crops.

    `time` is in seconds (float64); `hash` n x 32 uint8, PDQ in the order of the standard's hexadecimal form;
    `quality` 0 to 100; `part` uint8 says of which `Part`; `cut` that a scene begins here.
    `mirrored` is n x 32 as `hash`, of the frames mirrored left to right, to look up; what was stored has none.
    """

    time: Times
    hash: Hashes
    quality: Numbers
    part: Numbers
    cut: Truths
    mirrored: Hashes = field(default_factory=lambda: np.empty((0, WIDTH), np.uint8))

    def __len__(self) -> int:
        return len(self.time)

    def some(self, rows: npt.NDArray[np.intp]) -> "Frames":
        """These rows only, without their mirrored fingerprints."""
        return Frames(self.time[rows], self.hash[rows], self.quality[rows], self.part[rows], self.cut[rows])

    def turned(self) -> list[Hashes]:
        """The fingerprints of the frames in the eight orientations of `TURNS`.

        Those that are `hash` or `mirrored` with exchanged sides are exact, the others near (see `Turn.of_hashes`).
        """
        if not len(self.mirrored):
            return [turn.of_hashes(self.hash) for turn in TURNS]
        return [
            replace(turn, columns_back=False).of_hashes(self.mirrored if turn.columns_back else self.hash)
            for turn in TURNS
        ]


@dataclass(frozen=True, slots=True, eq=False)
class FilmFingerprints:
    """The fingerprints of one film as people see it.

    `sha256` is the digest of the file, 32 bytes; `duration` is in seconds, as seen and not as the file claims;
    `rate` frames a second; `width` and `height` pixels, upright. Up to `thorough` seconds four frames a second were
    looked at, beyond it key frames only. `truncated` when something is missing, damaged, or was left out.
    """

    sha256: bytes
    duration: float
    rate: float
    width: int
    height: int
    thorough: float
    truncated: bool
    frames: Frames


def pack(film: FilmFingerprints) -> bytes:
    """A film to store: 57 bytes, then 38 for each row (about 450 bytes a second), no pixels; big-endian.

    `SDF1`, SHA-256 (32 bytes), duration and thorough in milliseconds and rate in thousandths (4 bytes each),
    width and height (2 each), truncated (1), the number of rows (4); then all times in milliseconds (4 bytes
    each), all qualities (1), all flags (1; highest bit: cut, others: part), all fingerprints (32).
    """
    rows = film.frames
    numbers = map(_thousandths, (film.duration, film.thorough, film.rate))
    head = _HEAD.pack(MAGIC, film.sha256, *numbers, film.width, film.height, film.truncated, len(rows))
    times = np.clip(np.rint(rows.time * 1000), 0, LONGEST).astype(">u4")
    flags = rows.part | rows.cut.astype(np.uint8) * np.uint8(_CUT)
    return head + times.tobytes() + rows.quality.tobytes() + flags.tobytes() + rows.hash.tobytes()


def _thousandths(value: float) -> int:
    return min(max(round(value * 1000), 0), LONGEST)


def rows_in(stored: bytes) -> int:
    """How many rows a stored film says that it has. Raises `MalformedFilm`."""
    if len(stored) < _HEAD.size or stored[:4] != MAGIC:
        raise MalformedFilm
    count: int = _HEAD.unpack_from(stored)[-1]
    return count


def unpack(stored: bytes) -> FilmFingerprints:
    """The film that `pack` stored, without its mirrored fingerprints. Raises `MalformedFilm`."""
    count = rows_in(stored)
    _, sha256, duration, thorough, rate, width, height, truncated, _ = _HEAD.unpack_from(stored)
    if truncated > 1 or len(stored) != _HEAD.size + count * ROW:
        raise MalformedFilm
    times = np.frombuffer(stored, ">u4", count, _HEAD.size).astype(np.float64) / 1000
    quality, flags = np.frombuffer(stored, np.uint8, 2 * count, _HEAD.size + 4 * count).reshape(2, count)
    hashes = np.frombuffer(stored, np.uint8, count * WIDTH, _HEAD.size + 6 * count).reshape(count, WIDTH)
    parts = flags & np.uint8(~_CUT & 0xFF)
    if (quality > 100).any() or (parts > max(Part)).any() or (np.diff(times) < 0).any():
        raise MalformedFilm
    frames = Frames(times, hashes, quality, parts, (flags & _CUT) > 0)
    return FilmFingerprints(
        sha256, duration / 1000, rate / 1000, width, height, thorough / 1000, bool(truncated), frames
    )
