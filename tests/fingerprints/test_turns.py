"""The eight orientations are a group, whatever is turned."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.fingerprints import pdq
from staydown.fingerprints.turns import TURNS, Turn
from tests.pictures import photograph

CANVAS = np.random.default_rng(8).random((128, 128), dtype=np.float32)
HASHES = np.random.default_rng(7).integers(0, 256, (5, 32), dtype=np.uint8)
COEFFICIENTS = np.random.default_rng(9).random((16, 16), dtype=np.float32)
turn = st.sampled_from(TURNS)
place = st.floats(-0.5, 1.5)


def both(first: Turn, second: Turn) -> Turn:
    """The one turn that does what two do, one after the other."""
    seen = second.of_canvas(first.of_canvas(CANVAS))
    (same,) = [each for each in TURNS if np.array_equal(each.of_canvas(CANVAS), seen)]
    return same


@pytest.mark.parametrize(("first", "second"), list(product(TURNS, TURNS)), ids=lambda each: each.words)
def test_two_turns_are_one_turn_of_canvases_boxes_coefficients_and_fingerprints(first: Turn, second: Turn) -> None:
    one = both(first, second)
    boxes = np.array([[0.1, 0.3, 0.8, 0.9]])
    np.testing.assert_allclose(second.of_boxes(first.of_boxes(boxes)), one.of_boxes(boxes))
    np.testing.assert_array_equal(
        second.of_coefficients(first.of_coefficients(COEFFICIENTS)), one.of_coefficients(COEFFICIENTS)
    )
    np.testing.assert_array_equal(second.of_hashes(first.of_hashes(HASHES)), one.of_hashes(HASHES))


@pytest.mark.parametrize("turn", TURNS, ids=lambda each: each.words)
def test_a_fingerprint_is_turned_as_the_signs_of_its_coefficients_are(turn: Turn) -> None:
    centred = COEFFICIENTS - np.float32(0.5)
    signs = np.packbits((centred > 0).reshape(1, -1)[:, ::-1], axis=1)
    turned = np.packbits((turn.of_coefficients(centred) > 0).reshape(1, -1)[:, ::-1], axis=1)
    np.testing.assert_array_equal(turn.of_hashes(signs), turned)


@pytest.mark.parametrize("place", range(len(TURNS)), ids=[each.words for each in TURNS])
def test_the_fingerprint_of_a_turned_photograph_is_near_the_one_told_from_it_upright(place: int) -> None:
    luminance = np.asarray(photograph("coffee").convert("L")).astype(np.float32)
    upright, turned = (
        np.frombuffer(pdq.of_luminance(np.ascontiguousarray(seen)).upright, np.uint8)
        for seen in (luminance, TURNS[place].of_canvas(luminance))
    )
    apart = np.bitwise_count(TURNS[place].of_hashes(upright[None])[0] ^ turned).sum()
    assert apart <= (24 if TURNS[place].rows_back or TURNS[place].columns_back else 0)


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
