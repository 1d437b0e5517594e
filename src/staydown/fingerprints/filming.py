"""The sandboxed process that fingerprints films: `python -m staydown.fingerprints.filming PIXELS SIDE MEMORY CPU`.

Only fingerprints leave it, never a pixel. See `staydown.decoding.worker`.
"""

from collections.abc import Iterator
from itertools import batched

import av
import numpy as np

from staydown.decoding import film, pixels, steady, wire
from staydown.decoding.errors import DecodingError
from staydown.decoding.frames import Frame, Look, Reading, Span
from staydown.decoding.rehearsal import films
from staydown.decoding.types import Floats, Limits
from staydown.decoding.worker import asked_limits, confine_and_serve
from staydown.fingerprints import footage, framing, many, tmk
from staydown.fingerprints.film import EVERY, KEYS, TMK
from staydown.fingerprints.footage import FilmFingerprints, Frames, Part
from staydown.fingerprints.tmk_sums import Sums

PICTURES_AT_ONCE = 64  # of which sums are made: few enough to stay in the processor's own memory
SHORTEST_STRETCH, LONGEST_STRETCH = 8, 40  # frames between which a content box is looked for

Row = tuple[float, int, bool]
"""Time, part, whether a scene begins."""


class Filming:
    """Rows of fingerprints from frames, stretch after stretch: a content box needs some frames to be seen."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._looks: list[many.Looks] = []
        self.waiting: list[tuple[Frame, bool]] = []
        self._shades: Floats | None = None
        self._box: Span | None = None
        self._second = -1

    def see(self, frame: Frame) -> None:
        """The next frame."""
        before, self._shades = self._shades, framing.shades(frame.small)
        cut = bool(self.waiting) and before is not None and framing.is_cut(before, self._shades)
        if (cut and len(self.waiting) >= SHORTEST_STRETCH) or len(self.waiting) >= LONGEST_STRETCH:
            self._end_stretch()
        self.waiting.append((frame, cut))

    def ended(self) -> Frames:
        """The rows of all frames."""
        self._end_stretch()
        time, part, cut = zip(*self._rows, strict=True)
        upright, mirrored, quality = (np.concatenate(column) for column in zip(*self._looks, strict=True))
        return Frames(np.array(time), upright, quality, np.array(part, np.uint8), np.array(cut), mirrored)

    def _end_stretch(self) -> None:
        """Write the rows of the frames seen since the last stretch."""
        self._box = framing.content([frame for frame, _ in self.waiting], self._box)
        reduced = []
        for frame, cut in self.waiting:
            parts = dict(self._parts(frame))
            self._rows += [(frame.time, part, cut) for part in (Part.WHOLE, *parts)]
            reduced += [frame.reduced(), *frame.reduced_parts(list(parts.values()))]
        if reduced:
            self._looks.append(many.looks(np.stack(reduced)))
        self.waiting = []

    def _parts(self, frame: Frame) -> Iterator[tuple[Part, Span]]:
        """The content box of a frame, and once a second the crops."""
        height, width = frame.small.shape
        left, top, right, bottom = 0, 0, width, height
        if self._box and self._box[2] <= width and self._box[3] <= height:  # a film may change its size on the way
            left, top, right, bottom = self._box
            yield Part.INSIDE, self._box
        if int(frame.time) == self._second:
            return
        self._second = int(frame.time)
        for part, crop in footage.crops(right - left, bottom - top).items():
            yield part, (left + crop[0], top + crop[1], left + crop[2], top + crop[3])


def fingerprints(data: bytes, look: Look, limits: Limits) -> FilmFingerprints:
    """The fingerprints of one film, but for its digest. Raises what `look` raises."""
    reading = Reading(limits)
    filming = Filming()
    for frame in look(data, reading):
        filming.see(frame)
    return FilmFingerprints(
        sha256=bytes(32),
        duration=reading.duration,
        rate=reading.rate,
        width=min(reading.width, 0xFFFF),
        height=min(reading.height, 0xFFFF),
        thorough=reading.thorough,
        truncated=reading.truncated,
        frames=filming.ended(),
    )


def hashed(data: bytes, limits: Limits) -> bytes:
    """Whether a film is truncated, and its TMK as a file. Raises what `steady.pictures` raises."""
    reading, sums = Reading(limits), Sums()
    for some in batched(steady.pictures(data, reading), PICTURES_AT_ONCE):
        pictures, times = zip(*some, strict=True)
        sums.see(np.stack(pictures), np.array(times))
    return bytes([reading.truncated]) + tmk.write(sums.ended())


def reply(asked: bytes, data: bytes, limits: Limits) -> bytes:
    """The answer to one film: its fingerprints as they are stored, then the mirrored ones; or what `hashed` gives."""
    look = film.keys if asked == KEYS else film.every
    try:
        if asked == TMK:
            return hashed(data, limits)
        found = fingerprints(data, look, limits)
    except DecodingError as refusal:
        return wire.refused(refusal)
    return footage.pack(found) + found.frames.mirrored.tobytes()


def rehearse(limits: Limits) -> None:
    """Answer one tiny film of each kind, whole and broken, so that everything imported late is imported now."""
    pictures = np.random.default_rng(1).integers(0, 256, (12, 64, 64, 3), dtype=np.uint8)
    pictures[:, :16] = 0  # a bar that does not move
    for each in films(pictures, rate=4):
        for data in (each, each[:-200], each[:200]):
            reply(EVERY, data, limits)
            reply(KEYS, data, limits)
            reply(TMK, data, limits)


def main() -> None:
    """Prepare, then serve films."""
    limits = asked_limits()
    av.logging.set_level(None)
    pixels.prepare(limits)
    rehearse(limits)
    confine_and_serve(limits, lambda asked, data: reply(asked, data, limits))


if __name__ == "__main__":
    main()
