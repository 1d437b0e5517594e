"""Exact digests: of the bytes, and of a JPEG's picture without what was written about it."""

import hashlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from staydown import fingerprints
from tests.pictures import photograph


def saved(picture: Image.Image, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", **options)
    return made.getvalue()


def exif(orientation: int = 1, words: str = "") -> bytes:
    made = Image.Exif()
    made[0x0112], made[0x010E] = orientation, words
    return made.tobytes()


@given(st.binary(max_size=10_000))
def test_three_digests_are_made_in_one_reading(data: bytes) -> None:
    expected = (hashlib.sha256(data).digest(), hashlib.sha1(data).digest(), hashlib.md5(data).digest())
    for source in (data, io.BytesIO(data)):
        found = fingerprints.digests(source)
        assert (found.sha256, found.sha1, found.md5) == expected
    assert fingerprints.exact(data) == expected[0]


def test_a_stream_longer_than_a_chunk_is_read_to_its_end() -> None:
    data = np.random.default_rng(1).bytes((1 << 20) * 3 + 17)
    stream = io.BytesIO(data)
    stream.seek(5)
    assert fingerprints.digests(stream).sha256 == hashlib.sha256(data[5:]).digest()
    assert fingerprints.digests(data).md5 == hashlib.md5(data).digest()


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"restart_marker_blocks": 3}, {"subsampling": 0}])
def test_a_jpeg_keeps_its_digest_when_what_is_written_about_it_changes(options: dict[str, object]) -> None:
    picture = photograph("coffee")
    plain = saved(picture, **options)
    known = fingerprints.without_metadata(plain)
    assert known
    for changed in (
        saved(picture, exif=exif(6, "where and when"), **options),
        saved(picture, comment=b"words", icc_profile=bytes(70_000), dpi=(300, 300), **options),
        plain + b"\xff\xd8 a second picture, or an archive",
        plain[:-2] + b"\xff\xff\xff" + plain[-2:],
    ):
        assert fingerprints.without_metadata(changed) == known


def test_another_picture_and_another_quality_have_another_digest() -> None:
    made = [saved(photograph(name), quality=quality) for name in ("coffee", "cat") for quality in (80, 81)]
    assert len({fingerprints.without_metadata(each) for each in made}) == 4


def _without(data: bytes, marker: int) -> bytes:
    """The file without its first segment of a kind."""
    at = data.index(bytes((0xFF, marker)))
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def test_what_colours_mean_is_part_of_the_picture() -> None:
    printed = saved(photograph("coffee").convert("CMYK"))
    assert fingerprints.without_metadata(printed)
    assert fingerprints.without_metadata(printed) != fingerprints.without_metadata(_without(printed, 0xEE))
    usual = saved(photograph("coffee"))
    adobe = bytes.fromhex("ffee000e") + b"Adobe\0d\0\0\0\0"
    bare = _without(usual, 0xE0)
    assert fingerprints.without_metadata(bare) == fingerprints.without_metadata(usual)
    as_usual, as_rgb = (bare[:2] + adobe + bytes([transform]) + bare[2:] for transform in (1, 0))
    assert fingerprints.without_metadata(as_usual) == fingerprints.without_metadata(usual)
    assert fingerprints.without_metadata(as_rgb) != fingerprints.without_metadata(usual)


def test_of_several_words_about_the_colours_the_last_before_the_scan_counts() -> None:
    bare = _without(saved(photograph("coffee")), 0xE0)
    usual, rgb = (bytes.fromhex("ffee000e") + b"Adobe\0d\0\0\0\0" + bytes([transform]) for transform in (1, 0))
    both, one = (bare[:2] + words + bare[2:] for words in (usual + rgb, rgb))
    assert _pixels(both) == _pixels(one) != _pixels(bare)
    assert fingerprints.without_metadata(both) == fingerprints.without_metadata(one)
    assert fingerprints.without_metadata(both) != fingerprints.without_metadata(bare)
    late = bare[:-2] + rgb + bare[-2:]
    assert _pixels(late) == _pixels(bare)
    assert fingerprints.without_metadata(late) == fingerprints.without_metadata(bare)


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow, about the EXIF that is spoilt
@pytest.mark.parametrize("options", [{}, {"progressive": True}])
def test_equal_digests_mean_equal_pixels(options: dict[str, object]) -> None:
    """Whatever byte is changed: where the digest stays, so does every pixel that a decoder makes of it."""
    plain = saved(photograph("coffee").resize((48, 32)), exif=exif(1, "words"), **options)
    known, pixels = fingerprints.without_metadata(plain), _pixels(plain)
    stayed = 0
    for place in range(len(plain)):
        changed = plain[:place] + bytes([plain[place] ^ 0x11]) + plain[place + 1 :]
        if fingerprints.without_metadata(changed) == known:
            stayed += 1
            assert _pixels(changed) == pixels
    assert stayed > 30


def _pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        return opened.convert("RGB").tobytes()


def test_anything_but_a_whole_jpeg_has_none() -> None:
    whole = saved(photograph("coffee").resize((64, 48)))
    for length in range(len(whole)):
        assert fingerprints.without_metadata(whole[:length]) is None
    for other in (b"\x89PNG", b"\xff\xd8\xff\xd9", b"\xff\xd8" + b"\xff" * 100, b"\xff\xd8" + b"\xff\xfe\0\2" * 20_000):
        assert fingerprints.without_metadata(other) is None


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_answered(tail: bytes) -> None:
    found = fingerprints.without_metadata(b"\xff\xd8" + tail)
    assert found is None or len(found) == 32


@pytest.mark.parametrize("filler", [b"\xff", b"\xff\x00", b"\xff\xd0", b"\0"])
def test_a_long_scan_is_read_once(filler: bytes) -> None:
    """Were it read again from each of its bytes, this would take days."""
    frame = bytes.fromhex("ffc0000b08000100010101110000")[:-1]
    scan = bytes.fromhex("ffda0008010100003f00")
    long = b"\xff\xd8" + frame + scan + filler * (8 << 20)
    assert fingerprints.without_metadata(long) is None
    assert fingerprints.without_metadata(long + b"\xff\xd9")
