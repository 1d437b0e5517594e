"""Sides are judged, and moved onto edges, the same with the compiled library and without."""

import numpy as np
import pytest

from staydown.decoding import edges
from staydown.decoding.edges import held, sharpened
from staydown.decoding.kernel import library
from tests.pictures import photograph

SIZE = (400, 270)  # width, height


def quads(count: int) -> np.ndarray:
    """Some near the picture's own sides, and beyond them."""
    corners = np.array([[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75]])
    rng = np.random.default_rng(1)
    return (corners + rng.uniform(-0.1, 0.1, (count, 4, 2)) + rng.uniform(-0.2, 0.2, (count, 1, 2))) * SIZE


def test_a_tilted_side_is_moved_onto_its_edge() -> None:
    down, across = np.mgrid[: SIZE[1], : SIZE[0]]
    place = np.array([[[100, 80], [300, 90], [290, 200], [95, 190]]], float)
    inside = np.ones(down.shape, np.bool_)
    for (x, y), (u, v) in zip(place[0], np.roll(place[0], -1, axis=0), strict=True):
        inside &= (u - x) * (down + 0.5 - y) - (v - y) * (across + 0.5 - x) > 0
    small = np.where(inside, 180, 90).astype(np.float32)
    off = place + np.array([[3, -2], [-2, 3], [2, 2], [-3, -3]])
    assert np.abs(sharpened(small, off, 5) - place).max() < 1
    assert held(small, place)[0] > held(small, off)[0] + 0.3


def test_the_compiled_library_judges_sides_as_numpy_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    small, some = np.asarray(photograph("coffee").resize(SIZE).convert("L")).astype(np.float32), quads(40)
    scores, moved = held(small, some), sharpened(small, some, 6)
    assert np.abs(moved - some).max() > 1
    monkeypatch.setattr(edges, "library", lambda: None)
    assert np.array_equal(held(small, some), scores)
    assert np.array_equal(sharpened(small, some, 6), moved)


@pytest.mark.parametrize("judge", [held, lambda small, some: sharpened(small, some, 4)])
def test_no_side_is_judged_where_there_is_none(judge: object) -> None:
    small = np.zeros((50, 60), np.float32)
    assert callable(judge)
    assert len(judge(small, np.empty((0, 4, 2)))) == 0
