"""Whatever the facts and the time: what must hold of every deadline."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from staydown.regimes.clocks import DECIDING, Facts, Pause, deadline, owed
from staydown.regimes.duties import Bound, Event, PauseReason, by_id
from staydown.regimes.harms import Capacity, Flag, Harm, Role, Tri
from staydown.regimes.periods import Period, at_latest, at_least
from staydown.regimes.places import Deployment, places

ZONES = ["UTC", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "America/New_York"]
COUNTRIES = st.sampled_from([*sorted(places().countries), "ZZ", "QQ"])
DEPLOYMENTS = st.builds(
    Deployment, st.sampled_from(Role), COUNTRIES, st.frozensets(COUNTRIES, max_size=3), st.booleans()
)
ISSUERS = st.sampled_from(["", "nobody", *sorted({issuer for duty in by_id().values() for issuer in duty.issuers})])
MOMENTS = st.datetimes(
    datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.sampled_from([ZoneInfo(name) for name in ZONES])
)
FACTS = st.builds(
    Facts,
    st.sampled_from(Harm),
    st.sampled_from(Tri),
    st.frozensets(st.sampled_from(Flag)),
    DEPLOYMENTS,
    st.sampled_from(Event),
    st.none() | st.sampled_from(Capacity),
    ISSUERS,
    st.none() | MOMENTS,
)
PAUSES = st.lists(
    st.builds(
        lambda reason, since, lasts, told: Pause(reason, since, since + lasts, told),
        st.sampled_from(PauseReason),
        MOMENTS,
        st.timedeltas(timedelta(0), timedelta(days=30)),
        st.booleans(),
    ),
    max_size=4,
)
PERIODS = st.builds(Period, days=st.integers(1, 40), months=st.integers(0, 14), years=st.integers(0, 5)) | st.builds(
    Period, hours=st.integers(1, 100), minutes=st.integers(0, 59)
)
PLACES = st.lists(st.sampled_from([ZoneInfo(name) for name in ZONES]), min_size=1, max_size=3).map(tuple)


@given(FACTS, MOMENTS, PAUSES)
def test_no_deadline_lies_before_what_started_it_and_they_come_in_order(
    facts: Facts, at: datetime, pauses: list[Pause]
):
    found = owed(facts, at, pauses).deadlines
    assert all(one.at >= at for one in found)
    assert list(found) == sorted(found, key=lambda one: one.at)


@given(FACTS, MOMENTS)
def test_every_report_is_decided_by_the_earliest_deadline_there_is(facts: Facts, at: datetime):
    if facts.event not in (Event.NOTICE, Event.UPLOAD_HELD, Event.COMPLAINT, Event.REMOVAL_ORDER):
        return
    ends = [one.at for one in owed(facts, at).deadlines if one.duty.owes in DECIDING]
    assert deadline(facts, at).at == min(ends)


@given(FACTS, MOMENTS, PAUSES)
def test_pauses_only_ever_move_a_deadline_back_and_never_by_more_than_they_lasted(
    facts: Facts, at: datetime, pauses: list[Pause]
):
    without = {one.duty.id: one.at for one in owed(facts, at).deadlines}
    for one in owed(facts, at, pauses).deadlines:
        lasted = sum(((pause.until - pause.since) for pause in one.pauses), timedelta(0))
        assert without[one.duty.id] <= one.at <= without[one.duty.id] + lasted


@given(FACTS, MOMENTS)
def test_saying_more_countries_never_takes_a_duty_away(facts: Facts, at: datetime):
    alone = Facts(
        facts.harm, facts.minor, facts.flags, Deployment(Role.PLATFORM, facts.deployment.country), facts.event
    )
    more = Facts(
        facts.harm,
        facts.minor,
        facts.flags,
        Deployment(Role.PLATFORM, facts.deployment.country, facts.deployment.serves),
        facts.event,
    )
    assert {one.duty.id for one in owed(alone, at).deadlines} <= {one.duty.id for one in owed(more, at).deadlines}


@given(FACTS, MOMENTS)
def test_a_country_without_data_is_always_named(facts: Facts, at: datetime):
    unknown = {"ZZ", "QQ", "CH"} & set(facts.deployment.countries)
    assert set(owed(facts, at).uncovered) == unknown


@given(MOMENTS, PERIODS, PLACES)
def test_what_is_owed_ends_no_later_than_what_must_stay_open(
    start: datetime, period: Period, zones: tuple[ZoneInfo, ...]
):
    latest, least = at_latest(start, period, zones), at_least(start, period, zones)
    assert start <= latest <= least
    assert latest.tzinfo is UTC
    assert least.tzinfo is UTC


@given(MOMENTS, st.integers(1, 400), PLACES)
def test_hours_pass_alike_in_every_zone_and_over_every_change_of_clocks(
    start: datetime, hours: int, zones: tuple[ZoneInfo, ...]
):
    assert at_latest(start, Period(hours=hours), zones) - start.astimezone(UTC) == timedelta(hours=hours)


@given(MOMENTS, st.integers(1, 400), st.sampled_from(ZONES))
def test_days_are_days_of_the_place_give_or_take_the_change_of_its_clocks(start: datetime, days: int, name: str):
    end = at_latest(start, Period(days=days), (ZoneInfo(name),))
    assert abs(end - start.astimezone(UTC) - timedelta(days=days)) <= timedelta(
        hours=24 if name == "Pacific/Apia" else 1
    )


@given(FACTS, MOMENTS)
def test_what_must_stay_open_ends_at_the_end_of_a_day_somewhere_in_its_country(facts: Facts, at: datetime):
    for one in owed(facts, at).deadlines:
        if one.duty.bound is Bound.AT_LEAST and not facts.stated:
            assert one.at - at.astimezone(UTC) > timedelta(days=1)
            assert (one.at.second, one.at.microsecond) == (0, 0)
