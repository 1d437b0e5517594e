"""With colour asked for, each region has its colours, and its luminance stays what it is without."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageOps

from staydown.decoding import Pool
from tests.pictures import jpeg, photograph, png

Save = Callable[..., bytes]
WHOLE = 288, 288


def expected(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB").resize(WHOLE, Image.Resampling.BOX)).astype(float)


def away(rgb: np.ndarray | None, picture: Image.Image) -> float:
    assert rgb is not None and rgb.shape == (288, 288, 3) and rgb.dtype == np.uint8
    return float(np.abs(rgb - expected(picture)).mean())


@pytest.fixture
def coffee() -> Image.Image:
    return photograph("coffee").resize((480, 320))


def test_without_colour_no_region_has_any(pool: Pool, coffee: Image.Image) -> None:
    assert all(region.rgb is None for region in pool.decode(jpeg(coffee)).regions)


@pytest.mark.parametrize("size", [(480, 320), (1280, 720), (1920, 1080), (3000, 4000)])
def test_a_jpeg_has_its_colours_at_every_scale(pool: Pool, coffee: Image.Image, size: tuple[int, int]) -> None:
    picture = coffee.resize(size)
    found = pool.decode(jpeg(picture), colour=True)
    assert away(found.regions[0].rgb, picture) < 5


def test_every_way_of_storing_colours(pool: Pool, coffee: Image.Image, saved: Save) -> None:
    for data in (png(coffee), png(coffee.quantize(256)), saved(coffee, "WEBP"), saved(coffee, "TIFF")):
        assert away(pool.decode(data, colour=True).regions[0].rgb, coffee) < 5
    cmyk = coffee.convert("CMYK")
    assert away(pool.decode(saved(cmyk, "JPEG"), colour=True).regions[0].rgb, cmyk) < 5
    wide = Image.fromarray(np.asarray(coffee.convert("L")).astype(np.uint16) * 257)
    for grey in (saved(wide, "PNG"), jpeg(coffee.convert("L")), jpeg(coffee.convert("L").resize((1280, 900)))):
        assert away(pool.decode(grey, colour=True).regions[0].rgb, coffee.convert("L")) < 3


def test_transparent_parts_are_white(pool: Pool, coffee: Image.Image) -> None:
    half = coffee.convert("RGBA")
    half.paste((0, 0, 0, 0), (0, 0, 240, 320))
    seen = coffee.copy()
    seen.paste("white", (0, 0, 240, 320))
    assert away(pool.decode(png(half), colour=True).regions[0].rgb, seen) < 3


@pytest.mark.parametrize("orientation", range(1, 9))
def test_colours_are_upright(pool: Pool, coffee: Image.Image, saved: Save, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(coffee, "JPEG", exif=exif.tobytes())
    with Image.open(io.BytesIO(data)) as opened:
        upright = ImageOps.exif_transpose(opened)
    assert away(pool.decode(data, colour=True).regions[0].rgb, upright) < 3


def test_parts_have_the_colours_of_their_place(pool: Pool, coffee: Image.Image) -> None:
    framed = ImageOps.expand(coffee, 40, "#e63c5a")
    parts = pool.decode(jpeg(framed), colour=True).regions[1:]
    assert min(away(part.rgb, coffee) for part in parts) < 6


@pytest.mark.parametrize("name", ["coffee", "cat", "rocket", "china", "flower"])
@pytest.mark.parametrize("size", [(640, 427), (1280, 720), (1920, 1080), (3000, 4000)])
def test_luminance_is_the_same_with_colour(pool: Pool, name: str, size: tuple[int, int]) -> None:
    from staydown.fingerprints import pdq

    data = jpeg(photograph(name).resize(size))
    grey, coloured = pdq.of_flips(pool.decode(data).flips), pdq.of_flips(pool.decode(data, colour=True).flips)
    for one, other in zip(grey.turned, coloured.turned, strict=True):
        assert (int.from_bytes(one) ^ int.from_bytes(other)).bit_count() <= 6


def test_a_truncated_picture_has_colours(pool: Pool, coffee: Image.Image) -> None:
    data = jpeg(coffee.resize((1600, 1200)))
    found = pool.decode(data[: len(data) * 2 // 3], colour=True)
    assert found.truncated and found.regions[0].rgb is not None
