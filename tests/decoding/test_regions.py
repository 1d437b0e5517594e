"""What was put around a picture is seen, and the picture itself proposed to within a sample or two."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from staydown.decoding import Pool, regions
from staydown.decoding.rectangles import MOST, rectangles
from staydown.decoding.regions import OVERLAP, VARIANTS
from staydown.decoding.shapes import shared
from staydown.decoding.types import REGIONS, Box, Kind, Region, Small
from tests.pictures import jpeg, photograph, png


def luminance(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L")).astype(np.float32)


def proposed(picture: Image.Image) -> tuple[Region, ...]:
    return regions.found(Small(luminance(picture)), picture.width / picture.height)


def near(found: tuple[Region, ...], box: Box, off: float = 0.015) -> bool:
    return any(np.abs(np.array(region.box) - box).max() <= off for region in found[1:])


def put(picture: Image.Image, page: Image.Image, at: tuple[int, int]) -> Image.Image:
    seen = page.copy()
    seen.paste(picture, at)
    return seen


@pytest.fixture
def coffee() -> Image.Image:
    return photograph("coffee").resize((480, 320))


def test_the_whole_picture_comes_first_and_there_are_never_too_many(coffee: Image.Image) -> None:
    found = proposed(coffee)
    assert (found[0].kind, found[0].box, found[0].aspect) == (Kind.WHOLE, (0.0, 0.0, 1.0, 1.0), 1.5)
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (400, 400), dtype=np.uint8))
    assert len(proposed(noise)) <= REGIONS


@pytest.mark.parametrize("colour", ["black", "white", "#e63c5a"])
def test_a_border_is_taken_off(coffee: Image.Image, colour: str) -> None:
    assert near(proposed(ImageOps.expand(coffee, 40, colour)), (40 / 560, 40 / 400, 520 / 560, 360 / 400))


def test_bars_above_and_below_are_taken_off(coffee: Image.Image) -> None:
    found = proposed(put(coffee, Image.new("RGB", (480, 480)), (0, 80)))
    assert near(found, (0, 80 / 480, 1, 400 / 480))


def test_a_picture_in_another_is_a_rectangle(coffee: Image.Image) -> None:
    page = photograph("rocket").resize((800, 600))
    found = proposed(put(coffee, page, (200, 150)))
    assert near(found, (200 / 800, 150 / 600, 680 / 800, 470 / 600))


def test_each_cell_of_a_collage_is_proposed(coffee: Image.Image) -> None:
    page = Image.new("RGB", (800, 600))
    for cell, name in enumerate(("coffee", "rocket", "chelsea", "china")):
        page.paste(
            photograph(name if name != "chelsea" else "cat").resize((400, 300)), (cell % 2 * 400, cell // 2 * 300)
        )
    found = proposed(page)
    for box in ((0, 0, 0.5, 0.5), (0.5, 0, 1, 0.5), (0, 0.5, 0.5, 1), (0.5, 0.5, 1, 1)):
        assert near(found, box)


def test_a_quarter_is_proposed_though_its_neighbours_are_reflections_of_each_other(coffee: Image.Image) -> None:
    other = ImageOps.fit(photograph("rocket"), (400, 300))
    page = Image.new("RGB", (800, 600))
    for at, shown in (((0, 0), other), ((400, 0), ImageOps.mirror(other)), ((0, 300), ImageOps.flip(other))):
        page.paste(shown, at)
    page.paste(coffee.resize((400, 300)), (400, 300))
    assert near(proposed(page), (0.5, 0.5, 1, 1))


@pytest.mark.parametrize("above", ["cat", "coffee"])
def test_pictures_that_were_stacked_are_parted_at_their_seams(above: str) -> None:
    page = Image.new("RGB", (600, 1200))
    page.paste(photograph(above).resize((600, 400)), (0, 0))
    for top, name in ((400, "china"), (800, "rocket")):
        page.paste(photograph(name).resize((600, 400)), (0, top))
    found = proposed(page)
    for top in range(3):
        assert near(found, (0, top / 3, 1, (top + 1) / 3))


def test_a_small_picture_on_coarse_grain_is_found(coffee: Image.Image) -> None:
    grain = np.random.default_rng(5).normal(120, 40, (600, 800)).clip(0, 255).astype(np.uint8)
    found = proposed(put(coffee.resize((280, 187)), Image.fromarray(grain).convert("RGB"), (60, 330)))
    assert near(found, (60 / 800, 330 / 600, 340 / 800, 517 / 600))


def test_a_picture_on_its_own_blur_is_found(coffee: Image.Image) -> None:
    page = ImageOps.fit(coffee, (540, 960)).filter(ImageFilter.GaussianBlur(25))
    assert near(proposed(put(coffee, page, (30, 300))), (30 / 540, 300 / 960, 510 / 540, 620 / 960))


@pytest.mark.parametrize("gap", [0, 3, 6])
def test_a_tall_cell_beside_two_is_proposed_and_so_are_they(coffee: Image.Image, gap: int) -> None:
    page = Image.new("RGB", (900, 600), "white")
    boxes = ((0, 0, 400, 600), (400 + gap, 0, 900, 320), (400 + gap, 320 + gap, 900, 600))
    for (left, top, right, bottom), name in zip(boxes, ("coffee", "rocket", "cat"), strict=True):
        page.paste(ImageOps.fit(photograph(name), (right - left, bottom - top)), (left, top))
    for left, top, right, bottom in boxes:
        assert near(proposed(page), (left / 900, top / 600, right / 900, bottom / 600), 0.012)


def test_of_thousands_of_rectangles_few_are_looked_at() -> None:
    rng = np.random.default_rng(7)
    seen = np.kron(rng.integers(0, 256, (90, 90)), np.ones((6, 6))).astype(np.float32)
    first, within, others = rectangles(seen)
    assert max(len(within), len(others)) <= MOST
    assert len(first) <= 6 * 6 + MOST
    assert len(regions.found(Small(seen), 1.0)) <= REGIONS


@pytest.mark.parametrize("paper", [250, 18])
def test_a_picture_with_a_plain_ground_above_the_text_of_a_page_is_found(coffee: Image.Image, paper: int) -> None:
    """Its ground is as plain as the page, and its edges are fewer than those of the text."""
    picture = coffee.resize((540, 360))
    picture.paste((120, 130, 110), (0, 240, 540, 360))
    page = Image.new("RGB", (540, 1100), (paper,) * 3)
    draw = ImageDraw.Draw(page)
    for line in range(24):
        draw.text(
            (20, 520 + 22 * line), "many words about nothing " * (1 + line % 2), fill=(255 - paper,) * 3, font_size=16
        )
    found = proposed(put(picture, page, (0, 120)))
    assert near(found, (0, 120 / 1100, 1, 480 / 1100), off=0.02)


def test_nearly_the_same_place_is_looked_at_twice_at_most(coffee: Image.Image) -> None:
    page = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(page)
    for step in range(8):
        draw.rectangle((150 - 8 * step, 120 - 8 * step, 650 + 8 * step, 560 + 8 * step), outline="black", width=2)
    found = [region.box for region in proposed(put(coffee.resize((480, 420)), page, (160, 130)))[1:]]
    for box in found:
        assert sum(shared(box, other) >= OVERLAP for other in found) <= 2 * VARIANTS + 1  # and what a frame surrounds


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (31, 31), (32, 32), (33, 700)])
def test_pictures_too_small_for_parts_have_their_whole(size: tuple[int, int]) -> None:
    found = proposed(Image.new("L", size, 90))
    assert found[0].kind is Kind.WHOLE
    np.testing.assert_allclose(found[0].canvas, 90, atol=1e-3)


def test_parts_come_out_of_the_sandbox_for_every_way_of_storing_the_picture(pool: Pool, coffee: Image.Image) -> None:
    framed = ImageOps.expand(coffee, 40, "white")
    for data in (jpeg(framed), png(framed), png(framed.convert("RGBA")), png(framed.quantize(64))):
        assert near(pool.decode(data).regions, (40 / 560, 40 / 400, 520 / 560, 360 / 400))


def test_a_picture_turned_by_its_exif_is_proposed_upright(pool: Pool, coffee: Image.Image) -> None:
    import io

    exif = Image.Exif()
    exif[0x0112] = 6
    made = io.BytesIO()
    coffee.transpose(Image.Transpose.ROTATE_90).save(made, "JPEG", exif=exif, quality=95)
    turned, plain = pool.decode(made.getvalue()), pool.decode(jpeg(coffee, 95))
    assert (turned.width, turned.height) == (480, 320)
    assert float(np.abs(turned.regions[0].canvas - plain.regions[0].canvas).mean()) < 3
    assert float(np.abs(turned.flips - plain.flips).mean()) < 3
