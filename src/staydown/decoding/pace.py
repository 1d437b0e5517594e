"""A film's frames -> as many a second as are wanted, always: some are left out, others shown again.

This is the rule by which FFmpeg's program keeps a constant rate (`-r`, fftools, versions 4 and 5), because hashes that
are exchanged are made with it. It is generous: a frame that comes too early is shown all the same, until the film is
more than a frame ahead. Of 30 frames a second those numbered 0, 1, 2, 3, 5, 7, 9 ... make 15.
"""

AHEAD = -1.1  # frames that the film may be ahead of time; from there on one is left out
BEHIND = 1.1  # frames that it may be behind; from there on frames are shown again
LATER = 0.6  # of a frame, by which a gap must be longer for what comes before it to be shown again
FINE = 1 << 16  # steps in which FFmpeg counts the time of a frame


class Pace:
    """Counts what was shown. `a_second` frames are wanted; the film's header says that it has `rate`, or 0."""

    def __init__(self, a_second: int, rate: float) -> None:
        self._a_second = a_second
        self._usual = min(1.0, a_second / rate) if rate > 0 else 1.0
        self._again = [0, 0, 0]
        self.shown = 0

    def times(self, now: float, lasts: float) -> tuple[int, int]:
        """How often the frame before is shown once more, and then how often the one that comes `now` for so long.

        Both in seconds, from the beginning of the file; `lasts` is 0 where nobody knows.
        """
        behind = _finely(now * self._a_second) - self.shown
        ends = behind + (round(lasts * self._a_second) or self._usual)
        behind = 0.0 if behind < 0 < ends else behind
        count = 0 if ends < AHEAD else round(ends) if ends > BEHIND else 1
        again = min(count, round(behind - LATER)) if behind > BEHIND else 0
        self._again = [again, *self._again[:2]]
        self.shown += count
        return again, count - again

    def at_the_end(self) -> int:
        """How often the last frame is shown once more: as often as was usual before the last three."""
        return sorted(self._again)[1]


def _finely(frames: float) -> float:
    """A time in frames as FFmpeg counts it, a little away from zero, so that it never lies in the middle of two."""
    whole = round(frames * FINE)
    return (whole + (whole > 0) / 2 - (whole < 0) / 2) / FINE
