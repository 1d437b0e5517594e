"""What people decided says what a number is worth, with its doubts."""

import pytest

from staydown.recognition.calibrating import Decided, advice, area, drifts, points, wilson


def decided(blocked: int, passed: int, score: float) -> list[Decided]:
    return [Decided(score, True)] * blocked + [Decided(score, False)] * passed


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-3)
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 20)[0] == 0 and wilson(20, 20)[1] == 1


def test_each_threshold_says_what_it_would_have_done() -> None:
    rows = decided(8, 2, 0.9) + decided(2, 8, 0.3)

    point = next(each for each in points(rows) if each.threshold == 0.5)

    assert (point.found, point.wrongly, point.precision, point.over) == (0.8, 0.2, 0.8, 10)
    assert point.low < 0.8 < point.high


def test_the_area_tells_chance_from_certainty() -> None:
    assert area(decided(5, 0, 0.9) + decided(0, 5, 0.3)) == 1
    assert area(decided(5, 5, 0.5)) == 0.5
    assert area(decided(5, 0, 0.5)) is None


def test_a_threshold_is_advised_only_where_the_doubt_allows_it() -> None:
    many = decided(90, 10, 0.9) + decided(10, 90, 0.3)

    assert advice(many, precision=0.8) == 0.35
    assert advice(many[::20], precision=0.8) is None  # the same shares, too few of them
    assert advice(many, precision=0.99) is None


def test_numbers_of_another_kind_are_noticed() -> None:
    steady = [Decided(0.5 + place % 10 / 50, True) for place in range(100)]

    assert drifts(steady) is False
    assert drifts(steady[:50] + [Decided(0.95, True)] * 50) is True
    assert drifts(steady[:20]) is None
