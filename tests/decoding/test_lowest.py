"""A JPEG at an eighth and a quarter of its size, read by our own scan: libjpeg is what it is held against."""

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from staydown.decoding import Pool, jarosz, lowest, pdq, pixels, scaling
from staydown.decoding.kernel import library
from staydown.decoding.types import Limits, Pdq, Pixels

Saved = Callable[..., bytes]
pytestmark = pytest.mark.skipif(library() is None, reason="no compiler was there when Staydown was installed")


def by_pillow(data: bytes, fold: int) -> Pixels:
    """What Pillow, which is libjpeg, gives of the luminance."""
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("L", (max(1, picture.width // fold), max(1, picture.height // fold)))
        return np.asarray(picture.convert("L"))


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", **options)
    return made.getvalue()


@pytest.mark.parametrize("size", [(640, 427), (633, 423), (17, 427), (640, 9), (8, 8)])
@pytest.mark.parametrize(
    "options",
    [
        {"subsampling": 0},
        {"subsampling": 1},
        {"subsampling": 2},
        {"quality": 30, "optimize": True},
        {"quality": 100},
        {"restart_marker_blocks": 7},
        {"restart_marker_rows": 1, "subsampling": 2},
    ],
)
def test_an_eighth_is_libjpegs_to_the_last_sample(
    photograph: Image.Image, size: tuple[int, int], options: dict[str, Any]
) -> None:
    data = jpeg(photograph.crop((0, 0, *size)), **options)
    assert np.array_equal(lowest.luminance(data, 8), by_pillow(data, 8)[: -(-size[1] // 8), : -(-size[0] // 8)])


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_quarter_is_nearly_libjpegs(photograph: Image.Image, subsampling: int) -> None:
    data = jpeg(photograph, subsampling=subsampling)
    apart = lowest.luminance(data, 4) - by_pillow(data, 4).astype(float)
    assert apart.shape == (107, 160)
    assert abs(apart.mean()) < 0.1
    assert apart.std() < 4  # of this temple, all tiles and leaves; a fingerprint averages it away


def test_the_sandboxed_worker_reads_so_too(
    pool: Pool, photograph: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = jpeg(photograph.resize((1600, 1068)))
    ours = pixels.reduce(data, pool.limits)
    monkeypatch.setattr(lowest, "luminance", lambda data, fold: None)
    by_libjpeg = pixels.reduce(data, pool.limits)
    assert np.abs(by_libjpeg.flips - ours.flips).max() > 0.02
    assert np.abs(pool.reduce(data).flips - ours.flips).max() < 0.001  # but for rounding


def test_a_grey_picture_is_read(photograph: Image.Image) -> None:
    data = jpeg(photograph.convert("L"))
    assert np.array_equal(lowest.luminance(data, 8), by_pillow(data, 8))


@pytest.mark.parametrize(
    "make",
    [
        lambda picture: jpeg(picture, progressive=True),
        lambda picture: jpeg(picture.convert("CMYK")),
        lambda picture: jpeg(picture, keep_rgb=True),
        lambda picture: jpeg(picture)[:-2],
        lambda picture: jpeg(picture)[:9000],
        lambda picture: b"\xff\xd8\xff",
        lambda picture: b"",
    ],
    ids=["progressive", "printing colours", "RGB", "no end", "half", "nothing but a start", "nothing"],
)
def test_what_is_not_a_plain_whole_jpeg_is_left_to_pillow(
    photograph: Image.Image, make: Callable[[Image.Image], bytes]
) -> None:
    assert lowest.luminance(make(photograph), 8) is None


def with_adobes_exchanged(data: bytes, marker: int, body: bytes) -> bytes:
    """A JPEG with another segment in place of the one that says that it is RGB."""
    begin = data.index(b"\xff\xee")
    end = begin + 2 + int.from_bytes(data[begin + 2 : begin + 4], "big")
    return data[:begin] + bytes((0xFF, marker)) + (2 + len(body)).to_bytes(2, "big") + body + data[end:]


@pytest.mark.parametrize(
    ("marker", "body"),
    [(0xEE, b"JFIF\0\1\1\0\0\1\0\1\0\0"), (0xE0, b"Adobe\0\x64\0\0\0\0\1")],
    ids=["JFIF's words in Adobe's segment", "Adobe's words in JFIF's segment"],
)
def test_red_is_not_taken_for_the_luminance_because_of_words_in_a_segment_where_nobody_reads_them(
    photograph: Image.Image, marker: int, body: bytes
) -> None:
    red_is_plain = Image.merge("RGB", (Image.new("L", photograph.size, 128), *photograph.split()[1:]))
    data = with_adobes_exchanged(jpeg(red_is_plain, keep_rgb=True), marker, body)
    with Image.open(io.BytesIO(data)) as picture:
        assert np.asarray(picture.convert("L")).std() > 30  # as everybody sees it
    assert lowest.luminance(data, 8) is None


def looks_otherwise(picture: Image.Image, **options: Any) -> bytes:
    """A JPEG of a grey picture in which four samples of each block are so far beyond black or white that all means are 128.

    It is saved with an eighth of its contrast, but for those samples, and then its quantisers are made eight times as large.
    """
    seen = np.asarray(picture).reshape(picture.height // 8, 8, picture.width // 8, 8).astype(float) - 128
    faint = seen / 8
    faint[:, 3:5, :, 3:5] -= seen.mean(axis=(1, 3))[:, None, :, None] * 2
    small = np.clip(np.rint(faint + 128), 0, 255).astype(np.uint8).reshape(picture.height, picture.width)
    data = jpeg(Image.fromarray(small), qtables=[[1] * 64], **options)
    return data.replace(b"\xff\xdb\0\x43\0" + bytes([1] * 64), b"\xff\xdb\0\x43\0" + bytes([8] * 64))


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("side", [2048, 1024, 768])
def test_a_picture_that_looks_otherwise_than_its_blocks_means_say_is_read_as_people_see_it(
    photograph: Image.Image, side: int, options: dict[str, Any]
) -> None:
    picture = photograph.convert("L").resize((side, side), Image.Resampling.BICUBIC).point(lambda at: 64 + at // 2)
    data, limits = looks_otherwise(picture, **options), Limits()
    assert by_pillow(data, 8).std() < 0.1 * by_pillow(data, 1).std()  # what all of them were read as, before
    assert lowest.luminance(data, 8) is None
    assert lowest.luminance(data, 4) is None
    seen = pdq.of_reduced(jarosz.reduce(by_pillow(data, 1)))
    assert apart(pixels.hashed(data, limits).pdq, seen) <= 4
    assert apart(pdq.of_flips(pixels.decode(data, limits, colour=True).flips), seen) <= 4
    shown = pixels.show(data, limits)
    grey = Image.frombytes("RGB", (shown.width, shown.height), shown.rgb).convert("L").resize((64, 64))
    assert np.asarray(grey).std() > 0.5 * np.asarray(picture.resize((64, 64))).std()


def test_in_grey_it_is_read_so_however_large_it_is(photograph: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scaling, "HUGE", 1000)
    picture = photograph.convert("L").resize((1024, 1024), Image.Resampling.BICUBIC).point(lambda at: 64 + at // 2)
    data = looks_otherwise(picture, progressive=True)
    seen = pdq.of_reduced(jarosz.reduce(by_pillow(data, 1)))
    assert apart(pixels.hashed(data, Limits()).pdq, seen) <= 4


def apart(one: Pdq, other: Pdq) -> int:
    """Bits by which the upright forms differ."""
    return (int.from_bytes(one.turned[0], "big") ^ int.from_bytes(other.turned[0], "big")).bit_count()


@pytest.mark.parametrize("quality", [5, 20, 50, 90])
def test_a_photograph_of_any_quality_is_what_its_blocks_means_say(photograph: Image.Image, quality: int) -> None:
    assert lowest.tell(jpeg(photograph, quality=quality))


def test_of_damaged_files_nothing_is_said_that_libjpeg_would_not_say(photograph: Image.Image) -> None:
    chance, whole = np.random.default_rng(3), jpeg(photograph.resize((96, 64)), quality=60, restart_marker_blocks=5)
    answered = 0
    for _ in range(2000):
        damaged = bytearray(whole)
        for place in chance.integers(2, len(whole), chance.integers(1, 4)):
            damaged[place] = chance.integers(256)
        seen = lowest.luminance(bytes(damaged), 8)
        if seen is not None:
            answered += 1
            assert np.array_equal(seen, by_pillow(bytes(damaged), 8))
    assert answered > 20


def test_a_table_of_quantisers_with_a_zero_is_left_to_pillow(photograph: Image.Image) -> None:
    data = bytearray(jpeg(photograph))
    data[data.index(b"\xff\xdb") + 5] = 0
    assert lowest.luminance(bytes(data), 8) is None


def test_a_file_of_millions_of_empty_tables_does_not_keep_a_worker(photograph: Image.Image) -> None:
    whole, empty = jpeg(photograph), b"\xff\xc4" + (2 + 3854 * 17).to_bytes(2, "big") + 3854 * bytes(17)
    begun = time.process_time()
    assert lowest.luminance(whole[:2] + 400 * empty + whole[2:], 8) is None
    assert time.process_time() - begun < 0.5  # it took seconds


def test_every_beginning_of_a_file_is_refused(photograph: Image.Image) -> None:
    whole = jpeg(photograph.resize((48, 32)))
    assert all(lowest.luminance(whole[:length], fold) is None for length in range(len(whole)) for fold in (8, 4))
    assert lowest.luminance(whole, 8) is not None


def test_tables_that_are_no_code_are_refused(photograph: Image.Image) -> None:
    whole = jpeg(photograph.resize((48, 32)))
    table = whole.index(b"\xff\xc4") + 5
    for length in range(16):
        for count in (3, 200, 255):
            broken = bytearray(whole)
            broken[table : table + 16] = bytes(16)
            broken[table + length] = count
            assert lowest.luminance(bytes(broken), 8) is None
