"""Files made to do harm end in a named refusal. That nothing takes for ever is the pool's own limit, not a test's clock."""

import struct
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from staydown.decoding import (
    Decoded,
    DecodingError,
    Limits,
    Pool,
    TookTooLong,
    TooLarge,
    Undecodable,
    Unsupported,
)
from staydown.decoding.formats import ALLOWED
from tests.decoding.harmless import plain

Save = Callable[..., bytes]


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"\0", b"\xff\xd8", b"\xff\xd8\xff\xe0not a jpeg at all", b"\x89PNG\r\n\x1a\n", b"GIF89a",
     b"RIFF____WEBP", b"II*\0", b"BM", b"hello", b"\0" * 100_000, b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
     b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"],
)  # fmt: skip
def test_rubbish_is_undecodable(pool: Pool, rubbish: bytes) -> None:
    with pytest.raises(Undecodable):
        pool.decode(rubbish)


@pytest.mark.parametrize(
    "head",
    [b"%PDF-1.7\n", b"8BPS\0\1", b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", b"\0\0\0\x18ftypisom\0\0\2\0",
     b"%!PS-Adobe-3.0", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
     b"P6 1 1 255 ", b"\0\0\x01\0\x01\0", b"\xff\x0a\xfa\x1f"],
)  # fmt: skip
def test_files_of_other_kinds_are_named_unsupported(pool: Pool, head: bytes) -> None:
    with pytest.raises(Unsupported):
        pool.decode(head + b"\0" * 2000)


@pytest.mark.parametrize("kind", ["PPM", "ICO", "JPEG2000", "TGA", "PCX", "EPS"])
def test_formats_that_pillow_knows_and_we_do_not_allow_are_refused(
    pool: Pool, photograph: Image.Image, saved: Save, kind: str
) -> None:
    with pytest.raises((Unsupported, Undecodable)):
        pool.decode(saved(photograph.resize((64, 64)), kind))


def test_a_compression_bomb_is_refused_before_it_unpacks(pool: Pool, png: Callable[..., bytes]) -> None:
    bomb = png(20_000, 20_000, bytes(20_001 * 2000))
    assert len(bomb) < 1 << 20
    with pytest.raises(TooLarge) as refusal:
        pool.decode(bomb)
    assert not isinstance(refusal.value, TookTooLong)


def test_a_picture_of_the_largest_allowed_size_is_not_refused(pool: Pool, png: Callable[..., bytes]) -> None:
    found = pool.decode(png(9_000, 9_000, bytes(9_001 * 9_000)))
    assert (found.width, found.height, found.truncated) == (9_000, 9_000, False)


def test_a_picture_that_needs_too_much_memory_is_too_large(
    photograph: Image.Image, saved: Save, png: Callable[..., bytes]
) -> None:
    heavy = saved(Image.new("RGBA", (6_000, 6_000)), "PNG", compress_level=1)
    with Pool(1, Limits(cpu_seconds=120, wall_seconds=240.0, memory=300 << 20)) as small:
        with pytest.raises(TooLarge):
            small.decode(heavy)
        assert small.decode(saved(photograph, "PNG")).width == 640  # and the next one finds nothing amiss


HUGE = 0x7FFFFFFF


def _png_header(png: Callable[..., bytes]) -> bytes:
    return png(HUGE, HUGE, b"")


def _bmp_header(_: Callable[..., bytes]) -> bytes:
    return struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 60, 0, 0, 54, 40, HUGE, HUGE, 1, 24, 0, 0, 0, 0, 0, 0) + b"\0" * 64


def _gif_header(_: Callable[..., bytes]) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;"


