"""A part of a picture is cut out where its corners are, upright, tilted or in perspective."""

import numpy as np
import pytest
from PIL import Image

from staydown.decoding import bands
from staydown.decoding.kernel import library
from staydown.decoding.places import canvas, colours
from staydown.decoding.shapes import aspect_of, corners_of, turning
from staydown.decoding.types import CANVAS, COLOURED, Corners
from tests.pictures import photograph

TILTED: Corners = ((0.3, 0.1), (0.8, 0.3), (0.65, 0.85), (0.15, 0.65))
SEEN_FROM_A_SIDE: Corners = ((0.1, 0.2), (0.8, 0.1), (0.9, 0.95), (0.2, 0.7))


def ramp(width: int, height: int) -> np.ndarray:
    """How far each sample is to the right, as 0 to 200; linear, so that any mean of it can be told."""
    return np.tile((np.arange(width, dtype=np.float32) + 0.5) / width * 200, (height, 1))


@pytest.mark.parametrize("by", ["compiled", "numpy"])
def test_a_canvas_holds_the_mean_of_each_cell(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "numpy":
        monkeypatch.setattr(bands, "library", lambda: None)
    elif library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    seen = np.random.default_rng(2).random((256, 384), dtype=np.float32) * 255
    expected = seen.reshape(CANVAS, 2, CANVAS, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(canvas(seen, corners_of((0.0, 0.0, 1.0, 1.0))), expected, rtol=1e-4)
    part = canvas(seen, corners_of((0.1, 0.2, 0.9, 0.7)))
    np.testing.assert_allclose(part.mean(), seen[51:179, 38:346].mean(), rtol=0.01)
    last = canvas(seen[:3, :5], corners_of((0.4, 0.5, 1.0, 1.0)))  # cells of less than a sample
    np.testing.assert_allclose(last[[0, 0, -1, -1], [0, -1, 0, -1]], seen[[1, 1, 2, 2], [2, 4, 2, 4]], rtol=1e-4)


@pytest.mark.parametrize("corners", [corners_of((0.1, 0.2, 0.9, 0.7)), TILTED, SEEN_FROM_A_SIDE])
def test_the_corners_of_a_part_are_the_corners_of_its_canvas(corners: Corners) -> None:
    across = canvas(ramp(500, 400), corners)
    down = canvas(ramp(400, 500).T, corners)
    for (row, column), (x, y) in zip(((0, 0), (0, -1), (-1, -1), (-1, 0)), corners, strict=True):
        assert abs(across[row, column] - 200 * x) < 2
        assert abs(down[row, column] - 200 * y) < 2


@pytest.mark.parametrize("corners", [corners_of((0.1, 0.2, 0.9, 0.7)), TILTED, SEEN_FROM_A_SIDE])
def test_colours_are_cut_at_the_same_place_as_luminance(corners: Corners) -> None:
    picture = photograph("coffee").resize((500, 400))
    luma = np.asarray(picture.convert("F"))
    cut = colours(np.asarray(picture), corners)
    assert cut.shape == (COLOURED, COLOURED, 3)
    small = np.asarray(Image.fromarray(cut).convert("F").resize((CANVAS, CANVAS), Image.Resampling.BOX))
    assert np.abs(small - canvas(luma, corners)).mean() < 2.5


def test_a_picture_seen_from_a_side_is_cut_out_as_it_was() -> None:
    picture = photograph("rocket").resize((512, 400))
    numbers = np.array([[512 * x, 400 * y] for x, y in SEEN_FROM_A_SIDE])
    seen = picture.transform((512, 400), Image.Transform.PERSPECTIVE, _there(numbers), Image.Resampling.BICUBIC)
    found = canvas(np.asarray(seen.convert("F")), SEEN_FROM_A_SIDE)
    whole = canvas(np.asarray(picture.convert("F")), corners_of((0.0, 0.0, 1.0, 1.0)))
    assert np.abs(found - whole)[2:-2, 2:-2].mean() < 3


def _there(corners: np.ndarray) -> list[float]:
    """Pillow's eight numbers that draw a picture of 512 x 400 into four corners."""
    rows = []
    for (x, y), (u, v) in zip(corners, ((0, 0), (512, 0), (512, 400), (0, 400)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return [float(n) for n in np.linalg.solve(np.array(rows), np.array([0, 0, 512, 0, 512, 400, 0, 400.0]))]


def test_corners_that_go_round_the_wrong_way_or_cross_or_dent_are_not_convex() -> None:
    assert min(turning(TILTED), turning(SEEN_FROM_A_SIDE)) > 0
    assert turning((TILTED[0], TILTED[3], TILTED[2], TILTED[1])) < 0
    assert turning((TILTED[0], TILTED[2], TILTED[1], TILTED[3])) < 0
    assert turning((TILTED[0], TILTED[1], (0.4, 0.3), TILTED[3])) < 0


def test_the_aspect_of_a_part_is_in_pixels() -> None:
    assert aspect_of(corners_of((0.25, 0.25, 0.75, 0.75)), 1.5) == pytest.approx(1.5)
    assert aspect_of(((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)), 1.0) == pytest.approx(1.0)
