"""A film -> fifteen small pictures a second, as FFmpeg's program gives them to whoever makes hashes for exchange.

As `ffmpeg -i FILM -s 64:64 -an -f rawvideo -pix_fmt rgb24 -r 15`, which others run: turned upright, made smaller by
bicubic interpolation, at the pace of `Pace`. Every frame is decoded, so it costs several times what `film.every` does.
Runs inside the sandbox.
"""

from collections.abc import Iterator

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from staydown.decoding import film
from staydown.decoding.containers import PICTURES, Container
from staydown.decoding.errors import TooLarge, Unsupported
from staydown.decoding.frames import ENOUGH_TIME, Reading
from staydown.decoding.pace import Pace
from staydown.decoding.types import REDUCED, Pixels

A_SECOND = 15
LONGEST = 3 * 3600 * A_SECOND  # pictures

Steady = tuple[Pixels, int]
"""A picture (64 x 64 x 3, RGB), and how often it is shown, one time after the other."""


def pictures(data: bytes, reading: Reading) -> Iterator[Steady]:
    """Fifteen pictures for each second. Raises `Undecodable`, `Unsupported`, or `TooLarge` for what is too long, too.

    A film that is told in part only would have another hash, so there is no looking less thoroughly here. One that
    is damaged or ends early has those of what is there, and it is noted down.
    """
    kind = film.kind_of(data)
    if kind in PICTURES:
        raise Unsupported
    return film.through(data, kind, reading, _decoded)


def _decoded(opened: InputContainer, stream: VideoStream, reading: Reading) -> Iterator[Steady]:
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(reading.limits.pixels)}
    pace = Pace(A_SECOND, float(stream.guessed_rate or 0))
    start = _start(opened, stream)
    before: VideoFrame | None = None
    now = lasts = 0.0
    for frame in film.shown(opened, stream, reading):
        now = now + lasts if frame.time is None else frame.time - start
        lasts = float(max(0, frame.duration or 0) * (frame.time_base or 0))
        again, count = pace.times(now, lasts)
        if pace.shown > LONGEST or reading.spent > ENOUGH_TIME:
            raise TooLarge
        if again:
            yield _small(before or frame, reading), again
        if count:
            yield _small(frame, reading), count
        before = frame
    if before is not None and pace.at_the_end():
        yield _small(before, reading), pace.at_the_end()


def _start(opened: InputContainer, stream: VideoStream) -> float:
    """The time from which FFmpeg counts: the file's first of any kind, but in a transport stream the pictures' own."""
    if opened.format.name == Container.MPEG_TS.value:
        return float((stream.start_time or 0) * (stream.time_base or 0))
    return (opened.start_time or 0) / av.time_base


def _small(frame: VideoFrame, reading: Reading) -> Pixels:
    reading.checked(frame.width, frame.height)
    reading.seen += 1
    rgb = frame.to_ndarray(format="rgb24", width=REDUCED, height=REDUCED, interpolation="BICUBIC", threads=1)
    return np.ascontiguousarray(np.rot90(rgb, round((frame.rotation or 0) / 90) % 4))