def _jpeg_header(_: Callable[..., bytes]) -> bytes:
    frame = struct.pack(">BHHB", 8, 65535, 65535, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xda\0\x08\1\1\0\0\x3f\0\xff\xd9"


def _tiff_header(_: Callable[..., bytes]) -> bytes:
    tags = [
        (256, 4, 1, HUGE),
        (257, 4, 1, HUGE),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
    ]
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 4


def _webp_header(_: Callable[..., bytes]) -> bytes:
    body = b"VP8X" + struct.pack("<IB3x", 10, 0) + b"\xff\xff\xff\xff\xff\x00"
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize("header", [_png_header, _bmp_header, _gif_header, _jpeg_header, _tiff_header, _webp_header])
def test_a_header_that_claims_a_huge_picture_is_refused_unread(
    pool: Pool, png: Callable[..., bytes], header: Callable[[Callable[..., bytes]], bytes]
) -> None:
    with pytest.raises((TooLarge, Undecodable)):
        pool.decode(header(png))


def test_a_picture_of_one_endless_row_is_refused(pool: Pool, png: Callable[..., bytes]) -> None:
    with pytest.raises(TooLarge):
        pool.decode(png(90_000_000, 1, bytes(90_000_001)))


@pytest.mark.parametrize(
    "limits",
    [Limits(cpu_seconds=600, wall_seconds=3.0), Limits(cpu_seconds=1, wall_seconds=600.0)],
    ids=["by the clock", "by processor time"],
)
def test_a_jpeg_of_thousands_of_scans_is_stopped_and_the_next_picture_served(many_scans: bytes, limits: Limits) -> None:
    with Pool(1, limits) as pool:
        with pytest.raises(TookTooLong, match="took too long"):
            pool.decode(many_scans)
        assert pool.decode(plain("PNG")).width == 96


def test_more_bytes_than_allowed_are_refused_unread(pool: Pool) -> None:
    with pytest.raises(TooLarge):
        pool.decode(b"\xff\xd8" + bytes(pool.limits.bytes))


def test_text_that_unpacks_to_very_much_does_no_harm(pool: Pool, png: Callable[..., bytes]) -> None:
    assert _ends_well(pool, png(64, 64, bytes(65 * 64), extra=bytes(200 << 20)))


def test_a_film_of_very_many_frames_costs_one_frame(pool: Pool, saved: Save) -> None:
    frames = [Image.new("L", (1000, 1000), shade) for shade in range(100)]
    assert pool.decode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])).width == 1000


@pytest.mark.parametrize("behind", [b"PK\x03\x04" + bytes(500), b"<script>alert(1)</script>", b"%PDF-1.4 " * 9])
def test_a_picture_with_something_behind_it_is_the_picture_people_see(
    pool: Pool, photograph: Image.Image, saved: Save, behind: bytes
) -> None:
    alone = pool.decode(saved(photograph, "PNG"))
    assert np.array_equal(pool.decode(saved(photograph, "PNG") + behind).luma, alone.luma)


def test_a_picture_hidden_in_a_document_is_not_opened(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    with pytest.raises(Unsupported):
        pool.decode(b"%PDF-1.4\n" + saved(photograph, "JPEG"))


def test_a_script_that_calls_itself_a_gif_is_refused_or_flat(pool: Pool) -> None:
    assert _ends_well(pool, b"GIF89a/*" + b"\x01\0\x01\0" + b"*/=1;alert(1)//" + b";" * 400)


@pytest.mark.parametrize("kind", ALLOWED)
def test_files_with_random_damage_always_end_in_a_picture_or_a_name(
    pool: Pool, photograph: Image.Image, saved: Save, kind: str
) -> None:
    rng = np.random.default_rng(7)
    whole = np.frombuffer(saved(photograph.resize((160, 107)), kind), np.uint8)
    for _ in range(60):
        hurt = whole.copy()
        front = rng.random() < 0.5
        places = rng.integers(0, min(200, len(hurt)) if front else len(hurt), rng.integers(1, 20))
        hurt[places] = rng.integers(0, 256, len(places))
        assert _ends_well(pool, hurt[: rng.integers(len(hurt) // 2, len(hurt) + 1)].tobytes())


def _ends_well(pool: Pool, data: bytes) -> bool:
    try:
        found = pool.decode(data)
    except DecodingError as refusal:
        return len(str(refusal)) > 40
    return isinstance(found, Decoded) and bool(np.isfinite(found.luma).all())
