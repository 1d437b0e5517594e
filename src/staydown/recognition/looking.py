"""The sandboxed process that recognises: `python -m staydown.recognition.looking PIXELS SIDE MEMORY CPU_SECONDS`.

The network runs beside the decoder, so that of a stranger's picture only numbers leave the sandbox. See
`staydown.decoding.worker`.
"""

from collections.abc import Iterator

import av
import numpy as np
import numpy.typing as npt
from PIL import Image

from staydown.decoding import film, pixels
from staydown.decoding import wire as refusals
from staydown.decoding.errors import DecodingError
from staydown.decoding.frames import Frame, Reading
from staydown.decoding.rehearsal import films
from staydown.decoding.types import Limits
from staydown.decoding.worker import asked_limits, confine_and_serve, samples
from staydown.recognition import model, wire
from staydown.recognition.preprocess import WHOLE, prepared, squeezed
from staydown.recognition.sampling import SAME, Look, Sampler, Span, difference, shades
from staydown.recognition.wire import Seen

Floats = npt.NDArray[np.float32]

LOOKED_AT = 640  # pixels of the longer side that a picture is decoded to before it is squeezed


def picture(data: bytes, limits: Limits) -> Seen:
    """Of one picture, upright, transparent parts on white. Raises as `pixels.decode` does."""
    shown = pixels.show(data, limits, LOOKED_AT)
    upright = Image.frombytes("RGB", (shown.width, shown.height), shown.rgb)
    score, places = model.opened().of_input(prepared(squeezed(upright)))
    return Seen(shown.truncated, Span(0.0), places, (Look(0.0, score),))


class Watching:
    """Frame after frame: looked at, or left to the one before where it is the same."""

    def __init__(self) -> None:
        self.looks: list[Look] = []
        self.highest = np.zeros((model.GRID, model.GRID), np.float32)
        self._scored: Floats | None = None

    def see(self, frame: Frame, seen: Floats) -> None:
        """The next frame, and its shades."""
        if self._scored is not None and difference(self._scored, seen) < SAME:
            self.looks.append(Look(frame.time, self.looks[-1].score))
            return
        assert frame.colours is not None  # noqa: S101 - asked for by `moving`
        score, places = model.opened().of_input(prepared(frame.colours(WHOLE)))
        if score >= max((look.score for look in self.looks), default=0.0):
            self.highest = places
        self._scored = seen
        self.looks.append(Look(frame.time, score))


def moving(data: bytes, limits: Limits, asked: bytes) -> Seen:
    """Of one film. Raises as `film.keys` does."""
    reading = Reading(limits, colour=True)
    watching, sampler = Watching(), Sampler()
    frames: Iterator[Frame] = film.keys(data, reading) if asked == wire.KEYS else film.every(data, reading)
    for frame in frames:
        seen = shades(frame.small)
        if sampler.wants(frame.time, seen) or asked == wire.KEYS:
            watching.see(frame, seen)
    span = Span(reading.duration, reading.thorough)
    return Seen(reading.truncated, span, watching.highest, tuple(watching.looks))


def reply(asked: bytes, data: bytes, limits: Limits) -> bytes:
    """The answer to what is asked about one file."""
    try:
        return wire.written(picture(data, limits) if asked == wire.PICTURE else moving(data, limits, asked))
    except DecodingError as refusal:
        return refusals.refused(refusal)


def rehearse(limits: Limits) -> None:
    """Answer one file of each kind, whole and broken, so that everything imported late is imported now."""
    for data in samples():
        reply(wire.PICTURE, data, limits)
        reply(wire.PICTURE, data[:-20], limits)
    shown = np.random.default_rng(1).integers(0, 256, (3, 64, 64, 3), dtype=np.uint8)
    for data in films(shown, rate=2):
        reply(wire.KEYS, data, limits)
        reply(wire.THOROUGH, data, limits)
        reply(wire.THOROUGH, data[:-200], limits)


def main() -> None:
    """Prepare, then serve."""
    limits = asked_limits()
    av.logging.set_level(None)
    pixels.prepare(limits)
    model.opened()
    rehearse(limits)
    confine_and_serve(limits, lambda asked, data: reply(asked, data, limits))


if __name__ == "__main__":
    main()
