"""Where a picture lies when a window of it lies here, and the other way round."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from staydown.fingerprints import frames, views
from staydown.fingerprints.windows import PLACES

corner = st.floats(-1, 1)
side = st.floats(0.25, 3)
frame = st.builds(lambda x, y, wide, high: np.array([x, y, x + wide, y + high]), corner, corner, side, side)
window = st.integers(0, len(PLACES) - 1)


@given(frame, window)
def test_placing_a_window_and_framing_it_give_the_frame_again(lies: np.ndarray, at: int) -> None:
    box = frames.placed(lies[None], np.array([at]))
    np.testing.assert_allclose(frames.framed(box, np.array([at]))[0], lies, atol=1e-4)


@given(frame)
def test_the_first_window_is_the_frame_itself(lies: np.ndarray) -> None:
    np.testing.assert_allclose(frames.placed(lies, slice(None))[0], lies, atol=1e-6)


@given(frame, st.sets(window, min_size=2, max_size=8))
def test_windows_that_all_lie_where_one_frame_says_fit_that_frame(lies: np.ndarray, some: set[int]) -> None:
    at = np.array(sorted(some))
    weights = np.arange(1, len(at) + 1, dtype=np.float32)
    np.testing.assert_allclose(frames.fitted(frames.placed(lies, at), at, weights), lies, atol=1e-3)


def test_one_window_that_slipped_moves_the_fitted_frame_less_than_itself() -> None:
    lies, at = np.array([0.1, 0.1, 0.9, 0.9]), np.arange(10)
    boxes = frames.placed(lies, at)
    boxes[3] += 0.1
    found = frames.fitted(boxes, at, np.ones(10, np.float32))
    assert 0 < np.abs(found - lies).max() < 0.05


@given(frame, st.integers(-20, 20), st.floats(0.4, 2.5))
def test_tilting_a_frame_and_tilting_it_back_give_the_frame_again(lies: np.ndarray, tilt: int, aspect: float) -> None:
    back = frames.tilted(frames.tilted(lies, tilt, aspect), -tilt, aspect)
    np.testing.assert_allclose(back, lies, atol=1e-4)


@given(st.integers(-20, 20), st.floats(0.4, 2.5), st.floats(-1, 2), st.floats(-1, 2))
def test_tilting_keeps_distances_in_pixels(tilt: int, aspect: float, x: float, y: float) -> None:
    middle, point = np.array([0.5, 0.5]), np.array([x, y], dtype=np.float32)
    stretch = np.array([aspect, 1])
    there = views.moved(point, tilt, aspect)
    far, near = np.linalg.norm((point - middle) * stretch), np.linalg.norm((there - middle) * stretch)
    np.testing.assert_allclose(near, far, atol=1e-4)


def test_specks_strips_and_hardly_any_of_a_picture_are_not_sensible() -> None:
    assert frames.is_sensible(np.array([0, 0, 1, 1]))
    assert frames.is_sensible(np.array([-0.5, -1, 1.5, 2]))
    assert not frames.is_sensible(np.array([0, 0, 0.1, 0.1]))
    assert not frames.is_sensible(np.array([-3, -3, 3, 3]))
    assert not frames.is_sensible(np.array([0, 0, 1, 0.3]))
