"""A window that is a little off is moved to where its fingerprint agrees."""

import numpy as np
import pytest

from staydown import decoding
from staydown.decoding.types import Floats
from staydown.fingerprints import align, spectrum
from staydown.fingerprints.views import OUTSIDE
from tests.pictures import jpeg, photograph

PLACE = np.array([[0.15, 0.2, 0.8, 0.75]], dtype=np.float32)
ALL = (align.WIDE, align.NARROW, align.FINE)


@pytest.fixture(scope="module")
def canvas() -> Floats:
    return decoding.decode(jpeg(photograph("coffee"))).regions[0].canvas


def wanted(canvas: Floats, boxes: Floats) -> align.Truths:
    return spectrum.above(spectrum.coefficients(canvas, boxes))


@pytest.mark.parametrize("slip", [(0.02, -0.02, 0.02, -0.02), (-0.04, 0, 0.02, 0.02), (0, 0.03, 0, -0.02)])
def test_a_window_that_slipped_finds_its_place(canvas: Floats, slip: tuple[float, ...]) -> None:
    slipped = PLACE + np.array(slip, dtype=np.float32)
    moved, distances = align.aligned(canvas[None], slipped, wanted(canvas, PLACE), ALL)
    assert distances[0] <= 24
    np.testing.assert_allclose(moved, PLACE, atol=0.015)


def test_a_window_in_its_place_stays_there(canvas: Floats) -> None:
    moved, distances = align.aligned(canvas[None], PLACE, wanted(canvas, PLACE), ALL)
    assert distances[0] == 0
    np.testing.assert_allclose(moved, PLACE, atol=1e-6)


def test_aligning_never_makes_a_window_less_alike(canvas: Floats) -> None:
    rng = np.random.default_rng(5)
    unrelated = rng.random((3, 256)) < 0.5
    boxes = np.repeat(PLACE, 3, axis=0)
    before = (wanted(canvas, boxes) != unrelated).sum(axis=1)
    _, after = align.aligned(np.stack([canvas] * 3), boxes, unrelated, ALL)
    assert (after <= before).all()


def test_several_are_aligned_as_each_would_be_alone(canvas: Floats) -> None:
    boxes = np.concatenate([PLACE, PLACE[:, [1, 0, 3, 2]]]) + np.float32(0.02)
    goal = wanted(canvas, boxes - np.float32(0.02))
    together, _ = align.aligned(np.stack([canvas, canvas]), boxes, goal, ALL)
    alone = [align.aligned(canvas[None], boxes[[at]], goal[[at]], ALL)[0][0] for at in (0, 1)]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_window_leaves_the_canvas(canvas: Floats) -> None:
    whole = np.array([[0, 0, 1, 1]], dtype=np.float32)
    rng = np.random.default_rng(6)
    moved, _ = align.aligned(canvas[None], whole, rng.random((1, 256)) < 0.5, (align.WIDE,) * 4)
    assert moved.min() >= -OUTSIDE - 1e-5
    assert moved.max() <= 1 + OUTSIDE + 1e-5


def test_a_canvas_of_half_as_many_cells_finds_nearly_the_same_place(canvas: Floats) -> None:
    half = canvas.reshape(64, 2, 64, 2).mean(axis=(1, 3), dtype=np.float32)
    moved, _ = align.aligned(half[None], PLACE + np.float32(0.02), wanted(canvas, PLACE), ALL)
    np.testing.assert_allclose(moved, PLACE, atol=0.02)
