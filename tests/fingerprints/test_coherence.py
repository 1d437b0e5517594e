"""Pairs of frames that lie on one line, and those that do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.fingerprints import coherence
from staydown.fingerprints.coherence import AGREEING, MOST_LINES, Pairs, lines


def pairs(query: np.ndarray, known: np.ndarray) -> Pairs:
    """Pairs of frames each of which is another picture."""
    rows = np.arange(len(query))
    return Pairs(query, known, rows, rows, np.ones(len(query)))


def both(one: Pairs, other: Pairs) -> Pairs:
    return pairs(np.concatenate([one.query, other.query]), np.concatenate([one.known, other.known]))


def passage(start: float, seconds: float, speed: float = 1.0, offset: float = 0.0) -> Pairs:
    """Four pairs a second on a line, from a second of the query on."""
    times = start + np.arange(round(seconds * 4)) / 4
    return pairs(times, speed * times + offset)


@given(st.floats(0.5, 2), st.floats(-30, 300), st.floats(3, 60))
def test_a_line_is_found_whatever_its_speed_and_offset(speed: float, offset: float, seconds: float) -> None:
    line = lines(passage(100, seconds, speed, offset))[0]
    assert line.speed == pytest.approx(speed, abs=0.02)
    assert line.speed * 100 + line.offset == pytest.approx(speed * 100 + offset, abs=0.1)
    assert line.on.all()


def test_two_passages_in_one_film_are_two_lines_the_longer_first() -> None:
    found = both(passage(0, 4, offset=50), passage(30, 9, speed=1.5, offset=-20))
    first, second = lines(found)
    assert (first.on.sum(), second.on.sum()) == (36, 16)
    assert first.speed == pytest.approx(1.5, abs=0.02)
    assert not (first.on & second.on).any()


def test_a_line_that_is_interrupted_for_long_is_two_passages() -> None:
    found = lines(both(passage(0, 5), passage(5 + coherence.GAP + 2, 5)))
    assert [line.on.sum() for line in found] == [20, 20]
    found = lines(both(passage(0, 5), passage(5 + coherence.GAP - 2, 5)))
    assert [line.on.sum() for line in found] == [40]


def test_no_second_of_the_query_is_on_two_lines() -> None:
    twice = both(passage(0, 6), passage(0, 6, offset=100))
    (line,) = lines(twice)
    assert line.on.sum() == 24


def test_pairs_in_any_order_agree_in_little_of_their_time() -> None:
    rng = np.random.default_rng(3)
    scattered = pairs(rng.uniform(0, 180, 60), rng.uniform(0, 180, 60))
    agreeing = [scattered.some(line.on).agreeing for line in lines(scattered)]
    assert len(agreeing) <= MOST_LINES
    assert max(agreeing, default=0) <= 6


def test_a_still_agrees_in_one_picture_however_long_it_lasts() -> None:
    times = np.arange(40) / 4
    one = np.zeros(40, np.intp)
    assert Pairs(times, times, one, np.arange(40), np.ones(40)).agreeing == 1 < AGREEING
    assert pairs(times, times).agreeing == 20


def test_half_seconds_count_once_however_many_pairs_are_in_them() -> None:
    crowded = pairs(np.linspace(0, 0.49, 50), np.linspace(0, 0.49, 50))
    assert crowded.agreeing == 1


def test_one_pair_or_none_is_no_line() -> None:
    assert not lines(passage(0, 0))
    assert not lines(passage(0, 0.25))


def test_what_runs_backwards_is_no_line() -> None:
    times = np.arange(80) / 4
    found = lines(pairs(times, 100 - times))
    assert all(line.on.sum() <= 6 for line in found)
