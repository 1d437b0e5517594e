"""Deciding on the console's pages: what follows is seen first, and can be undone."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from staydown.cases.models import Case, Decision
from staydown.cases.rules import DecisionState
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def case() -> Case:
    return people.reported(people.posted(people.plaza(), "post-1")).case


@pytest.fixture
def mina(settings: LazySettings) -> Client:
    return people.console(settings, people.staff("mina"))


def form(case: Case, ruling: str = "remove") -> dict[str, str]:
    items = {f"item-{subject.item_id}": ruling for subject in case.subjects.all() if subject.item_id}
    words = {"ground": "law", "provision": "art. 226-2-1", "reasons": "seen", "answer": "It is gone."} | {
        "statement": "Not allowed."
    }
    return items | words


def seen(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen)" value="([0-9a-f]+)"', page))


def test_nothing_is_decided_before_its_consequences_were_seen(mina: Client, case: Case):
    shown = mina.post(f"/cases/{case.pk}/decide", form(case)).content.decode()
    assert not Decision.objects.exists()
    assert "1 post is removed" in shown
    assert "1 person who reported is answered" in shown
    answer = mina.post(f"/cases/{case.pk}/decide", form(case) | seen(shown))
    assert answer.status_code == 302
    assert Decision.objects.get().state == DecisionState.MADE


def test_the_page_without_javascript_carries_all_that_was_typed_and_gives_it_back(mina: Client, case: Case):
    shown = mina.post(f"/cases/{case.pk}/decide", form(case)).content.decode()
    assert 'name="answer" value="It is gone."' in shown
    back = mina.post(f"/cases/{case.pk}/decide", form(case) | {"word": "change"}).content.decode()
    assert "It is gone.</textarea>" in back


def test_within_the_page_only_the_consequences_come_back_or_what_is_missing(mina: Client, case: Case):
    shown = mina.post(f"/cases/{case.pk}/decide", form(case), headers=HTMX).content.decode()
    assert "<html" not in shown
    assert seen(shown)
    said = mina.post(f"/cases/{case.pk}/decide", form(case) | {"answer": ""}, headers=HTMX).content.decode()
    assert "Something is missing" in said
    assert not seen(said)


def test_what_became_different_meanwhile_is_shown_again(mina: Client, case: Case):
    shown = mina.post(f"/cases/{case.pk}/decide", form(case)).content.decode()
    other = mina.post(f"/cases/{case.pk}/decide", form(case, "keep") | seen(shown)).content.decode()
    assert "Something is different" in other
    more = people.posted(people.Platform.objects.get(), "post-2", jpeg(photograph("rocket")))
    people.reported(more, case.subjects.get().item, seed="two")
    assert mina.post(f"/cases/{case.pk}/decide", form(case, "keep") | seen(other)).status_code == 200
    assert not Decision.objects.exists()


def test_a_decision_is_undone_from_its_page_and_its_words_are_there_again(
    mina: Client, case: Case, settings: LazySettings
):
    settings.UNDO = timedelta(seconds=10)
    shown = mina.post(f"/cases/{case.pk}/decide", form(case)).content.decode()
    mina.post(f"/cases/{case.pk}/decide", form(case) | seen(shown))
    page = mina.get(f"/cases/{case.pk}").content.decode()
    assert "Decided, not carried out yet" in page
    assert mina.post(f"/cases/{case.pk}/undo").status_code == 302
    page = mina.get(f"/cases/{case.pk}").content.decode()
    assert "It is gone.</textarea>" in page
    assert mina.post(f"/cases/{case.pk}/undo", follow=True).content.decode().count("carried out already") == 1


def test_the_law_stands_beside_the_decision(mina: Client, case: Case):
    page = mina.get(f"/cases/{case.pk}").content.decode()
    assert "without the person" in page
    assert 'value="Code pénal, art. 226-2-1"' in page


def test_words_that_point_to_the_reporter_are_named_at_their_place_and_nothing_typed_is_lost(mina: Client, case: Case):
    said = form(case) | {"statement": "See www.plaza.example for who reported it."}
    answer = mina.post(f"/cases/{case.pk}/decide", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a link: www.plaza.example" in page
    assert "It is gone.</textarea>" in page


def test_a_template_whose_gaps_are_left_is_not_sent(mina: Client, case: Case):
    page = mina.get(f"/cases/{case.pk}").content.decode()
    assert "[What we found, and what we did.]" in page
    said = form(case) | {"answer": "We looked. [What we found, and what we did.]"}
    assert "Fill in what stands in brackets" in mina.post(f"/cases/{case.pk}/decide", said).content.decode()
