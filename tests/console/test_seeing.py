from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.test import Client

from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.outside.http import Answer
from staydown.platforms.rules import ItemState
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(settings) -> Callable[..., Client]:
    """Sign somebody in."""
    settings.DEMO = True

    def signed_in(username: str, role: str = "moderator", cleared: bool = True) -> Client:
        client = Client()
        client.force_login(people.staff(username, role, cleared))
        return client

    return signed_in


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The platform's evidence endpoint; answers the paths it was asked for."""
    asked: list[str] = []

    def get(url: str, **_: object) -> Answer:
        asked.append(urlsplit(url).path)
        return Answer(200, {}, jpeg(photograph("coffee")))

    monkeypatch.setattr("staydown.outside.http.get", get)
    return asked


def childs_case():
    item = people.posted(people.plaza(), "post-1")
    return item, people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case


def test_no_address_of_a_childs_case_exists_for_who_is_not_cleared(enter):
    item, case = childs_case()
    ola = enter("ola", cleared=False)
    assert case.reference not in ola.get("/").content.decode()
    assert case.reference not in ola.get("/bank").content.decode()
    assert ola.get(f"/cases/{case.pk}").status_code == 404
    for path in ("/decide", "/second", "/copies", f"/media/item/{item.pk}"):
        assert ola.post(f"/cases/{case.pk}{path}").status_code == 404


@pytest.mark.parametrize("role", ["operator", "custodian"])
def test_who_decides_nothing_sees_no_case(enter, role: str):
    _, case = childs_case()
    client = enter("someone", role)
    assert client.get(f"/cases/{case.pk}").status_code == 403
    assert case.reference not in client.get("/").content.decode()


def test_without_a_sign_in_nothing_opens():
    _, case = childs_case()
    for address in ("/", "/bank", "/orders", f"/cases/{case.pk}"):
        assert Client().get(address).status_code == 302


def test_an_association_looks_at_no_media_where_a_child_may_be(enter, endpoint, settings):
    settings.ROLE = "support_ngo"
    item, case = childs_case()
    assert enter("mina").post(f"/cases/{case.pk}/media/item/{item.pk}", {"grade": "grey"}).status_code == 409
    assert endpoint == []


def test_a_decision_that_is_not_complete_comes_back_with_what_was_typed(enter):
    item, case = childs_case()
    sent = {f"item-{item.pk}": "remove", "ground": "law", "provision": "art. 1", "reasons": "my reasons", "answer": ""}
    answer = enter("mina").post(f"/cases/{case.pk}/decide", sent)
    assert answer.status_code == 422
    assert "my reasons" in answer.content.decode()
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_the_queue_has_the_earliest_deadline_first(enter):
    platform = people.plaza()
    slow = people.reported(people.posted(platform, "a"), harm=Harm.UNSPECIFIED, shown=False).case
    other = people.posted(platform, "b", jpeg(photograph("rocket")), account="bob")
    urgent = people.reported(other, seed="two", harm=Harm.CSAM, minor=Tri.YES).case
    page = enter("mina").get("/").content.decode()
    assert page.index(urgent.reference) < page.index(slow.reference)


def test_a_refusal_is_said_in_the_language_of_the_page(enter):
    _, case = childs_case()
    mina = enter("mina")
    person = people.Staff.objects.get(username="mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), person, people.NOW)
    item_id = case.subjects.get().item_id
    sent = {f"item-{item_id}": "keep", "ground": "law", "provision": "x", "reasons": "x", "answer": "x"}
    answer = mina.post(f"/cases/{case.pk}/decide", sent, headers={"Accept-Language": "fr"}, follow=True)
    assert "a décidé ce dossier entre-temps" in answer.content.decode()
