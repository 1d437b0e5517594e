from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from staydown.regimes.periods import Period, at_latest, at_least

PARIS = (ZoneInfo("Europe/Paris"),)


def test_a_day_over_the_spring_change_of_clocks_is_23_hours():
    start = datetime(2026, 3, 28, 11, tzinfo=UTC)  # noon in Paris, winter
    assert at_latest(start, Period(days=1), PARIS) == datetime(2026, 3, 29, 10, tzinfo=UTC)  # noon in Paris, summer


def test_a_day_over_the_autumn_change_of_clocks_is_25_hours():
    start = datetime(2026, 10, 24, 10, tzinfo=UTC)
    assert at_latest(start, Period(days=1), PARIS) == datetime(2026, 10, 25, 11, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_owed_at_the_first():
    start = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)  # 2:30 in Paris; on the 25th there are two of it
    assert at_latest(start, Period(days=1), PARIS) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_an_hour_that_never_comes_is_owed_before_it_would():
    start = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # 2:30 in Paris; on the 29th there is none
    assert at_latest(start, Period(days=1), PARIS) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


def test_a_month_without_that_day_ends_on_its_last():
    start = datetime(2027, 8, 31, 10, tzinfo=UTC)
    assert at_latest(start, Period(months=6), PARIS) == datetime(2028, 2, 29, 11, tzinfo=UTC)


def test_a_leap_days_year_ends_on_the_28th():
    start = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert at_least(start, Period(years=1), PARIS) == datetime(2029, 2, 28, 23, tzinfo=UTC)


def test_what_must_be_kept_is_kept_until_the_day_has_ended_in_the_last_of_the_countrys_zones():
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    zones = (ZoneInfo("America/New_York"), ZoneInfo("Pacific/Honolulu"))
    assert at_least(start, Period(days=21), zones) == datetime(2026, 12, 13, 10, tzinfo=UTC)


def test_a_day_that_an_island_skipped_does_no_harm():
    start = datetime(2011, 12, 29, 12, tzinfo=UTC)  # Samoa had no 30 December 2011
    apia = (ZoneInfo("Pacific/Apia"),)
    assert start <= at_latest(start, Period(days=1), apia) <= at_least(start, Period(days=1), apia)


@pytest.mark.parametrize("wrong", [{}, {"hours": 1, "days": 1}, {"hours": -1}, {"weeks": 1}])
def test_a_period_that_is_none_is_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match="validation error"):
        Period(**wrong)


def test_a_period_is_said_in_words():
    assert str(Period(months=6, days=30)) == "6 months and 30 days"
    assert str(Period(hours=1)) == "1 hour"
