"""Films at fifteen pictures a second: which frames these are, and what is refused; in this process, where nothing is
confined.

The frames expected are those that FFmpeg 5.1 gave for `ffmpeg -i FILM -s 64:64 -f rawvideo -pix_fmt rgb24 -r 15` of films
whose frames carried their numbers.
"""

import io
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from staydown.decoding import DecodingError, Limits, TooLarge, Undecodable, Unsupported, steady
from staydown.decoding.frames import Reading
from staydown.decoding.pace import Pace
from tests import films

BITS = 8
AT_FIFTEEN = [
    (Fraction(5), 60, [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]),
    (Fraction(10), 46, [0, 0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7]),
    (Fraction(12), 50, [0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 9]),
    (Fraction(15), 30, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (Fraction(20), 47, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]),
    (Fraction(24000, 1001), 46, [0, 1, 2, 3, 4, 5, 7, 8, 10, 12, 13, 15]),
    (Fraction(25), 47, [0, 1, 2, 3, 4, 5, 7, 9, 10, 12, 14, 15]),
    (Fraction(30000, 1001), 32, [0, 1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18]),
    (Fraction(30), 32, [0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 17, 19]),
    (Fraction(50), 47, [0, 1, 2, 6, 9, 12, 16, 19, 22, 26, 29, 32]),
    (Fraction(60), 32, [0, 1, 3, 7, 11, 15, 19, 23, 27, 31, 35, 39]),
    (Fraction(120), 27, [0, 1, 7, 15, 23, 31, 39, 47, 55, 63, 71, 79]),
]
FRAMES = {5: 20, 10: 30, 12: 40, 15: 30, 20: 60, 24: 70, 25: 75, 30: 60, 50: 150, 60: 120, 120: 200}


def numbered(count: int) -> Iterator[Image.Image]:
    """Pictures with their number in stripes, white for a one."""
    for number in range(count):
        stripes = [255 * (number >> bit & 1) for bit in range(BITS)]
        yield Image.fromarray(np.repeat(np.array([stripes] * 64, np.uint8), 8, axis=1))


def number(picture: np.ndarray) -> int:
    shades = picture[:, :, 0].reshape(64, BITS, 8)[:, :, 2:6].mean(axis=(0, 2))
    return sum(1 << bit for bit in range(BITS) if shades[bit] > 128)


def shown(data: bytes) -> list[int]:
    found = steady.pictures(data, Reading(Limits(cpu_seconds=300)))
    return [number(picture) for picture, times in found for _ in range(times)]


def timed(stamps: list[int], kind: str = "matroska", sound: str = "") -> bytes:
    """A film whose numbered frames come at such milliseconds; its sound begins at once."""
    made = io.BytesIO()
    with av.open(made, "w", format=kind) as container:
        stream = container.add_stream("libx264", rate=30, options={"bf": "0"})
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        if sound:
            heard = container.add_stream(sound, rate=16000, layout="mono")
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 1152), np.int16), format="s16", layout="mono")
            silence.rate, silence.pts, silence.time_base = 16000, 0, Fraction(1, 16000)
            container.mux([*heard.encode(silence), *heard.encode(None)])
        for stamp, picture in zip(stamps, numbered(len(stamps)), strict=True):
            frame = av.VideoFrame.from_image(picture.convert("RGB"))
            frame.pts, frame.time_base = stamp, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return made.getvalue()


@pytest.mark.parametrize(("rate", "count", "first"), AT_FIFTEEN, ids=lambda value: str(value)[:10])
def test_a_film_of_any_rate_gives_the_frames_that_ffmpeg_gives(rate: Fraction, count: int, first: list[int]) -> None:
    found = shown(films.film(numbered(FRAMES[round(rate)]), rate=rate))
    assert (len(found), found[:12]) == (count, first)


def test_the_last_frame_is_not_shown_again_where_none_was() -> None:
    assert shown(films.film(numbered(60), rate=30))[-3:] == [55, 57, 59]


def test_a_pause_is_filled_with_the_frame_before_it() -> None:
    found = shown(timed([*range(0, 660, 33), *range(3660, 4320, 33)]))
    before, after = [0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 17], [20, 21, 22, 23, 24, 26, 28, 30, 32, 34, 36, 38]
    assert found == [*before, *[19] * 43, *after]


def test_what_is_seen_later_than_heard_begins_with_a_still_but_in_a_transport_stream_at_once() -> None:
    late = [700 + 40 * place for place in range(40)]
    at_once = shown(timed(late, "mpegts", "mp2"))
    assert at_once[:6] == [0, 1, 2, 3, 4, 6]
    assert shown(timed(late, sound="pcm_s16le"))[:14] == [0] * 11 + [1, 2, 3]


def test_pictures_are_upright_small_and_in_colour() -> None:
    wide = (picture.resize((256, 128)).convert("RGB") for picture in numbered(15))
    for picture, times in steady.pictures(films.film(wide, rate=15), Reading(Limits(cpu_seconds=300))):
        assert (picture.shape, picture.dtype, times) == ((64, 64, 3), np.uint8, 1)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_not_read_here(kind: str) -> None:
    with pytest.raises(Unsupported):
        shown(films.moving(films.scene("coffee", 1, rate=4), kind))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftypisom"])
def test_rubbish_is_no_film(data: bytes) -> None:
    with pytest.raises(Undecodable):
        shown(data)


def test_a_pause_of_hours_is_refused_and_not_filled() -> None:
    with pytest.raises(TooLarge):
        shown(timed([0, 33, 66, 100_000_000, 100_000_033]))


def test_a_film_that_would_take_too_long_is_refused_and_not_told_in_part() -> None:
    reading = Reading(Limits(cpu_seconds=1))
    reading._started -= 1.0  # as if so much had been used
    with pytest.raises(TooLarge):
        list(steady.pictures(films.film(numbered(30), rate=30), reading))


def test_half_a_film_is_what_is_there_and_noted_down() -> None:
    whole = films.film(films.scene("coffee", 4), "matroska")
    reading = Reading(Limits(cpu_seconds=300))
    assert 0 < sum(times for _, times in steady.pictures(whole[: len(whole) // 2], reading)) < 60
    assert reading.truncated


def test_damage_anywhere_ends_in_pictures_or_a_refusal() -> None:
    rng, source = np.random.default_rng(7), films.film(films.scene("coffee", 1))
    for _ in range(12):
        hurt = np.frombuffer(source, np.uint8).copy()
        places = rng.integers(0, len(hurt), 12)
        hurt[places] = rng.integers(0, 256, len(places))
        try:
            assert shown(hurt.tobytes())
        except DecodingError as refusal:
            assert str(refusal)


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e3)), min_size=1, max_size=50),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_whatever_a_film_says_of_its_time_no_frame_is_shown_less_than_never(
    frames: list[tuple[float, float]], rate: float
) -> None:
    pace = Pace(15, rate)
    counts = [pace.times(now, lasts) for now, lasts in frames]
    assert all(again >= 0 and once >= 0 for again, once in counts)
    assert pace.shown == sum(again + once for again, once in counts)
    assert pace.at_the_end() >= 0
