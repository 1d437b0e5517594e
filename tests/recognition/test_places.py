"""The places that are told lie where the map is strong."""

import numpy as np

from staydown.recognition.places import places


def test_two_strong_places_are_two_and_the_strongest_comes_first() -> None:
    seen = np.full((7, 7), -3, np.float32)
    seen[0, 0], seen[5:7, 5:7] = 2.0, 3.0

    first, second = places(seen)

    assert first.share == 1 and first.box == (0.6875, 0.6875, 0.9375, 0.9375)
    assert second.box == (0.0625, 0.0625, 0.1875, 0.1875) and second.share < 1


def test_corners_that_touch_are_apart_and_what_is_weak_is_left_out() -> None:
    seen = np.zeros((7, 7), np.float32)
    seen[2, 2], seen[3, 3], seen[5, 5] = 4, 4, 1

    assert len(places(seen)) == 2


def test_a_map_that_speaks_against_has_no_places() -> None:
    assert places(np.full((7, 7), -1, np.float32)) == ()
