"""What people see is what is decoded, whatever the file says about how to store it."""

import dataclasses
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from staydown.decoding import Decoded, Pool
from staydown.decoding.formats import ALLOWED
from staydown.decoding.jarosz import reduce

Save = Callable[..., bytes]


def luma(picture: Image.Image) -> np.ndarray:
    return reduce(np.asarray(picture.convert("RGB").convert("F")))


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The mean difference of two reduced luminances, 0 to 255."""
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize("kind", ALLOWED)
def test_every_allowed_format_shows_the_same_picture(
    pool: Pool, photograph: Image.Image, saved: Save, kind: str
) -> None:
    found = pool.decode(saved(photograph, kind))
    assert (found.width, found.height, found.format, found.truncated) == (640, 427, kind, False)
    assert apart(found.luma, luma(photograph)) < (2 if kind == "GIF" else 0.5)


def test_a_lossless_picture_is_reduced_as_if_it_had_not_been_sandboxed(
    pool: Pool, photograph: Image.Image, saved: Save
) -> None:
    np.testing.assert_allclose(pool.decode(saved(photograph, "PNG")).luma, luma(photograph), atol=1e-3)


def _palette(picture: Image.Image) -> Image.Image:
    return picture.quantize(256)


def _sixteen_bits(picture: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)


def _two_colours(picture: Image.Image) -> Image.Image:
    return picture.convert("1")


def _opaque(picture: Image.Image) -> Image.Image:
    return picture.convert("RGBA")


def _grey_and_opacity(picture: Image.Image) -> Image.Image:
    return picture.convert("LA")


@pytest.mark.parametrize("change", [_palette, _sixteen_bits, _two_colours, _opaque, _grey_and_opacity])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_every_colour_mode_shows_the_same_picture(
    pool: Pool, photograph: Image.Image, saved: Save, change: Callable[[Image.Image], Image.Image], kind: str
) -> None:
    assert apart(pool.decode(saved(change(photograph), kind)).luma, luma(photograph)) < 3


def test_a_picture_in_printing_colours_is_not_inverted(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    printed = photograph.convert("CMYK")
    for kind in ("JPEG", "TIFF"):
        assert apart(pool.decode(saved(printed, kind)).luma, luma(photograph)) < 1
    large = photograph.resize((2560, 1708))
    assert apart(pool.decode(saved(large.convert("CMYK"), "JPEG")).luma, luma(large)) < 1


def test_a_picture_of_sixteen_bits_is_scaled_and_not_clipped(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    found = pool.decode(saved(_sixteen_bits(photograph), "PNG")).luma
    np.testing.assert_allclose(found, luma(photograph.convert("L")), atol=1e-2)


def test_a_reviewer_sees_a_picture_of_sixteen_bits_as_it_is(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    shown = pool.show(saved(_sixteen_bits(photograph), "PNG"))
    seen = np.frombuffer(shown.rgb, np.uint8).reshape(shown.height, shown.width, 3)
    assert apart(reduce(seen[:, :, 0].astype(np.float32)), luma(photograph)) < 2


def test_what_is_transparent_is_seen_on_white(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    half = photograph.convert("RGBA")
    half.paste((0, 0, 0, 0), (0, 0, 320, 427))
    on_white = photograph.copy()
    on_white.paste((255, 255, 255), (0, 0, 320, 427))
    for kind in ("PNG", "TIFF"):
        np.testing.assert_allclose(pool.decode(saved(half, kind)).luma, luma(on_white), atol=1e-2)
    assert apart(pool.decode(saved(half, "WEBP", lossless=True)).luma, luma(on_white)) < 0.1


def test_a_transparent_palette_colour_is_seen_on_white(pool: Pool, saved: Save) -> None:
    picture = Image.new("P", (128, 128), 1)
    picture.putpalette([0, 0, 0, 40, 40, 40])
    picture.paste(0, (0, 0, 64, 128))
    for kind in ("PNG", "GIF"):
        found = pool.decode(saved(picture, kind, transparency=0)).luma
        assert abs(found[32, 10] - 255) < 1
        assert abs(found[32, 60] - 40) < 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_a_turned_telephone_shows_the_picture_upright(
    pool: Pool, photograph: Image.Image, saved: Save, kind: str, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(photograph, kind, exif=exif.tobytes())
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened)
    found = pool.decode(data)
    assert (found.width, found.height) == ((640, 427) if orientation < 5 else (427, 640))
    assert apart(found.luma, luma(upright)) < 0.2


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(2001, 1537), (1100, 2503), (513, 512)])
def test_a_large_jpeg_is_decoded_small_and_upright_with_the_same_result(
    pool: Pool, photograph: Image.Image, saved: Save, orientation: int, size: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(photograph.resize(size), "JPEG", exif=exif.tobytes())
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened)
    found = pool.decode(data)
    assert (found.width, found.height) == upright.size
    assert apart(found.luma, luma(upright)) < 0.7  # a side read from its wrong end is 2 apart at least


def test_a_damaged_or_impossible_orientation_means_upright(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    impossible = Image.Exif()
    impossible[0x0112] = 77
    for exif in (impossible.tobytes(), b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0rubbish"):
        found = pool.decode(saved(photograph, "JPEG", exif=exif))
        assert (found.width, found.height, found.truncated) == (640, 427, False)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (63, 65), (64, 64), (20_000, 3)])
def test_pictures_of_odd_sizes_are_reduced_too(pool: Pool, saved: Save, size: tuple[int, int]) -> None:
    found = pool.decode(saved(Image.new("RGB", size, (10, 10, 10)), "PNG"))
    assert (found.width, found.height) == size
    np.testing.assert_allclose(found.luma, 10, atol=0.01)


def test_a_truncated_jpeg_is_still_decoded_and_says_so(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    whole = saved(photograph, "JPEG")
    found = pool.decode(whole[: len(whole) * 6 // 10])
    assert found.truncated
    assert (found.width, found.height) == (640, 427)
    assert apart(found.luma[:20], luma(photograph)[:20]) < 0.5


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
def test_the_part_that_arrived_of_other_files_is_decoded_too(
    pool: Pool, photograph: Image.Image, saved: Save, kind: str
) -> None:
    whole = saved(photograph, kind)
    found = pool.decode(whole[: len(whole) * 7 // 10])
    assert found.truncated
    assert (found.width, found.height) == (640, 427)


def test_a_jpeg_with_a_second_picture_behind_it_is_a_jpeg(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    two = saved(photograph, "MPO", save_all=True, append_images=[photograph.rotate(90)])
    assert pool.decode(two).format == "JPEG"


def test_the_result_cannot_be_changed_by_accident(pool: Pool, photograph: Image.Image, saved: Save) -> None:
    found = pool.decode(saved(photograph, "PNG"))
    assert isinstance(found, Decoded)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.width = 1  # type: ignore[misc]  # that it cannot be done is the test
