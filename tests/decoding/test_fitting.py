"""Upright parts are fitted to what they show, with the compiled library and without."""

from collections.abc import Iterator

import numpy as np
import pytest

from staydown.decoding import fitting
from staydown.decoding.fitting import fitted
from staydown.decoding.kernel import library
from staydown.decoding.types import Floats


@pytest.fixture(params=["compiled", "numpy"])
def _by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "numpy":
        monkeypatch.setattr(fitting, "library", lambda: None)
    elif library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    yield


def box_of(small: Floats, *sides: int) -> list[int]:
    return fitted(small, np.array([sides])).tolist()[0]


@pytest.mark.usefixtures("_by")
def test_sides_are_moved_onto_edges_and_those_of_the_picture_stay() -> None:
    small = np.full((90, 120), 60, np.float32)
    small[20:70, 30:] = 200
    assert box_of(small, 28, 22, 120, 68) == [30, 20, 120, 70]
    assert box_of(small, 30, 20, 120, 70) == [30, 20, 120, 70]
    assert box_of(small, 0, 0, 120, 90) == [0, 0, 120, 90]


@pytest.mark.usefixtures("_by")
def test_a_joint_is_not_part_of_a_cell_and_a_plain_sky_is() -> None:
    cell = np.random.default_rng(1).normal(90, 30, (200, 300)).astype(np.float32)
    cell[:4] = cell[-5:] = 255
    cell[:, :6] = cell[:, -7:] = 255
    assert box_of(cell, 0, 0, 300, 200) == [6, 4, 293, 195]
    assert box_of(cell[100:130], 0, 0, 300, 30) == [
        0,
        0,
        300,
        30,
    ]  # of too small a cell a joint would be no sample wide
    sky = np.repeat(np.linspace(150, 90, 200, dtype=np.float32)[:, None], 300, axis=1)
    sky[5:, 200:] = 40
    assert box_of(sky, 0, 0, 300, 200)[:2] == [0, 0]
    cell[:60] = 255
    assert box_of(cell, 0, 0, 300, 200)[1] == 0


def test_the_compiled_library_fits_parts_as_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    rng, pairs = np.random.default_rng(3), []
    for size in ((270, 480), (479, 301), (40, 333)):
        small = np.kron(rng.integers(0, 256, (12, 12)), np.ones((40, 40)))[: size[0], : size[1]].astype(np.float32)
        small[rng.integers(0, size[0], 40)] = 255
        small[:, rng.integers(0, size[1], 40)] = 0
        ends = np.sort(rng.integers(0, [size[1] + 1, size[0] + 1], (300, 2, 2)), axis=1).reshape(-1, 4)
        boxes = ends[(ends[:, 0] < ends[:, 2]) & (ends[:, 1] < ends[:, 3])]
        pairs.append((small, boxes, fitted(small, boxes)))
    monkeypatch.setattr(fitting, "library", lambda: None)
    assert any((fitting._joints(small, boxes) > 0).any() for small, boxes, _ in pairs)
    for small, boxes, found in pairs:
        assert np.array_equal(fitted(small, boxes), found)
