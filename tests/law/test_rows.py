"""The rows R01 to R57 of the table in docs/law/rows.md that the engine decides, each by its number."""

from datetime import UTC, date, datetime, timedelta

import pytest

from staydown.regimes import helplines, statutes
from staydown.regimes.clocks import Pause, deadline, owed
from staydown.regimes.duties import Act, Event, PauseReason
from staydown.regimes.harms import Harm, Role, Tri
from staydown.regimes.lawful import Feature, permission
from staydown.regimes.retention import Kept, Start, Thing, schedule
from tests.law.facts import DANGER, FLAGGER, NOON, deployed, facts, order

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("role", [Role.SUPPORT_NGO, Role.SELF_HELP])
def test_r05_associations_and_people_receive_no_media(role: Role):
    for feature in (Feature.RECEIVE_MEDIA, Feature.RECEIVE_CHILD_MEDIA, Feature.VIEW_CHILD_MEDIA):
        assert not permission(feature, deployed("FR", role)).allowed


def test_r06_every_country_in_the_data_has_an_emergency_number_and_somebody_to_call():
    for country in helplines.directory().countries:
        here = helplines.in_country(country)
        assert here.known
        assert here.emergency
        assert here.lines


def test_r10_the_earliest_of_all_the_clocks_that_run_wins():
    everywhere = facts(deployment=deployed("FR", Role.PLATFORM, "US", "GB"), capacity=FLAGGER)
    found = owed(everywhere, NOON)
    assert [one.at for one in found.deadlines] == sorted(one.at for one in found.deadlines)
    assert deadline(everywhere, NOON).duty.id == "eu_dsa_22_flagger"
    urgent = facts(deployment=deployed("FR", Role.PLATFORM, "US"), flags=DANGER)
    assert (deadline(urgent, NOON).duty.id, deadline(urgent, NOON).at) == ("imminent_danger", NOON + HOUR)


def test_r10_a_platform_that_serves_several_countries_owes_what_each_of_them_asks():
    several = facts(deployment=deployed("FR", Role.PLATFORM, "US", "GB"))
    assert {"eu_dsa_16_decide", "us_take_it_down", "gb_osa_10_3a"} <= {
        one.duty.id for one in owed(several, NOON).deadlines
    }


@pytest.mark.parametrize(
    ("issuer", "hours", "name"),
    [
        ("be_court", 6, "be_cj_584"),
        ("fr_ofac", 24, "fr_lcen_6_1"),
        ("au_esafety", 24, "au_osa_removal"),
    ],
)
def test_r12_an_authoritys_order_has_its_own_hours(issuer: str, hours: int, name: str):
    found = deadline(order(issuer, "DE"), NOON)
    assert (found.at, found.duty.id) == (NOON + hours * HOUR, name)


@pytest.mark.parametrize(("country", "name"), [("US", "us_take_it_down"), ("GB", "gb_osa_10_3a")])
def test_r12_a_request_of_the_person_shown_has_48_hours(country: str, name: str):
    found = deadline(facts(country=country), NOON)
    assert (found.at, found.duty.id) == (NOON + 48 * HOUR, name)


def test_r12_the_time_that_an_order_sets_counts_also_when_it_has_passed():
    assert deadline(order("be_prosecutor", "BE", stated=NOON + HOUR), NOON).at == NOON + HOUR
    assert deadline(order("be_prosecutor", "BE", stated=NOON - HOUR), NOON).at == NOON


def test_r12_a_french_orders_clock_stands_still_only_once_ofac_was_told():
    def due(*, told: bool) -> datetime:
        pause = Pause(PauseReason.FORCE_MAJEURE, NOON + HOUR, NOON + 4 * HOUR, told=told)
        found = {one.duty.id: one for one in owed(order("fr_ofac"), NOON, [pause]).deadlines}["fr_lcen_6_1"]
        assert found.pauses == ((pause,) if told else ())
        return found.at

    assert due(told=True) == NOON + 27 * HOUR
    assert due(told=False) == NOON + 24 * HOUR


def test_r12_a_belgian_orders_clock_never_stands_still():
    pause = Pause(PauseReason.FORCE_MAJEURE, NOON + HOUR, NOON + 4 * HOUR, told=True)
    assert owed(order("be_court", "BE"), NOON, [pause]).deadlines[0].at == NOON + 6 * HOUR


