from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from staydown.regimes.clocks import Pause, deadline, owed
from staydown.regimes.duties import Event, PauseReason, by_id, duty
from staydown.regimes.harms import Flag, Harm, Tri
from tests.law.facts import DANGER, NOON, WITNESS, deployed, facts, order

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("known", "hours", "name"),
    [
        (facts(Harm.UNSPECIFIED), 72, "eu_dsa_16_decide"),
        (facts(Harm.UNSPECIFIED, "US"), 72, "any_notice"),
        (facts(Harm.NCII), 48, "intimate_image"),
        (facts(Harm.NCII, "US"), 48, "us_take_it_down"),
        (facts(Harm.NCII, "US", capacity=WITNESS), 48, "intimate_image"),
        (facts(Harm.CSAM), 24, "child_safety"),
        (facts(Harm.NCII, minor=Tri.YES), 24, "child_safety"),
        (facts(Harm.NCII, minor=Tri.UNKNOWN), 48, "intimate_image"),
        (facts(Harm.EXPOSURE_HARASSMENT, flags=DANGER), 1, "imminent_danger"),
    ],
)
def test_the_earliest_clock_that_applies_wins(known, hours: int, name: str):
    due = deadline(known, NOON)
    assert (due.at, due.duty.id) == (NOON + hours * HOUR, name)


def test_the_person_shown_is_never_taken_for_a_witness():
    known = facts(country="US", capacity=WITNESS, flags=frozenset({Flag.PERSON_SHOWN}))
    assert deadline(known, NOON).duty.id == "us_take_it_down"


def test_a_country_that_the_data_does_not_know_is_named_and_still_has_deadlines():
    found = owed(facts(country="ZZ"), NOON)
    assert found.uncovered == ("ZZ",)
    assert found.first() is not None
    assert owed(facts(country="DE"), NOON).uncovered == ()


def test_a_time_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        deadline(facts(), NOON.replace(tzinfo=None))


def test_what_happens_at_one_moment_is_owed_at_one_moment_whoever_tells_the_time():
    nepal = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert deadline(facts(), nepal).at == deadline(facts(), NOON).at


def test_24_hours_stay_24_hours_when_the_clocks_change():
    for evening in (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 10, 24, 20, tzinfo=UTC)):
        assert deadline(order("fr_ofac"), evening).at - evening == 24 * HOUR


def test_a_pause_that_still_lasts_moves_the_deadline_with_it_and_two_at_once_count_once():
    first = Pause(PauseReason.FORCE_MAJEURE, NOON + HOUR, NOON + 5 * HOUR, told=True)
    second = Pause(PauseReason.MANIFEST_ERROR, NOON + 3 * HOUR, NOON + 7 * HOUR, told=True)
    french = {one.duty.id: one for one in owed(order("fr_ofac"), NOON, [second, first]).deadlines}["fr_lcen_6_1"]
    assert french.at == NOON + 30 * HOUR
    assert french.pauses == (first, second)


def test_a_pause_after_the_deadline_comes_too_late():
    late = Pause(PauseReason.FORCE_MAJEURE, NOON + 25 * HOUR, NOON + 30 * HOUR, told=True)
    french = {one.duty.id: one for one in owed(order("fr_ofac"), NOON, [late]).deadlines}["fr_lcen_6_1"]
    assert french.at == NOON + 24 * HOUR
    assert french.pauses == ()


def test_asking_for_a_decision_where_none_is_owed_says_so():
    with pytest.raises(ValueError, match="year_end"):
        deadline(facts(event=Event.YEAR_END), NOON)


def test_a_duty_is_found_by_the_id_that_cases_carry():
    for name in ("imminent_danger", "child_safety", "us_take_it_down", "intimate_image", "any_notice"):
        assert duty(name).id == name  # cases of the first version carry these
    with pytest.raises(KeyError):
        duty("never_was")


def test_every_duty_says_what_was_read_and_what_is_to_verify():
    for each in by_id().values():
        assert each.read
        assert bool(each.to_verify) != each.verified
        assert len(each.id) <= 40  # the column of a case


def test_a_small_enterprise_is_spared_what_the_law_spares_it():
    small = replace(facts(event=Event.COMPLAINT), deployment=deployed(small=True))
    assert {one.duty.id for one in owed(small, NOON).deadlines} == {"complaint_answer"}
