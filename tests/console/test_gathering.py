"""Joining, taking apart and splitting from the page of a case."""

import pytest
from django.conf import LazySettings
from django.test import Client
from pytest_django.asserts import assertRedirects

from staydown.cases import seeing
from staydown.cases.actions import deciding
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState, Ruling
from staydown.people.models import Staff
from staydown.platforms.models import Platform
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def desk(settings: LazySettings, mina: Staff) -> Client:
    return people.console(settings, mina)


def case_of(platform: Platform, name: str, picture: str, harm: Harm = Harm.NCII) -> Case:
    item = people.posted(platform, name, jpeg(photograph(picture)), f"of-{name}")
    return people.reported(item, seed=name, harm=harm, minor=Tri.NO).case


def test_two_cases_are_joined_by_reference_and_taken_apart_with_one_click(platform: Platform, desk: Client) -> None:
    one, two = case_of(platform, "post-1", "coffee"), case_of(platform, "post-2", "rocket")
    answer = desk.post(f"/cases/{two.pk}/join", {"reference": f" {one.reference} "}, follow=True)
    page = answer.content.decode()
    assertRedirects(desk.get(f"/cases/{two.pk}"), f"/cases/{one.pk}")
    assert "Take it apart again" in page
    page = desk.post(f"/cases/{one.pk}/joined/{two.pk}", follow=True).content.decode()
    assert f"Case {two.reference}" in page and "post-1" not in page
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2


def test_a_reference_of_what_one_may_not_know_of_joins_nothing(
    platform: Platform, settings: LazySettings, desk: Client
) -> None:
    child, other = case_of(platform, "post-1", "coffee", Harm.CSAM), case_of(platform, "post-2", "rocket")
    nina = people.console(settings, people.staff("nina", cleared=False))
    for reference in (child.reference, "FFFFFF", "", "no"):
        page = nina.post(f"/cases/{other.pk}/join", {"reference": reference}, follow=True).content.decode()
        assert "You know of no case with this reference." in page
    assert Case.objects.filter(state=CaseState.OPEN).count() == 2


def test_a_case_is_found_by_its_reference(platform: Platform, mina: Staff) -> None:
    case = case_of(platform, "post-1", "coffee")
    assert seeing.by_reference(mina, case.reference) == case
    assert seeing.by_reference(mina, case.reference.lower()) == case
    assert seeing.by_reference(mina, case.reference[:5] + "%") is None


def test_chosen_reports_become_a_case_of_their_own_and_go_back(platform: Platform, desk: Client) -> None:
    item = people.posted(platform, "post-1")
    case = people.reported(item, seed="a").case
    second = people.reported(item, seed="b", now=people.later(minutes=1))
    assert "Some of these reports are about something else" in desk.get(f"/cases/{case.pk}").content.decode()
    page = desk.post(f"/cases/{case.pk}/split", {"report": [str(second.pk), "x"]}, follow=True).content.decode()
    assert "Split from case" in page and case.reference in page
    made = Report.objects.get(pk=second.pk).case
    desk.post(f"/cases/{made.pk}/join", {"reference": case.reference})
    assert Report.objects.filter(case=case).count() == 2


def test_the_page_says_why_something_is_not_split(platform: Platform, desk: Client) -> None:
    case = case_of(platform, "post-1", "coffee")
    page = desk.post(f"/cases/{case.pk}/split", {}, follow=True).content.decode()
    assert "Choose some of the reports, and not all of them" in page


def test_the_page_says_what_reported_posts_resemble_how_nearly_and_where_that_comes_from(
    platform: Platform, settings: LazySettings, desk: Client, mina: Staff
) -> None:
    from staydown.cases.actions import deciding
    from staydown.cases.rules import Ruling
    from tests.pictures import resized

    banked = case_of(platform, "post-1", "coffee")
    deciding.decide(banked, people.proposal(banked, Ruling.REMOVE), mina, people.NOW)
    copy = people.posted(platform, "post-2", jpeg(resized(photograph("coffee")), 70), "eve")
    case = people.reported(copy, seed="two", minor=Tri.NO).case
    page = " ".join(desk.get(f"/cases/{case.pk}").content.decode().split())
    told = page[page.index("What these posts resemble") :]
    assert f'href="/cases/{banked.pk}">{banked.reference}</a>' in told
    assert "of 256 bits" in told and "holds what resembles it" in told and "mina" in told
    assert "1 other case" not in page, "another account's"


def test_where_nothing_can_be_joined_or_split_any_more_nothing_is_said_of_it(
    platform: Platform, mina: Staff, desk: Client
) -> None:
    case = case_of(platform, "post-1", "coffee")
    assert 'id="together"' in desk.get(f"/cases/{case.pk}").content.decode()
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    assert 'id="together"' not in desk.get(f"/cases/{case.pk}").content.decode()
