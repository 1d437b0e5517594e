"""Strangers' films -> their frames, by FFmpeg. Runs inside the sandbox; call it nowhere else but in tests.

H.264 cannot be decoded small, so decoding is nearly all that a film costs. Frames that no other frame needs are
skipped, and the filter that smooths the edges of blocks as well: half the time, and a few bits of a fingerprint.
Sources: FFmpeg libavcodec/options_table.h (skip_frame, skip_loop_filter, max_pixels), libavformat/options_table.h.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NoReturn

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from staydown.decoding import animated
from staydown.decoding.containers import CODECS, DECODERS, PICTURES, Container, container
from staydown.decoding.errors import TooLarge, Undecodable, Unsupported
from staydown.decoding.formats import known_elsewhere
from staydown.decoding.frames import Clock, Frame, Grey, Reading, folded
from staydown.decoding.memory import Memory

type Decoding[T] = Callable[[InputContainer, VideoStream, Reading], Iterator[T]]
"""An opened film, its pictures, and what is noted down on the way -> one thing after another."""

Skip = Literal["NONKEY", "NONREF", "DEFAULT"]
KEYS: Skip = "NONKEY"
REFERENCES: Skip = "NONREF"
ALL: Skip = "DEFAULT"
FAST = 16  # frames a second from which leaving out some still leaves four
HALF = 0.4  # of the CPU time, after which there are key frames only
PATIENCE = 200  # damaged packets before the rest is given up
LACKING = 2.0  # seconds by which a film may end before its header says
LONGEST = 1e6  # seconds that are believed
EIGHT_BITS = ("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p", "nv12", "nv21", "gray")
DEEPER = {"yuv420p10le": 2, "yuv422p10le": 2, "yuv444p10le": 2, "gray10le": 2, "p010le": 8,
          "yuv420p12le": 4, "yuv422p12le": 4, "yuv444p12le": 4, "gray12le": 4}  # fmt: skip


def every(data: bytes, reading: Reading) -> Iterator[Frame]:
    """Four frames a second, and scarcer ones once half the CPU time is used. Raises as `keys` does."""
    return _frames(data, reading, REFERENCES)


def keys(data: bytes, reading: Reading) -> Iterator[Frame]:
    """The frames that are coded by themselves, at most four a second: a first look at a tenth of the cost.

    Raises `Undecodable`, `Unsupported` or `TooLarge`. A film that ends early ends its frames, and is noted down.
    """
    return _frames(data, reading, KEYS)


def _frames(data: bytes, reading: Reading, skip: Skip) -> Iterator[Frame]:
    kind = kind_of(data)
    if kind in PICTURES:
        return animated.frames(data, kind, reading)
    return through(data, kind, reading, partial(_decoded, skip=skip))


def kind_of(data: bytes) -> Container:
    """The kind of a film's file. Raises `Unsupported` for what is no film but may be something else, or `Undecodable`."""
    kind = container(data)
    if kind is None:
        raise Unsupported if _is_a_picture(data) or known_elsewhere(data) else Undecodable
    return kind


def through[T](data: bytes, kind: Container, reading: Reading, decoded: Decoding[T]) -> Iterator[T]:
    """What `decoded` makes of a film that is opened for it. Raises `Undecodable`, `Unsupported` or `TooLarge`."""
    try:
        with _opened(data, kind, reading) as film:
            yield from decoded(film, _stream(film, reading), reading)
    except (MemoryError, av.error.MemoryError) as cause:
        raise TooLarge from cause
    except (av.FFmpegError, ValueError, LookupError, OverflowError, ZeroDivisionError) as cause:
        raise Undecodable from cause
    if not reading.seen:
        raise Undecodable


def _is_a_picture(data: bytes) -> bool:
    return data[:2] in (b"\xff\xd8", b"BM") or data[:4] in (b"II*\0", b"MM\0*")


def _refuse(*_: object) -> NoReturn:
    """What a film is answered that names another file or an address."""
    raise PermissionError


def _opened(data: bytes, kind: Container, reading: Reading) -> InputContainer:
    """The demuxer, over memory: it opens nothing, and no decoder runs that is not allowed."""
    rules = {"format_whitelist": kind.value, "codec_whitelist": ",".join(DECODERS), "protocol_whitelist": ""}
    most = {"max_pixels": str(reading.limits.pixels), "threads": "1"}
    return av.open(Memory(data), "r", format=kind.value, container_options=rules, options=most, io_open=_refuse)


