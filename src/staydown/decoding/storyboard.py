"""A film -> a few of its frames on one sheet: small, grey, side by side, so that nobody has to watch it.

`python -m staydown.decoding.storyboard PIXELS SIDE MEMORY CPU` is the sandboxed process that makes it; see `worker`.
"""

import io

import av
import numpy as np
from PIL import Image

from staydown.decoding import film, pixels, wire
from staydown.decoding.errors import DecodingError
from staydown.decoding.frames import Frame, Grey, Reading
from staydown.decoding.pool import Pool, Shared
from staydown.decoding.types import Limits, Picture
from staydown.decoding.worker import asked_limits, confine_and_serve

PROGRAM = "staydown.decoding.storyboard"
COLUMNS, ROWS = 4, 3
CELL = 160  # pixels of the longer side of a frame
FRAMES = COLUMNS * ROWS
LIMITS = Limits(
    pixels=36_000_000, side=16_384, cpu_seconds=60, wall_seconds=180.0, memory=2 << 30, pictures_per_worker=20
)


def storyboard(data: bytes) -> Picture:
    """At most twelve frames of a film, evenly spread, in reading order. Raises what `decoding.show` raises."""
    return _shared.pool().show(data)


class Thinned:
    """Frames evenly spread over a film of which nobody knows how long it is, in constant memory."""

    def __init__(self) -> None:
        self.kept: list[Grey] = []
        self._step, self._seen = 1, 0

    def see(self, frame: Frame) -> None:
        """The next frame."""
        if self._seen % self._step == 0:
            self.kept.append(_small(frame.small))
        self._seen += 1
        if len(self.kept) > 2 * FRAMES:
            self.kept, self._step = self.kept[::2], 2 * self._step

    def chosen(self) -> list[Grey]:
        """As many as the sheet has places for."""
        places = np.linspace(0, len(self.kept) - 1, min(FRAMES, len(self.kept)))
        return [self.kept[round(float(place))] for place in places]


def _small(seen: Grey) -> Grey:
    picture = Image.fromarray(np.ascontiguousarray(seen))
    picture.thumbnail((CELL, CELL), Image.Resampling.BOX)
    return np.asarray(picture)


def sheet(frames: list[Grey]) -> Picture:
    """The frames in rows of four."""
    rows = -(-len(frames) // COLUMNS)
    made = Image.new("L", (COLUMNS * CELL, rows * CELL), 255)
    for place, frame in enumerate(frames):
        height, width = frame.shape
        left, top = place % COLUMNS * CELL + (CELL - width) // 2, place // COLUMNS * CELL + (CELL - height) // 2
        made.paste(Image.fromarray(frame), (left, top))
    return Picture(made.convert("RGB").tobytes(), made.width, made.height)


def made(data: bytes, limits: Limits) -> Picture:
    """The sheet of a film, from the frames that are coded by themselves. Runs inside the sandbox."""
    thinned = Thinned()
    for frame in film.keys(data, Reading(limits)):
        thinned.see(frame)
    return sheet(thinned.chosen())


def reply(_asked: bytes, data: bytes, limits: Limits) -> bytes:
    """The answer to one film."""
    try:
        return wire.pictured(made(data, limits))
    except DecodingError as refusal:
        return wire.refused(refusal)


def rehearse(limits: Limits) -> None:
    """One tiny moving picture, whole and broken, so that everything imported late is imported now."""
    stills = [Image.new("L", (64, 64), 20 * place) for place in range(4)]
    file = io.BytesIO()
    stills[0].save(file, "GIF", save_all=True, append_images=stills[1:], duration=250)
    for data in (file.getvalue(), _encoded(), _encoded()[:200]):
        reply(wire.SHOW, data, limits)


def _encoded() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="avi") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for _ in range(4):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    return file.getvalue()


def main() -> None:
    """Prepare, then serve films."""
    limits = asked_limits()
    av.logging.set_level(None)
    pixels.prepare(limits)
    rehearse(limits)
    confine_and_serve(limits, lambda asked, data: reply(asked, data, limits))


_shared = Shared(lambda: Pool(1, LIMITS, PROGRAM))

if __name__ == "__main__":
    main()
