"""R40: from the harm and from where everybody is, to the authorities that must know."""

from datetime import timedelta

import pytest

from staydown.regimes.authorities import authorities, is_grave, routes
from staydown.regimes.clocks import Facts
from staydown.regimes.duties import by_id
from staydown.regimes.harms import Harm, Role, Tri
from tests.law.facts import DANGER, NOON, deployed, facts


def told(about: Facts, *known: str) -> list[str]:
    return [route.authority.id for route in routes(about, NOON, frozenset(known))]


def a_child(country: str, role: Role = Role.PLATFORM, *serves: str):
    return facts(Harm.CSAM, minor=Tri.YES, deployment=deployed(country, role, *serves))


def test_r40_a_platform_tells_the_authority_of_its_own_country_where_no_other_is_known():
    assert told(a_child("FR")) == ["fr_pharos"]
    assert told(a_child("US")) == ["us_ncmec"]
    assert told(a_child("CA")) == ["ca_cybertip"]
    assert told(a_child("BE")) == ["be_police", "be_child_focus"]


def test_r40_where_the_offence_the_suspect_or_the_person_harmed_is_decides():
    assert told(a_child("FR"), "BE") == ["be_police", "be_child_focus"]


def test_r40_an_american_provider_owes_its_report_wherever_everybody_else_is():
    assert "us_ncmec" in told(a_child("US"), "FR")


def test_r40_where_no_authority_of_a_country_is_known_europol_stands_in():
    assert told(a_child("PL")) == ["eu_europol"]
    assert told(a_child("FR")) == ["fr_pharos"]


def test_r40_danger_is_told_within_our_hour_and_the_rest_within_a_day():
    (calm,) = routes(facts(Harm.SEXUAL_VIOLENCE_RECORDING), NOON)
    (urgent,) = routes(facts(Harm.NCII, flags=DANGER), NOON)
    assert (calm.at, urgent.at) == (NOON + timedelta(hours=24), NOON + timedelta(hours=1))


@pytest.mark.parametrize("harm", [Harm.NCII, Harm.SYNTHETIC_NCII, Harm.VOYEURISM, Harm.EXPOSURE_HARASSMENT])
def test_r40_nobody_is_told_of_an_adult_who_did_not_ask_for_it(harm: Harm):
    assert not is_grave(facts(harm))
    assert told(facts(harm)) == []


def test_r40_who_is_no_provider_is_obliged_to_nothing_and_may_tell_all_the_same():
    (route,) = routes(a_child("FR", Role.HOTLINE), NOON)
    assert (route.authority.id, route.deadline) == ("fr_pharos", None)


def test_r40_every_duty_to_tell_an_authority_has_one_to_tell():
    named = {duty for each in authorities().values() for duty in each.duties}
    assert {each.id for each in by_id().values() if each.owes == "tell_authority"} - named == {"ca_mra_3"}
