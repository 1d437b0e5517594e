"""One test a duty: its clock starts, ends when its article says, and does not start for a case just beside it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from staydown.regimes.clocks import Facts, duties_of, owed
from staydown.regimes.duties import Event, by_id
from staydown.regimes.harms import Harm, Role, Tri
from tests.law.facts import DANGER, FLAGGER, NOON, WITNESS, child, deployed, facts, order

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
HALF_A_YEAR = datetime(2027, 5, 21, 22, tzinfo=UTC)  # the end of 21 May in Paris
OF_SMALL = deployed(small=True)
ASSOCIATION = deployed(role=Role.SUPPORT_NGO)
NEW_YEAR = datetime(2026, 12, 31, 23, tzinfo=UTC)  # midnight in Paris
END_OF_FEBRUARY = datetime(2027, 2, 28, 23, tzinfo=UTC)

DUTIES: dict[str, tuple[Facts, timedelta | datetime | None, Facts]] = {
    "report_receipt": (facts(), MINUTE, facts(event=Event.DECISION)),
    "imminent_danger": (facts(flags=DANGER), HOUR, facts()),
    "child_safety": (facts(Harm.CSAM), 24 * HOUR, facts(minor=Tri.UNKNOWN)),
    "intimate_image": (facts(), 48 * HOUR, facts(Harm.EXPOSURE_HARASSMENT)),
    "any_notice": (facts(Harm.UNSPECIFIED, "ZZ"), 72 * HOUR, facts(event=Event.COMPLAINT)),
    "held_upload": (facts(event=Event.UPLOAD_HELD), 24 * HOUR, facts()),
    "any_removal_order": (order("somebody", "ZZ"), 24 * HOUR, facts()),
    "complaint_window": (facts(event=Event.DECISION), HALF_A_YEAR, facts()),
    "complaint_answer": (facts(event=Event.COMPLAINT), 7 * 24 * HOUR, facts()),
    "eu_dsa_9_act": (order("somebody"), 24 * HOUR, order("somebody", "US")),
    "eu_dsa_9_reply": (facts(event=Event.EFFECT), HOUR, facts(event=Event.EFFECT, country="US")),
    "eu_dsa_9_uploader": (facts(event=Event.EFFECT), MINUTE, facts(event=Event.REMOVAL_ORDER)),
    "eu_dsa_10_reply": (facts(event=Event.INFORMATION_ORDER), 24 * HOUR, facts(event=Event.REMOVAL_ORDER)),
    "eu_dsa_16_receipt": (facts(), MINUTE, facts(country="US")),
    "eu_dsa_16_decide": (facts(), 72 * HOUR, facts(deployment=ASSOCIATION)),
    "eu_dsa_16_answer": (facts(event=Event.DECISION), HOUR, facts(event=Event.DECISION, country="GB")),
    "eu_dsa_17_reasons": (facts(event=Event.RESTRICTION), MINUTE, facts(event=Event.RESTRICTION, country="US")),
    "eu_dsa_18_danger": (facts(event=Event.SUSPICION, flags=DANGER), HOUR, facts(event=Event.SUSPICION)),
    "eu_dsa_18_refer": (facts(event=Event.SUSPICION), 24 * HOUR, facts(event=Event.SUSPICION, country="US")),
    "eu_dsa_20_window": (facts(event=Event.DECISION), HALF_A_YEAR, facts(event=Event.DECISION, deployment=OF_SMALL)),
    "eu_dsa_20_answer": (
        facts(event=Event.COMPLAINT),
        7 * 24 * HOUR,
        facts(event=Event.COMPLAINT, deployment=OF_SMALL),
    ),
    "eu_dsa_22_flagger": (facts(capacity=FLAGGER), 24 * HOUR, facts(capacity=WITNESS)),
    "eu_dsa_23_uploader": (facts(event=Event.MISUSE), None, facts(event=Event.MISUSE, deployment=OF_SMALL)),
    "eu_dsa_23_notifier": (facts(event=Event.MISUSE), None, facts(event=Event.MISUSE, deployment=OF_SMALL)),
    "eu_dsa_24_counts": (facts(event=Event.YEAR_END), END_OF_FEBRUARY, facts(event=Event.YEAR_END, country="US")),
    "eu_dsa_24_database": (
        facts(event=Event.RESTRICTION),
        24 * HOUR,
        facts(event=Event.RESTRICTION, deployment=OF_SMALL),
    ),
    "eu_report_templates": (
        facts(event=Event.YEAR_END),
        END_OF_FEBRUARY,
        facts(event=Event.YEAR_END, deployment=OF_SMALL),
    ),
    "eu_epoc": (
        order("eu_epoc", event=Event.INFORMATION_ORDER),
        10 * 24 * HOUR,
        order("eu_epoc_emergency", event=Event.INFORMATION_ORDER),
    ),
    "eu_epoc_emergency": (
        order("eu_epoc_emergency", event=Event.INFORMATION_ORDER),
        8 * HOUR,
        order("eu_epoc", event=Event.INFORMATION_ORDER),
    ),
    "eu_epoc_pr": (
        order("eu_epoc_pr", event=Event.PRESERVATION_ORDER),
        60 * 24 * HOUR,
        order("be_court", event=Event.PRESERVATION_ORDER),
    ),
    "fr_lcen_6_1": (order("fr_ofac"), 24 * HOUR, order("be_court")),
    "be_cj_584": (order("be_court", "BE"), 6 * HOUR, order("fr_ofac", "BE")),
    "be_cic_39bis": (order("be_prosecutor", "BE"), 6 * HOUR, order("be_court", "BE")),
    "us_take_it_down": (facts(country="US"), 48 * HOUR, facts(country="US", capacity=WITNESS)),
    "us_2258a_report": (child(Event.KNOWLEDGE, "US"), 24 * HOUR, facts(country="US", event=Event.KNOWLEDGE)),
    "us_2258a_preserve": (
        child(Event.REFERRAL, "US"),
        datetime(2027, 11, 22, 10, tzinfo=UTC),  # the end of 21 November in Honolulu
        facts(country="US", event=Event.REFERRAL),
    ),
    "gb_osa_10_3a": (facts(country="GB"), 48 * HOUR, facts(country="GB", capacity=WITNESS)),
    "au_osa_removal": (order("au_esafety", "AU"), 24 * HOUR, order("be_court", "AU")),
    "au_osa_adult_abuse": (facts(Harm.EXPOSURE_HARASSMENT, "AU"), 48 * HOUR, facts(Harm.EXPOSURE_HARASSMENT, "CA")),
    "ca_mra_2": (child(Event.KNOWLEDGE, "CA"), 24 * HOUR, child(Event.KNOWLEDGE, "US")),
    "ca_mra_3": (child(Event.KNOWLEDGE, "CA"), 24 * HOUR, facts(country="CA", event=Event.KNOWLEDGE)),
    "ca_mra_4": (
        child(Event.REFERRAL, "CA"),
        datetime(2026, 12, 13, 8, tzinfo=UTC),  # the end of 12 December in Vancouver
        child(Event.REFERRAL, "US"),
    ),
    "it_144bis": (order("it_garante", "IT"), 24 * HOUR, order("es_aepd", "IT")),
    "es_aepd": (order("es_aepd", "ES"), 24 * HOUR, order("it_garante", "ES")),
}


def test_every_duty_of_the_data_is_tested_here():
    assert set(DUTIES) == set(by_id())


@pytest.mark.parametrize("name", DUTIES)
def test_its_clock_starts_and_ends_when_its_article_says(name: str):
    known, wanted, _beside = DUTIES[name]
    start = NEW_YEAR if known.event is Event.YEAR_END else NOON
    found = {one.duty.id: one.at for one in owed(known, start).deadlines}
    if wanted is None:
        assert name not in found
        assert name in {duty.id for duty in duties_of(known, start)}
    elif isinstance(wanted, timedelta) and by_id()[name].bound == "at_least":
        assert start + wanted <= found[name] <= start + wanted + timedelta(days=2)  # to the end of the last day
    else:
        assert found[name] == (start + wanted if isinstance(wanted, timedelta) else wanted)


@pytest.mark.parametrize("name", DUTIES)
def test_it_does_not_start_for_a_case_just_beside_it(name: str):
    *_, beside = DUTIES[name]
    assert name not in {duty.id for duty in duties_of(beside, NOON)}


@pytest.mark.parametrize("name", [name for name, duty in by_id().items() if duty.since])
def test_it_does_not_start_before_its_law_is_in_force(name: str):
    known, *_ = DUTIES[name]
    day = by_id()[name].since
    assert day is not None
    midday = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert name in {duty.id for duty in duties_of(known, midday)}
    assert name not in {duty.id for duty in duties_of(known, midday - timedelta(days=2))}


def test_an_order_runs_wherever_the_deployment_is():
    abroad = replace(order("fr_ofac"), deployment=deployed("US"))
    assert "fr_lcen_6_1" in {one.duty.id for one in owed(abroad, NOON).deadlines}
