"""Which frames of a film are looked at, and what their numbers say of it together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.recognition.signals import OVER, Segment

Floats = npt.NDArray[np.float32]


class Mode(Enum):
    """How frames are chosen; the value is what a person reads. See `claims`."""

    KEYS = "key frames only"
    THOROUGH = "once a second, twice in the first minute, and at every cut"

    @property
    def claims(self) -> float | None:
        """The shortest passage, in seconds, that it claims to find wherever it is; None where it claims nothing."""
        return STANDS_FOR if self is Mode.THOROUGH else None


A_MINUTE = 60.0  # seconds, in which frames are looked at twice as often
SHADES = 16  # rows and columns in which two frames are compared
SAME = 3.0  # of 255: mean difference below which a frame is the one before, and has its number
CUT = 20.0  # from which a scene begins
STANDS_FOR = 1.0  # seconds: what one frame may speak for at most
GAP = 2.0  # seconds between two stretches that are one
MOST_OF = 3  # frames whose mean is a film's number


@dataclass(frozen=True, slots=True)
class Look:
    """The number of one frame, at a time in seconds."""

    time: float
    score: float


def shades(grey: npt.NDArray[np.uint8]) -> Floats:
    """A frame's brightness as 16 x 16."""
    small = Image.fromarray(grey).resize((SHADES, SHADES), Image.Resampling.BOX)
    return np.asarray(small).astype(np.float32)


def difference(some: Floats, others: Floats) -> float:
    """Between the shades of two frames: the mean, 0 to 255."""
    return float(np.abs(some - others).mean())


class Sampler:
    """Says of one frame after another whether to look at it."""

    def __init__(self) -> None:
        self._due = 0.0
        self._before: Floats | None = None

    def wants(self, time: float, seen: Floats) -> bool:
        """Whether it is time for one, or a scene begins."""
        cut = self._before is not None and difference(self._before, seen) >= CUT
        self._before = seen
        if time + 1e-6 < self._due and not cut:
            return False
        self._due = time + (0.5 if time < A_MINUTE else 1.0)
        return True


def together(looks: Sequence[Look]) -> float:
    """A film's number: the mean of its highest frames, one in a hundred, one to three.

    A mean of all is as low with a passage of two seconds in it as without.
    """
    most = max(1, min(MOST_OF, len(looks) // 100))
    return float(np.mean(sorted((look.score for look in looks), reverse=True)[:most]))


@dataclass(frozen=True, slots=True)
class Span:
    """How long a film lasts in seconds, and up to when each of its frames was there to be chosen."""

    seconds: float
    thorough: float = 0.0


def stands_for(looks: Sequence[Look], span: Span) -> list[float]:
    """The seconds that each frame speaks for: to the next, or to the end; where others were skipped unseen, at most one."""
    times = [look.time for look in looks] + [max(span.seconds, looks[-1].time)]
    return [
        max(min(after - before, STANDS_FOR), min(after, span.thorough) - before) for before, after in pairwise(times)
    ]


def coverage(looks: Sequence[Look], span: Span) -> float:
    """The part of a film that its frames speak for, 0 to 1."""
    return min(1.0, sum(stands_for(looks, span)) / span.seconds) if span.seconds > 0 else 1.0


def segments(looks: Sequence[Look], span: Span) -> tuple[Segment, ...]:
    """The stretches over the threshold; those less than two seconds apart are one."""
    found: list[Segment] = []
    for look, seconds in zip(looks, stands_for(looks, span), strict=True):
        if look.score < OVER:
            continue
        if found and look.time - found[-1].end < GAP:
            last = found.pop()
            found.append(Segment(last.start, look.time + seconds, max(last.highest, look.score)))
        else:
            found.append(Segment(look.time, look.time + seconds, look.score))
    return tuple(found)


def seconds_over(looks: Sequence[Look], span: Span) -> float:
    """The seconds that frames over the threshold speak for."""
    return sum(seconds for look, seconds in zip(looks, stands_for(looks, span), strict=True) if look.score >= OVER)