def _stream(film: InputContainer, reading: Reading) -> VideoStream:
    """The film's pictures. Raises `Unsupported` where they are of a kind that is not decoded here."""
    stream = film.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.codec_context is None:
        raise Undecodable
    if stream.codec_context.name not in DECODERS and stream.codec_context.codec.canonical_name not in CODECS:
        raise Unsupported
    reading.checked(stream.width, stream.height)
    reading.rate = float(stream.average_rate or stream.guessed_rate or 0)
    return stream


def _decoded(film: InputContainer, stream: VideoStream, reading: Reading, skip: Skip) -> Iterator[Frame]:
    context = stream.codec_context
    context.thread_count = 1
    context.options = {"skip_loop_filter": "all", "max_pixels": str(reading.limits.pixels)}
    context.skip_frame = ALL if skip == REFERENCES and reading.rate < FAST else skip
    clock = Clock(reading.rate)
    for frame in shown(film, stream, reading):
        now = clock.at(frame.time)
        if not clock.is_due(now):
            continue
        spent = reading.spent
        if reading.is_enough(spent):
            return
        if spent > HALF:
            context.skip_frame = KEYS
        elif skip != KEYS:
            reading.thorough = now
        yield _looked_at(frame, now, reading)


def shown(film: InputContainer, stream: VideoStream, reading: Reading) -> Iterator[VideoFrame]:
    """The frames in the order in which they are shown; damaged ones are left out, and noted down."""
    damaged, start, end = 0, float("inf"), 0.0
    packets, unit = film.demux(stream), float(stream.time_base or 0)
    while damaged < PATIENCE:
        try:
            packet = next(packets)
            if packet.pts is not None:
                start = min(start, packet.pts * unit)
                end = max(end, (packet.pts + (packet.duration or 0)) * unit)
            reading.duration = max(reading.duration, min(end - start, LONGEST))
            yield from stream.codec_context.decode(packet if packet.size else None)
        except (StopIteration, av.error.EOFError):
            break
        except av.error.MemoryError:
            raise
        except av.FFmpegError:
            damaged += 1
    reading.truncated |= damaged > 0 or _declared(film, stream) > end - start + LACKING


def _declared(film: InputContainer, stream: VideoStream) -> float:
    """The seconds that a film's header says it lasts; 0 where it says nothing."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (film.duration or 0) / av.time_base


def _looked_at(frame: VideoFrame, now: float, reading: Reading) -> Frame:
    reading.checked(frame.width, frame.height)
    small, fold = folded(_brightness(frame))
    turns = round((frame.rotation or 0) / 90) % 4
    width, height = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
    reading.seen += 1
    reading.width, reading.height = width, height
    upright = np.ascontiguousarray(np.rot90(small, turns)) if turns else small
    colours = partial(_colours, frame, turns) if reading.colour else None
    return Frame(now, upright, height, width, fold, _is_studio(frame), colours)


def _colours(frame: VideoFrame, turns: int, side: int) -> Image.Image:
    small = frame.to_ndarray(format="rgb24", width=side, height=side, interpolation="AREA", threads=1)
    return Image.fromarray(np.ascontiguousarray(np.rot90(small, turns)))


def _brightness(frame: VideoFrame) -> Grey:
    """The brightness of a frame's pixels, which nearly every codec keeps by itself; height x width, 8 bits."""
    kind = frame.format.name
    if kind not in EIGHT_BITS and kind not in DEEPER:
        frame = frame.reformat(format="gray")
    plane, deeper = frame.planes[0], kind in DEEPER
    rows = np.frombuffer(plane, "<u2" if deeper else np.uint8).reshape(-1, plane.line_size // (1 + deeper))
    seen = rows[: frame.height, : frame.width]
    return (seen >> DEEPER[kind]).astype(np.uint8) if deeper else seen


def _is_studio(frame: VideoFrame) -> bool:
    kind = frame.format.name
    return frame.color_range != av.video.reformatter.ColorRange.JPEG and "j" not in kind and not kind.startswith("gray")
