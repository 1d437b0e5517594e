"""The eight orientations are a group, whatever is turned."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.fingerprints.turns import TURNS, Turn

CANVAS = np.random.default_rng(8).random((128, 128), dtype=np.float32)
COEFFICIENTS = np.random.default_rng(9).random((16, 16), dtype=np.float32)
turn = st.sampled_from(TURNS)
place = st.floats(-0.5, 1.5)


def both(first: Turn, second: Turn) -> Turn:
    """The one turn that does what two do, one after the other."""
    seen = second.of_canvas(first.of_canvas(CANVAS))
    (same,) = [each for each in TURNS if np.array_equal(each.of_canvas(CANVAS), seen)]
    return same


@pytest.mark.parametrize(("first", "second"), list(product(TURNS, TURNS)), ids=lambda each: each.words)
def test_two_turns_are_one_turn_of_canvases_boxes_and_coefficients(first: Turn, second: Turn) -> None:
    one = both(first, second)
    boxes = np.array([[0.1, 0.3, 0.8, 0.9]])
    np.testing.assert_allclose(second.of_boxes(first.of_boxes(boxes)), one.of_boxes(boxes))
    np.testing.assert_array_equal(
        second.of_coefficients(first.of_coefficients(COEFFICIENTS)), one.of_coefficients(COEFFICIENTS)
    )


@given(turn, place, place, st.floats(0.1, 2), st.floats(0.1, 2))
def test_what_was_turned_can_be_undone(turn: Turn, left: float, top: float, wide: float, high: float) -> None:
    boxes = np.array([[left, top, left + wide, top + high]])
    np.testing.assert_allclose(turn.undone(turn.of_boxes(boxes)), boxes, atol=1e-9)
    np.testing.assert_allclose(turn.of_boxes(turn.undone(boxes)), boxes, atol=1e-9)


@given(turn, place, place)
def test_a_turned_box_keeps_its_order(turn: Turn, left: float, top: float) -> None:
    seen = turn.of_boxes(np.array([[left, top, left + 0.5, top + 0.25]]))[0]
    assert seen[0] < seen[2]
    assert seen[1] < seen[3]