def test_r32_complaints_are_accepted_until_the_last_hour_of_six_months():
    informed = datetime(2026, 8, 31, 9, tzinfo=UTC)
    window = owed(facts(event=Event.DECISION), informed).last(Act.LISTEN)
    assert window is not None
    assert window.at == datetime(2027, 2, 28, 23, tzinfo=UTC)  # midnight in Paris; February has no 31st


@pytest.mark.parametrize(
    ("country", "keep_until", "gone_by"),
    [
        ("US", "us_csam_preserve", None),
        ("CA", "ca_csam_preserve", "ca_csam_destroy"),
        ("FR", None, "fr_csam_destroy"),
        ("BE", None, "be_csam_destroy"),
    ],
)
def test_r52_a_childs_image_is_kept_as_long_as_the_country_says(
    country: str, keep_until: str | None, gone_by: str | None
):
    thing = Thing(Kept.MEDIA, Harm.CSAM, Tri.YES, deployed(country))
    found = schedule(thing, {Start.HELD: NOON, Start.REFERRED: NOON, Start.DECIDED: NOON})
    assert (found.keep_until and found.keep_until.rule.id) == keep_until
    assert (found.gone_by and found.gone_by.rule.id) == gone_by


def test_r52_where_two_laws_cannot_both_be_kept_it_says_so():
    thing = Thing(Kept.MEDIA, Harm.CSAM, Tri.YES, deployed("FR", Role.PLATFORM, "US"))
    found = schedule(thing, {Start.HELD: NOON, Start.REFERRED: NOON})
    assert found.in_conflict


def test_r52_a_legal_hold_stops_destruction():
    thing = Thing(Kept.MEDIA, Harm.NCII, Tri.NO, deployed("FR"))
    assert schedule(thing, {Start.DECIDED: NOON}).gone_by is not None
    assert schedule(thing, {Start.DECIDED: NOON}, hold=True).gone_by is None


def test_r54_in_belgium_only_a_platform_keeps_fingerprints_of_children_and_the_article_is_named():
    for role in (Role.HOTLINE, Role.SUPPORT_NGO, Role.SELF_HELP):
        refused = permission(Feature.BANK_CHILD_SAFETY, deployed("BE", role))
        assert not refused.allowed
        assert (refused.refusals[0].article, refused.refusals[0].verified) == ("175", True)
    assert permission(Feature.BANK_CHILD_SAFETY, deployed("BE")).allowed
    assert permission(Feature.BANK_CHILD_SAFETY, deployed("FR", Role.HOTLINE)).allowed


def test_r54_a_hotline_abroad_that_serves_belgium_is_bound_too():
    assert not permission(Feature.BANK_CHILD_SAFETY, deployed("FR", Role.HOTLINE, "BE")).allowed


def test_r54_nobody_collects_the_images_themselves():
    for role in Role:
        assert not permission(Feature.BANK_CHILD_IMAGES, deployed("FR", role)).allowed


@pytest.mark.parametrize(
    ("day", "articles"),
    [
        (date(2021, 5, 1), {"371/1"}),
        (date(2024, 5, 1), {"417/9", "417/10"}),
        (date(2026, 4, 7), {"417/9", "417/10"}),
        (date(2026, 4, 8), {"136", "137"}),
    ],
)
def test_r57_belgian_offences_are_cited_by_the_day_they_were_committed(day: date, articles: set[str]):
    assert {each.article for each in statutes.of("BE", Harm.NCII, [day], child=False)} == articles


def test_r57_where_the_day_is_not_known_both_codes_are_named():
    found = statutes.of("BE", Harm.VOYEURISM, [date(2026, 3, 1), date(2026, 6, 1)], child=False)
    assert {each.article for each in found} == {"417/8", "135"}


def test_r57_what_concerns_a_child_is_cited_only_where_one_is_concerned():
    cited = {each.article for each in statutes.of("FR", Harm.NCII, [date(2026, 6, 1)], child=True)}
    assert cited == {"226-2-1", "227-23"}
    assert {each.article for each in statutes.of("FR", Harm.NCII, [date(2026, 6, 1)], child=False)} == {"226-2-1"}
