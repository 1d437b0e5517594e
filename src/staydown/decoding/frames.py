"""One frame of a film as a fingerprint needs it: its brightness, upright and small; and how many are looked at."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.decoding import bands
from staydown.decoding.errors import TooLarge
from staydown.decoding.jarosz import Side
from staydown.decoding.kernel import library
from staydown.decoding.types import Floats, Limits

Grey = npt.NDArray[np.uint8]

Span = tuple[int, int, int, int]
"""Left, top, right, bottom in samples of a frame's `small`."""

A_SECOND = 4  # frames looked at
ENOUGH = 256  # samples on the shorter side of a folded frame; below it, distances to the reference grow
WIDEST = 1024  # samples on its longer side
ENOUGH_TIME = 0.8  # of the CPU time: the kernel ends whoever uses all of it, and then nothing is known
FRESH = 0.2  # seconds for which the CPU time used is taken to be what it was
MOST = 40_000  # frames looked at in one film: nearly three hours


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame. `time` is in seconds from the first one; `small` its brightness, upright, height x width uint8,
    folded by `fold` from `height` x `width` pixels; `studio` when it goes from 16 to 235 (BT.601) and not from 0 to 255.
    `colours`, where the reading asks for them, gives it in RGB, upright, squeezed to that many pixels each way; it works
    only until the next frame.
    """

    time: float
    small: Grey
    height: int
    width: int
    fold: int
    studio: bool
    colours: Callable[[int], Image.Image] | None = None

    def reduced(self) -> Floats:
        """The frame reduced to 64 x 64 (0 to 255), upright and mirrored left to right: 2 x 64 x 64."""
        return self._reduced(self.small, (self.height, self.width), self.fold)

    def reduced_parts(self, parts: list[Span]) -> Iterator[Floats]:
        """Parts of the frame as `reduced` gives it, from the folded samples as if they were pixels."""
        for left, top, right, bottom in parts:
            yield self._reduced(self.small[top:bottom, left:right], (bottom - top, right - left), 1)

    def _reduced(self, seen: Grey, size: tuple[int, int], fold: int) -> Floats:
        columns = Side(size[1], fold), Side(size[1], fold, backwards=True)
        luma = bands.reduced((Side(size[0], fold),), columns, seen)[:, 0]
        return (luma - np.float32(16)) * np.float32(255 / 219) if self.studio else luma


def folded(plane: Grey) -> tuple[Grey, int]:
    """A brightness (height x width) made smaller by a whole number, the mean of each fold x fold pixels; that number."""
    height, width = plane.shape
    fold = max(1, min(plane.shape) // ENOUGH, -(-max(plane.shape) // WIDEST))
    if fold == 1:
        return plane.copy(), fold  # the decoder uses its memory again
    compiled, found = library(), np.empty((-(-height // fold), -(-width // fold)), np.uint8)
    if compiled is None or plane.strides[1] != 1 or not compiled.staydown_fold(
        plane.ctypes.data, plane.strides[0], width, height, fold, found.ctypes.data
    ):  # fmt: skip
        return np.asarray(Image.fromarray(np.ascontiguousarray(plane)).reduce(fold)), fold
    return found, fold


@dataclass(slots=True)
class Reading:
    """How a film is being read, and what was found out about it on the way; times and durations in seconds.

    `thorough` is the time up to which four frames a second were looked at, after which there were key frames
    only; `truncated` says that something is missing or damaged, or was left out because the film is too long. `colour`
    asks for each frame's `colours`.
    """

    limits: Limits
    colour: bool = False
    width: int = 0
    height: int = 0
    rate: float = 0.0
    duration: float = 0.0
    thorough: float = 0.0
    truncated: bool = False
    seen: int = 0
    _started: float = field(default_factory=time.process_time)
    _now: float = field(default_factory=time.process_time)
    _asked: float = field(default_factory=time.monotonic)

    def checked(self, width: int, height: int) -> None:
        """Raises `TooLarge` where one frame has too many pixels."""
        if width * height > self.limits.pixels or max(width, height) > self.limits.side:
            raise TooLarge

    def is_enough(self, spent: float) -> bool:
        """Whether enough was looked at when so much was spent; the rest, which is left out, is then noted down."""
        if self.seen < MOST and spent < ENOUGH_TIME:
            return False
        self.truncated = True
        return True

    @property
    def spent(self) -> float:
        """The part of the CPU time allowed for this film that is used up, as it was a fifth of a second ago or later:
        to ask takes a millisecond in some sandboxes.
        """
        if time.monotonic() > self._asked + FRESH:
            self._now, self._asked = time.process_time(), time.monotonic()
        return (self._now - self._started) / self.limits.cpu_seconds


class Clock:
    """Times that only go forward, whatever a film's time stamps say."""

    def __init__(self, rate: float) -> None:
        self._step = 1 / min(max(rate or 25.0, 1.0), 120.0)
        self._first: float | None = None
        self._last = -self._step
        self._due = 0.0

    def at(self, stamp: float | None) -> float:
        """The next frame's time from its time stamp; without a later one, one frame after the last."""
        if self._first is None:
            self._first = stamp or 0.0
        since = None if stamp is None else stamp - self._first
        self._last = since if since is not None and self._last < since < 1e6 else self._last + self._step
        return self._last

    def is_due(self, now: float) -> bool:
        """Whether a frame is looked at: the first in each quarter of a second."""
        if now + 1e-6 < self._due:
            return False
        self._due = (int(now * A_SECOND + 1e-6) + 1) / A_SECOND
        return True


Look = Callable[[bytes, Reading], Iterator[Frame]]
"""How a film is looked at: bytes and what is noted down on the way -> the frames."""
