"""What frames say together, and how much of a film they speak for."""

import numpy as np
import pytest

from staydown.recognition import sampling
from staydown.recognition.sampling import Look, Sampler, Span

FLAT, OTHER = np.zeros((16, 16), np.float32), np.full((16, 16), 90, np.float32)


def taken(times: list[float], shades: list[np.ndarray]) -> list[float]:
    sampler = Sampler()
    return [time for time, seen in zip(times, shades, strict=True) if sampler.wants(time, seen)]


def test_twice_a_second_in_the_first_minute_and_once_after() -> None:
    times = [place / 4 for place in range(4 * 70)]
    found = taken(times, [FLAT] * len(times))

    assert found[:3] == [0, 0.5, 1.0] and found[-3:] == [67, 68, 69]


def test_a_cut_is_looked_at_at_once() -> None:
    assert taken([0, 0.25, 0.5, 0.75], [FLAT, OTHER, OTHER, OTHER]) == [0, 0.25, 0.75]


def test_a_films_number_is_that_of_its_highest_frames_and_not_their_mean() -> None:
    looks = [Look(time, 0.9 if time in (100, 101, 102) else 0.01) for time in range(300)]

    assert sampling.together(looks) == pytest.approx(0.9)


def test_stretches_less_than_two_seconds_apart_are_one() -> None:
    scores = [0, 0.6, 0.1, 0.9, 0, 0, 0, 0, 0.7, 0]
    looks = [Look(float(time), score) for time, score in enumerate(scores)]

    found = sampling.segments(looks, Span(10))

    assert [(each.start, each.end, each.highest) for each in found] == [(1, 4, 0.9), (8, 9, 0.7)]
    assert sampling.seconds_over(looks, Span(10)) == 3


def test_a_frame_speaks_for_a_second_at_most_where_others_were_skipped() -> None:
    looks = [Look(0, 0), Look(10, 0), Look(20, 0)]

    assert sampling.coverage(looks, Span(30)) == pytest.approx(0.1)
    assert sampling.coverage(looks, Span(30, thorough=30)) == 1
    assert sampling.coverage(looks, Span(30, thorough=20)) == pytest.approx(21 / 30)
