"""Tilted parts are proposed where their corners are, whatever lies around them; and whatever comes in, regions come out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from staydown.decoding import Pool, regions
from staydown.decoding.shapes import area_of, turning
from staydown.decoding.types import REGIONS, Corners, Kind, Region, Small
from tests.pictures import jpeg, photograph

SIZE = (640, 480)


def proposed(picture: Image.Image) -> tuple[Region, ...]:
    luma = np.asarray(picture.convert("L")).astype(np.float32)
    return regions.found(Small(luma), picture.width / picture.height)


def nearest(found: tuple[Region, ...], corners: Corners) -> float:
    return min(float(np.abs(np.array(region.corners) - corners).max()) for region in found[1:])


def turned(degrees: float, width: float = 400, height: float = 280) -> Corners:
    angle, (x, y) = math.radians(degrees), (SIZE[0] / 2, SIZE[1] / 2)
    sine, cosine = math.sin(angle), math.cos(angle)

    def at(across: float, down: float) -> tuple[float, float]:
        u, v = across * width / 2, down * height / 2
        return (x + u * cosine - v * sine) / SIZE[0], (y + u * sine + v * cosine) / SIZE[1]

    return at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)


def lying(picture: Image.Image, page: Image.Image, corners: Corners) -> Image.Image:
    """A picture drawn onto a page so that its corners lie there."""
    width, height = picture.size
    rows = []
    goals = ((0, 0), (width, 0), (width, height), (0, height))
    for (across, down), (u, v) in zip(corners, goals, strict=True):
        x, y = across * SIZE[0], down * SIZE[1]
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    numbers = [float(n) for n in np.linalg.solve(np.array(rows, dtype=float), np.array(goals, dtype=float).ravel())]
    there = (SIZE, Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)
    seen = page.copy()
    seen.paste(picture.transform(*there), mask=Image.new("L", picture.size, 255).transform(*there))
    return seen


def desk() -> Image.Image:
    """A ground with a grain, as wood has."""
    rng = np.random.default_rng(3)
    grain = Image.fromarray(rng.normal(120, 30, (480, 60)).clip(0, 255).astype(np.uint8)).resize(SIZE)
    return grain.convert("RGB").filter(ImageFilter.GaussianBlur(1))


PERSPECTIVE: Corners = ((0.15, 0.1), (0.86, 0.17), (0.8, 0.88), (0.1, 0.8))
PLAIN = {colour: Image.new("RGB", SIZE, colour) for colour in ("black", "white", "#8899aa")}


@pytest.mark.parametrize("corners", [turned(5), turned(-9), turned(15), PERSPECTIVE])
@pytest.mark.parametrize("ground", [*PLAIN.values(), desk()], ids=[*PLAIN, "wood"])
def test_a_picture_that_lies_on_something_is_found(ground: Image.Image, corners: Corners) -> None:
    found = proposed(lying(photograph("coffee"), ground, corners))
    assert nearest(found, corners) < 0.015


def test_a_picture_turned_until_its_corners_touch_the_sides_is_found() -> None:
    seen = photograph("rocket").rotate(-5, Image.Resampling.BICUBIC, expand=True)
    rise, width, height = math.sin(math.radians(5)), *photograph("rocket").size
    left, top = height * rise / seen.width, width * rise / seen.height
    corners: Corners = ((left, 0.0), (1.0, top), (1 - left, 1.0), (0.0, 1 - top))
    assert nearest(proposed(seen), corners) < 0.02


def test_the_frame_of_a_photographed_screen_is_left_out() -> None:
    screen = ImageOps.expand(photograph("coffee").resize((560, 373)), 20, "#111111")
    inner = [(20 / 600, 20 / 413), (580 / 600, 20 / 413), (580 / 600, 393 / 413), (20 / 600, 393 / 413)]
    from staydown.decoding.shapes import point_of

    corners = turned(4, 480, 330)
    a, b, c, d = (point_of(corners, x, y) for x, y in inner)
    found = proposed(lying(screen, PLAIN["#8899aa"], corners))
    assert nearest(found, (a, b, c, d)) < 0.015


def test_a_picture_behind_rounded_corners_and_a_shadow_is_found() -> None:
    shadow = Image.new("L", SIZE, 0)
    ImageDraw.Draw(shadow).rectangle((112, 92, 532, 372), fill=150)
    page = Image.new("RGB", SIZE, "#f0f0f0")
    page.paste((30, 30, 30), mask=shadow.filter(ImageFilter.GaussianBlur(10)))
    mask = Image.new("L", (420, 280), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 419, 279), 16, fill=255)
    page.paste(photograph("coffee").resize((420, 280)), (100, 80), mask)
    found = proposed(page)
    assert (
        nearest(found, ((100 / 640, 80 / 480), (520 / 640, 80 / 480), (520 / 640, 360 / 480), (100 / 640, 360 / 480)))
        < 0.015
    )


def test_a_tilted_part_comes_out_of_the_sandbox(pool: Pool) -> None:
    found = pool.decode(jpeg(lying(photograph("coffee"), desk(), PERSPECTIVE)), colour=True).regions
    part = min(found[1:], key=lambda region: float(np.abs(np.array(region.corners) - PERSPECTIVE).max()))
    assert part.kind is Kind.QUAD and part.rgb is not None
    expected = np.asarray(photograph("coffee").resize((288, 288))).astype(float)
    assert np.abs(part.rgb - expected).mean() < 12


def test_photographs_have_few_parts() -> None:
    names = ("coffee", "cat", "rocket", "china", "flower")
    assert sum(len(proposed(photograph(name))) for name in names) <= 5 * len(names)


def anything(seed: int, width: int, height: int, coarse: int) -> np.ndarray:
    """Noise of some coarseness with a few bars and patches of one value in it."""
    rng = np.random.default_rng(seed)
    seen = np.kron(rng.integers(0, 256, (height // coarse + 1, width // coarse + 1)), np.ones((coarse, coarse)))
    seen = seen[:height, :width].astype(np.float32)
    for _ in range(int(rng.integers(0, 6))):
        top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
        patch = (
            slice(top, top + int(rng.integers(1, height + 1))),
            slice(left, left + int(rng.integers(1, width + 1))),
        )
        seen[patch] = rng.integers(0, 256)
    return seen


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 700), st.integers(1, 700), st.integers(1, 90))
def test_corners_lie_in_the_picture_and_canvases_are_finite_whatever_comes(
    seed: int, width: int, height: int, coarse: int
) -> None:
    found = regions.found(Small(anything(seed, width, height, coarse)), width / height)
    assert 1 <= len(found) <= REGIONS
    for region in found:
        assert all(0 <= place <= 1 for corner in region.corners for place in corner)
        assert turning(region.corners) > 0 and area_of(region.corners) > 0
        assert np.isfinite(region.canvas).all() and region.canvas.min() >= -1e-3 and region.canvas.max() <= 255.01
        assert 1e-5 < region.aspect < 1e5
