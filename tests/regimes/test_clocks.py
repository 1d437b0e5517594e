from datetime import UTC, datetime, timedelta

import pytest

from staydown.regimes import clocks, helplines
from staydown.regimes.clocks import Facts, deadline
from staydown.regimes.harms import Flag, Harm, Role, Tri
from staydown.regimes.lawful import Deployment, may_bank_child_safety, may_review_media

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def facts(harm: Harm, minor: Tri = Tri.NO, *flags: Flag, country: str = "FR") -> Facts:
    return Facts(harm, minor, frozenset(flags), country)


@pytest.mark.parametrize(
    ("known", "hours", "clock"),
    [
        (facts(Harm.UNSPECIFIED), 72, "any_notice"),
        (facts(Harm.NCII), 48, "intimate_image"),
        (facts(Harm.NCII, country="US"), 48, "us_take_it_down"),
        (facts(Harm.CSAM), 24, "child_safety"),
        (facts(Harm.NCII, Tri.YES), 24, "child_safety"),
        (facts(Harm.NCII, Tri.UNKNOWN), 48, "intimate_image"),
        (facts(Harm.EXPOSURE_HARASSMENT, Tri.NO, Flag.IMMINENT_DANGER), 1, "imminent_danger"),
    ],
)
def test_the_earliest_clock_that_applies_wins(known: Facts, hours: int, clock: str):
    due = deadline(known, NOW)
    assert (due.at, due.clock.id) == (NOW + timedelta(hours=hours), clock)


def test_every_clock_names_its_article_and_a_source():
    for each in clocks.all_clocks():
        assert each.article
        assert each.source.startswith("https://")
        assert each.kind in ("law", "target")


def test_belgian_organisations_that_receive_reports_keep_no_bank_of_childrens_images():
    assert may_bank_child_safety(Deployment(Role.PLATFORM, "BE"))
    assert not may_bank_child_safety(Deployment(Role.HOTLINE, "BE"))
    assert may_bank_child_safety(Deployment(Role.HOTLINE, "FR"))
    assert not may_bank_child_safety(Deployment(Role.SUPPORT_NGO, "FR"))


def test_support_organisations_do_not_look_at_media_of_children():
    assert not may_review_media(Deployment(Role.SUPPORT_NGO, "FR"), child=True)
    assert may_review_media(Deployment(Role.PLATFORM, "FR"), child=True)


def test_every_country_has_somebody_to_call():
    for country in ("FR", "BE", "US", "GB", "ZZ"):
        here = helplines.in_country(country)
        assert here.emergency
        assert here.lines
