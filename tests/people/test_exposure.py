"""Who has looked at much rests, and when she may look again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import NOW

from staydown.people import exposure
from staydown.people.exposure import DAY, BadLimits, Limits, Seen
from staydown.regimes.harms import Harm, Tri

LIMITS = Limits(stretch=300, rest=15, day=1800)


def looks(*ago: float, weighted: int = 40) -> list[Seen]:
    """Looks so many minutes ago."""
    return [Seen(NOW - timedelta(minutes=each), weighted) for each in ago]


def test_nobody_who_has_not_looked_rests() -> None:
    assert exposure.exposure([], LIMITS, NOW) == exposure.Exposure(0, 0, None, advised=False)


def test_looks_add_up_until_a_rest_follows_that_begins_with_the_last_of_them() -> None:
    seven, eight = looks(*range(7, 0, -1)), looks(*range(8, 0, -1))
    assert exposure.exposure(seven, LIMITS, NOW).rests_until is None
    assert exposure.exposure(seven, LIMITS, NOW).advised
    assert exposure.exposure(eight, LIMITS, NOW).rests_until == NOW + timedelta(minutes=14)


def test_a_rest_taken_of_ones_own_accord_counts() -> None:
    some = looks(*range(60, 53, -1), *range(7, 0, -1))
    found = exposure.exposure(some, LIMITS, NOW)
    assert (found.stretch, found.day, found.rests_until) == (7 * 40, 14 * 40, None)


def test_after_the_rest_she_begins_anew() -> None:
    found = exposure.exposure(looks(*range(23, 15, -1)), LIMITS, NOW)
    assert (found.day, found.stretch, found.rests_until) == (320, 0, None)


def test_after_a_day_full_of_looks_she_rests_until_enough_of_them_are_a_day_old() -> None:
    some = looks(*(1200 - 20 * place for place in range(45)))  # 45 looks of 40: 1800
    found = exposure.exposure(some, LIMITS, NOW)
    assert found.day == 1800
    assert found.rests_until == some[0].at + DAY


@given(st.lists(st.tuples(st.integers(0, 2000), st.sampled_from([20, 40, 60])), max_size=200))
def test_once_the_rest_is_over_she_may_look(given: list[tuple[int, int]]) -> None:
    some = [Seen(NOW - timedelta(minutes=ago), weighted) for ago, weighted in sorted(given, reverse=True)]
    found = exposure.exposure(some, LIMITS, NOW)
    if found.rests_until:
        assert NOW < found.rests_until <= NOW + DAY
        assert exposure.exposure(some, LIMITS, found.rests_until).rests_until is None
    else:
        assert found.day < LIMITS.day
        assert found.stretch < LIMITS.stretch


def test_a_turn_is_over_after_so_many_weighted_seconds_or_so_many_days() -> None:
    limits = Limits(grave=300, days=3)
    day = 24 * 60
    assert exposure.is_turn_over(looks(50, 40, 30, 20, 10, weighted=60), limits)
    assert not exposure.is_turn_over(looks(50, 40, 30, 20, weighted=60), limits)
    assert exposure.is_turn_over(looks(2 * day, day, 0, weighted=15), limits)
    assert not exposure.is_turn_over(looks(day, 0, weighted=15), limits)


@pytest.mark.parametrize(
    ("harm", "minor", "weight"),
    [
        (Harm.CSAM, Tri.UNKNOWN, 3), (Harm.NCII, Tri.YES, 3), (Harm.SEXUAL_VIOLENCE_RECORDING, Tri.NO, 3),
        (Harm.NCII, Tri.NO, 2), (Harm.NCII, Tri.UNKNOWN, 2), (Harm.UNSPECIFIED, Tri.UNKNOWN, 1),
    ],
)  # fmt: skip
def test_what_is_grave_counts_more(harm: Harm, minor: Tri, weight: int) -> None:
    assert exposure.weight(harm, minor) == weight


def test_the_setting_says_what_is_not_as_ever() -> None:
    assert exposure.read("") == Limits()
    assert exposure.read("stretch=60, rest=30") == Limits(stretch=60, rest=30)


@pytest.mark.parametrize("text", ["much", "stretch=0", "stretch=-1", "stretch=1.5", "looks=3", "stretch"])
def test_a_setting_that_makes_no_sense_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadLimits, match="stretch=300"):
        exposure.read(text)
