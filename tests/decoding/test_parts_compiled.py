"""What the compiled library finds and cuts is, bit for bit, what numpy and Pillow find and cut."""

from collections.abc import Callable, Iterator
from functools import cache
from types import ModuleType

import numpy as np
import pytest
from PIL import Image, ImageOps

from staydown.decoding import bezels, edges, lines, luminance, places, plain, quads, rectangles, regions
from staydown.decoding.kernel import library
from staydown.decoding.shapes import corners_of
from staydown.decoding.types import CANVAS, Corners, Floats
from tests.pictures import photograph, texture

pytestmark = pytest.mark.skipif(library() is None, reason="no compiler was there when Staydown was installed")
SEEN = 256  # samples of the longer side


def turned(picture: Image.Image) -> Image.Image:
    """On a desk."""
    page = photograph("coffee").resize((400, 300))
    tilted = picture.convert("RGBA").resize((260, 190)).rotate(7, Image.Resampling.BICUBIC, expand=True)
    page.paste(tilted, (50, 40), tilted)
    return page


def collage(picture: Image.Image, joint: int) -> Image.Image:
    page = Image.new("RGB", (400 + joint, 300 + joint), "white")
    for place, other in enumerate((picture, photograph("cat"), photograph("rocket"), texture(3))):
        at = place % 2 * (200 + joint), place // 2 * (150 + joint)
        page.paste(ImageOps.fit(other, (200, 150)), at)
    return page


def screenshot(picture: Image.Image) -> Image.Image:
    page = Image.new("RGB", (270, 480), "#22262b")
    page.paste(ImageOps.fit(picture, (270, 200)), (0, 140))
    return page


@cache
def pictures() -> list[Floats]:
    some = [photograph(name) for name in ("coffee", "cat", "rocket", "china", "flower")]
    some += [turned(each) for each in some[:3]] + [screenshot(each) for each in some]
    some += [collage(each, joint) for each in some[:2] for joint in (0, 6)]
    some += [ImageOps.expand(each, 40, "white") for each in some[:3]] + [texture(seed) for seed in range(4)]
    small = [each.copy() for each in some]  # other tests look at the same photographs
    for each in small:
        each.thumbnail((SEEN, SEEN))
    odd = [np.zeros((90, 120), np.float32), np.full((64, 33), 255, np.float32)]
    odd += [np.random.default_rng(seed).random((97 + seed, 131 - seed), np.float32) * 255 for seed in range(3)]
    return odd + [np.asarray(each.convert("F")) for each in small]


def without[T](module: ModuleType, act: Callable[[], T]) -> T:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "library", lambda: None)
        return act()


def test_plain_borders_bands_and_frames_are_the_same() -> None:
    borders = bands = frames = 0
    for seen in pictures():
        for some in (seen, seen[3:, 5:-2], np.ascontiguousarray(seen.T), seen[::-1]):
            found, listed = plain.inside_border(some), list(plain.banded(some))
            assert found == without(plain, lambda some=some: plain.inside_border(some))
            assert listed == without(plain, lambda some=some: list(plain.banded(some)))
            borders, bands = borders + bool(found), bands + len(listed)
        canvas = places.canvas(seen, corners_of((0.02, 0.01, 0.97, 0.99)))
        assert bezels._frames(canvas) == bezels._with_numpy(canvas)
        frames += any(bezels._frames(canvas))
    assert min(borders, bands, frames) >= 5


def test_lines_cells_and_rectangles_are_the_same() -> None:
    cells = held = 0
    for seen in pictures():
        for one, other in zip(lines.straight(seen), lines._with_numpy(seen), strict=True):
            assert np.array_equal(one.at, other.at)
            assert np.array_equal(one.held, other.held, equal_nan=True)
        found = rectangles.rectangles(seen)
        assert found == without(rectangles, lambda seen=seen: rectangles.rectangles(seen))
        cells, held = cells + len(found[0]) + len(found[1]), held + len(found[2])
    assert min(cells, held) >= 20


def test_a_picture_with_a_seam_in_every_cell_is_cut_the_same() -> None:
    """More cells than photographs have: blocks of many shades, each between clear seams."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        seen = np.kron(rng.integers(0, 256, (7, 6)), np.ones((37, 43))).astype(np.float32)
        seen = seen[rng.integers(0, 20) :, rng.integers(0, 20) :]
        found = rectangles.rectangles(seen)
        assert found == without(rectangles, lambda seen=seen: rectangles.rectangles(seen))
        assert len(found[0]) > 3


def test_quadrilaterals_are_the_same() -> None:
    count = 0
    for seen in pictures():
        for some in (seen[::2, ::2], seen[:, ::2], seen.T[::2, 1::2]):
            found, others = quads.quads(some), without(quads, lambda some=some: quads.quads(some))
            assert np.array_equal(found, others)
            count += len(found)
    assert count >= 5


def squares() -> Iterator[Corners]:
    rng = np.random.default_rng(1)
    for _ in range(25):
        across, down = np.sort(rng.uniform(0, 1, (2, 2)), axis=1)
        if min(across[1] - across[0], down[1] - down[0]) > 0.05:
            yield corners_of((float(across[0]), float(down[0]), float(across[1]), float(down[1])))
    yield corners_of((0.0, 0.0, 1.0, 1.0))


def tilted() -> Iterator[Corners]:
    rng = np.random.default_rng(2)
    for size in (0.1, 0.25, 0.4, 0.5, 0.55):
        corners = 0.5 + size * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) + rng.uniform(-0.05, 0.05, (4, 2))
        one, two, three, four = map(tuple, corners.tolist())
        yield one, two, three, four


@pytest.mark.parametrize("size", [(480, 640), (270, 479), (33, 64), (767, 512)])
def test_canvases_are_the_same(size: tuple[int, int]) -> None:
    """Of tilted parts as Pillow cuts them, some of them beyond the picture; of upright ones as whole planes are read."""
    small = np.asarray(photograph("coffee").convert("F").resize(size[::-1]))
    for corners in (*squares(), *tilted()):
        found = places.canvas(small, corners)
        assert found.shape == (CANVAS, CANVAS)
        assert np.array_equal(found, without(places, lambda corners=corners: places.canvas(small, corners)))


@pytest.mark.parametrize("fold", range(1, 12))
def test_a_luminance_is_made_smaller_in_the_same_way(fold: int) -> None:
    for seen in pictures()[:8]:
        luma = seen[: seen.shape[0] - fold // 2]
        assert np.array_equal(
            luminance._folded(luma, fold), without(luminance, lambda luma=luma: luminance._folded(luma, fold))
        )
        side = max(luma.shape) // fold
        assert np.array_equal(
            regions._shrunk(luma, side), without(regions, lambda luma=luma, side=side: regions._shrunk(luma, side))
        )


def test_every_part_of_a_picture_is_the_same() -> None:
    for seen in pictures():
        small, count = regions.Small(np.kron(seen, np.ones((2, 2), np.float32))), 0
        found = regions.found(small, 1.3)
        with pytest.MonkeyPatch.context() as patched:
            for module in (bezels, edges, lines, places, plain, quads, rectangles, regions):
                patched.setattr(module, "library", lambda: None)
            others = regions.found(small, 1.3)
        assert len(found) == len(others)
        for one, other in zip(found, others, strict=True):
            assert (one.kind, one.corners, one.aspect) == (other.kind, other.corners, other.aspect)
            assert np.array_equal(one.canvas, other.canvas)
            count += 1
        assert count >= 1
