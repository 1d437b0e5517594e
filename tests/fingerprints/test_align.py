"""A window that is a little off is moved to where its fingerprint agrees."""

from collections.abc import Iterator

import numpy as np
import pytest

from staydown import decoding
from staydown.decoding.types import Floats
from staydown.fingerprints import align, crossings, spectrum, windows
from staydown.fingerprints.align import OUTSIDE, stepped
from staydown.fingerprints.kernel import library
from tests.pictures import jpeg, photograph

PLACE = np.array([[0.15, 0.2, 0.8, 0.75]], dtype=np.float32)
ALL = (align.WIDE, align.NARROW, align.FINE)


@pytest.fixture(scope="module")
def canvas() -> Floats:
    return decoding.decode(jpeg(photograph("coffee"))).regions[0].canvas


@pytest.fixture(params=["compiled", "numpy"])
def _by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "numpy":
        for module in (align, crossings):
            monkeypatch.setattr(module, "library", lambda: None)
    elif library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    yield


pytestmark = pytest.mark.usefixtures("_by")


def wanted(canvas: Floats, boxes: Floats) -> align.Truths:
    return spectrum.above(spectrum.coefficients(canvas, boxes))


@pytest.mark.parametrize("slip", [(0.02, -0.02, 0.02, -0.02), (-0.04, 0, 0.02, 0.02), (0, 0.03, 0, -0.02)])
def test_a_window_that_slipped_finds_its_place(canvas: Floats, slip: tuple[float, ...]) -> None:
    slipped = PLACE + np.array(slip, dtype=np.float32)
    moved, distances = align.aligned([stepped(canvas)], slipped, wanted(canvas, PLACE), ALL)
    assert distances[0] <= 24
    np.testing.assert_allclose(moved, PLACE, atol=0.015)


def test_a_window_in_its_place_stays_there(canvas: Floats) -> None:
    moved, distances = align.aligned([stepped(canvas)], PLACE, wanted(canvas, PLACE), ALL)
    assert distances[0] == 0
    np.testing.assert_allclose(moved, PLACE, atol=1e-6)


def test_aligning_never_makes_a_window_less_alike(canvas: Floats) -> None:
    rng = np.random.default_rng(5)
    unrelated = rng.random((3, 256)) < 0.5
    boxes = np.repeat(PLACE, 3, axis=0)
    before = (wanted(canvas, boxes) != unrelated).sum(axis=1)
    _, after = align.aligned([stepped(canvas)] * 3, boxes, unrelated, ALL)
    assert (after <= before).all()


def test_several_are_aligned_as_each_would_be_alone(canvas: Floats) -> None:
    boxes = np.concatenate([PLACE, PLACE[:, [1, 0, 3, 2]]]) + np.float32(0.02)
    goal = wanted(canvas, boxes - np.float32(0.02))
    together, _ = align.aligned([stepped(canvas)] * 2, boxes, goal, ALL)
    alone = [align.aligned([stepped(canvas)], boxes[[at]], goal[[at]], ALL)[0][0] for at in (0, 1)]
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_no_window_leaves_the_canvas(canvas: Floats) -> None:
    whole = np.array([[0, 0, 1, 1]], dtype=np.float32)
    rng = np.random.default_rng(6)
    moved, _ = align.aligned([stepped(canvas)], whole, rng.random((1, 256)) < 0.5, (align.WIDE,) * 4)
    assert moved.min() >= -OUTSIDE - 1e-5
    assert moved.max() <= 1 + OUTSIDE + 1e-5


def test_a_canvas_of_half_as_many_cells_finds_nearly_the_same_place(canvas: Floats) -> None:
    half = canvas.reshape(64, 2, 64, 2).mean(axis=(1, 3), dtype=np.float32)
    moved, _ = align.aligned([stepped(half)], PLACE + np.float32(0.02), wanted(canvas, PLACE), ALL)
    np.testing.assert_allclose(moved, PLACE, atol=0.02)


def test_where_every_place_lies_outside_the_nearest_of_them_is_taken(canvas: Floats) -> None:
    beyond = np.array([[-0.9, 0.2, -0.2, 0.75]], dtype=np.float32)
    moved, _ = align.aligned([stepped(canvas)], beyond, np.zeros((1, 256), bool), (align.FINE,))
    np.testing.assert_allclose(moved, beyond, atol=0.02)


def test_crossings_are_as_far_apart_as_their_boxes(canvas: Floats) -> None:
    columns, rows = 0.1 + windows.INTERVALS * np.float32(0.7), 0.05 + windows.INTERVALS * np.float32(0.9)
    boxes = np.concatenate([columns[windows.CROSSED[:, 0]], rows[windows.CROSSED[:, 1]]], axis=1)[:, [0, 2, 1, 3]]
    goal = np.random.default_rng(2).random((len(boxes), 256)) < 0.5
    found = crossings.apart(stepped(canvas)[0], (columns, rows), windows.CROSSED, goal)
    expected = (wanted(canvas, boxes) != goal).sum(axis=1)
    assert np.abs(found - expected).max() <= 2


@pytest.mark.parametrize("shade", [0.0, 255.0])
def test_a_plain_canvas_has_no_bit_above_its_median(canvas: Floats, shade: float) -> None:
    plain = np.full_like(canvas, shade)
    goal = np.zeros((1, 256), bool)
    assert align.aligned([stepped(plain)], PLACE, goal, (align.FINE,))[1].tolist() == [0]
    whole = np.array([[0, 1]], np.float32)
    assert crossings.apart(stepped(plain)[0], (whole, whole), np.array([[0, 0]]), ~goal).tolist() == [256]


def test_of_equal_coefficients_those_above_their_lower_median_are_told() -> None:
    """A canvas that is the same in all rows: all frequencies down but none across are zero, or nearly so."""
    canvas = np.tile(np.linspace(0, 200, 128, dtype=np.float32), (128, 1))
    whole = np.array([[0, 1]], np.float32)
    found = crossings.apart(stepped(canvas)[0], (whole, whole), np.array([[0, 0]]), np.zeros((1, 256), bool))
    assert found.tolist() == [0]
