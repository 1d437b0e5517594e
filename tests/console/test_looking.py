"""Looking is counted, told to her alone, and ends when it has been enough; what she is spared she does not see."""

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from staydown.cases import seeing
from staydown.journal.models import Entry as JournalEntry
from staydown.outside.http import Answer
from staydown.people.exposure import Limits
from staydown.people.models import Exposed, Staff
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db
MEDIA = jpeg(photograph("coffee"))


@pytest.fixture(autouse=True)
def _endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: Answer(200, {}, MEDIA))


@pytest.fixture
def address() -> str:
    """Of the picture of an open case."""
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    return f"/cases/{case.pk}/media/item/{item.pk}"


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def hers(mina: Staff, settings: LazySettings) -> Client:
    return people.console(settings, mina)


def test_a_look_is_in_her_ledger_by_how_long_it_stays_and_a_tiny_one_is_not(
    hers: Client, mina: Staff, address: str
) -> None:
    hers.post(address, {"grade": "grey"})
    assert not Exposed.objects.exists()
    assert 'data-seconds="10"' in hers.post(address, {"grade": "blurred"}).content.decode()
    hers.post(address, {"grade": "full", "reason": "reported"})
    assert [(row.staff, row.seconds, row.weight) for row in Exposed.objects.order_by("at")] == [
        (mina, 10, 3),
        (mina, 20, 3),
    ]
    page = hers.get("/yours").content.decode()
    assert "90 weighted seconds" in page and "A pause now" not in page
    Exposed.objects.create(staff=mina, at=timezone.now(), seconds=60, weight=3)
    assert "A pause now" in hers.get("/yours").content.decode()  # of 300: a word before she has to


def test_after_much_nothing_is_shown_until_she_has_rested(hers: Client, settings: LazySettings, address: str) -> None:
    settings.EXPOSURE = Limits(stretch=60, rest=15, day=1800)
    hers.post(address, {"grade": "grey"})
    assert [hers.post(address, {"grade": "blurred"}).status_code for _ in range(3)] == [200, 200, 409]
    assert Exposed.objects.count() == 2
    assert JournalEntry.objects.filter(act="media.blurred").count() == 2
    assert "Rest now" in hers.get("/yours").content.decode()
    assert hers.post(address, {"grade": "grey"}).status_code == 200  # and all the rest of her work
    tomas = people.console(settings, people.staff("tomas", "lead"))
    assert [tomas.post(address, {"grade": grade}).status_code for grade in ("grey", "blurred")] == [200, 200]
    assert "30 weighted seconds" in tomas.get("/yours").content.decode()


def test_what_she_is_spared_her_queue_leaves_out_and_she_can_change_it(hers: Client, mina: Staff, address: str) -> None:
    assert seeing.waiting(seeing.hers(mina, people.NOW), 9) == 1
    hers.post("/yours", {"harm": ["CSAM", "no such harm"]})
    mina.refresh_from_db()
    assert mina.spared == ["CSAM"]
    assert seeing.waiting(seeing.hers(mina, people.NOW), 9) == 0
    assert seeing.visible(mina).count() == 1  # a link from a colleague still opens it
    assert JournalEntry.objects.filter(act="staff.spared").count() == 1
    hers.post("/yours", {})
    mina.refresh_from_db()
    assert seeing.waiting(seeing.hers(mina, people.NOW), 9) == 1


def test_after_her_turn_at_what_is_gravest_others_take_it_and_she_comes_back(
    hers: Client, mina: Staff, settings: LazySettings, address: str
) -> None:
    settings.EXPOSURE = Limits(grave=60, away=7)
    page = address.split("/media")[0]
    ordinary = people.reported(
        people.posted(people.Platform.objects.get(), "post-2", jpeg(photograph("rocket")), "eve"),
        seed="two",
        minor=Tri.NO,
    ).case
    for grade in ("grey", "blurred", "full"):
        assert hers.post(address, {"grade": grade, "reason": "reported"}).status_code == 200
    assert JournalEntry.objects.filter(act="staff.rotated").count() == 1
    assert page in hers.get("/").content.decode()  # nobody else is there: no report waits for this rule
    tomas = people.console(settings, people.staff("tomas", "lead"))
    queue = hers.get("/").content.decode()
    assert (page in queue, str(ordinary.pk) in queue) == (False, True)
    assert "Your turn at what is gravest is over" in hers.get("/yours").content.decode()
    assert "mina, until" in tomas.get("/board").content.decode()
    assert hers.post(address, {"grade": "blurred"}).status_code == 409
    assert "Your turn" in hers.post(f"{page}/claim", {"word": "claim"}, follow=True).content.decode()
    assert hers.post(f"/cases/{ordinary.pk}/claim", {"word": "claim"}, follow=True).status_code == 200
    assert page in tomas.get("/").content.decode()
    mina.refresh_from_db()
    assert mina.away_until is not None
    with time_machine.travel(mina.away_until, tick=False):
        assert page in people.console(settings, mina).get("/").content.decode()
        assert JournalEntry.objects.filter(act="staff.rotated").count() == 1


def test_without_a_sign_in_there_is_no_ledger() -> None:
    assert Client().get("/yours").status_code == 302
