"""A picture is seen step by step, each step asked for, in the journal, from an address that is good for a minute and for her."""

import io
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from PIL import Image

from staydown.banks.actions import keeping
from staydown.banks.models import Entry
from staydown.cases.actions import deciding, intake, later
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.console import drawing
from staydown.console.grades import Grade
from staydown.journal.models import Entry as JournalEntry
from staydown.outside.http import Answer
from staydown.people.models import Exposed, Staff
from staydown.platforms.models import Item
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import review, screenshots
from staydown.vault.evidence.models import Evidence, ReviewCopy
from staydown.vault.evidence.screenshots import Told
from tests import people
from tests.films import film, scene
from tests.pictures import jpeg, photograph, resized
from tests.vault.evidence.conftest import four

pytestmark = pytest.mark.django_db
COFFEE = jpeg(photograph("coffee"))
ADDRESS = re.compile(r'src="(/looks/[^"]+)"')


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The platform's evidence endpoint; answers the paths it was asked for."""
    asked: list[str] = []

    def get(url: str, **_: object) -> Answer:
        asked.append(urlsplit(url).path)
        return Answer(200, {}, COFFEE)

    monkeypatch.setattr("staydown.outside.http.get", get)
    return asked


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def hers(mina: Staff, settings: LazySettings) -> Client:
    return people.console(settings, mina)


def reported(harm: Harm = Harm.NCII, minor: Tri = Tri.NO) -> tuple[Item, Case]:
    item = people.posted(people.plaza(), "post-1", COFFEE)
    return item, people.reported(item, harm=harm, minor=minor).case


def step(client: Client, case: Case, item: Item, grade: str, reason: str = ""):
    return client.post(f"/cases/{case.pk}/media/item/{item.pk}", {"grade": grade, "reason": reason})


def picture(client: Client, answer) -> Image.Image:
    """What the address in an answer shows."""
    return Image.open(io.BytesIO(client.get(ADDRESS.findall(answer.content.decode())[0]).content))


def test_the_case_page_shows_no_pixel_and_fetches_none(hers: Client, endpoint: list[str]):
    _, case = reported()
    page = hers.get(f"/cases/{case.pk}").content.decode()
    assert "Not shown until you ask" in page
    assert "<img" not in page
    assert endpoint == []


def test_each_step_shows_more_and_is_in_the_journal_before_it_happens(hers: Client, mina: Staff, endpoint: list[str]):
    item, case = reported()
    grey = picture(hers, step(hers, case, item, "grey"))
    assert (max(grey.size), grey.mode) == (64, "L")
    blurred = picture(hers, step(hers, case, item, "blurred"))
    assert max(blurred.size) <= drawing.BLURRED
    red, _green, blue = blurred.split()
    assert max(abs(a - b) for a, b in zip(red.tobytes(), blue.tobytes(), strict=True)) < 12  # grey, but for JPEG
    peek, full = (picture(hers, step(hers, case, item, grade)) for grade in ("peek", "full"))
    assert full.size == peek.size
    assert max(full.size) > drawing.BLURRED
    acts = JournalEntry.objects.filter(about=f"platforms.item:{item.pk}", act__startswith="media.").order_by("index")
    assert [entry.act for entry in acts] == ["media.grey", "media.blurred", "media.peek", "media.full"]
    assert {entry.actor for entry in acts} == {mina.journal_name}


@pytest.fixture
def shot(settings: LazySettings) -> Evidence:
    """A screenshot that the reporter of an open case handed over."""
    settings.CUSTODIANS = four()[0]
    _, case = reported()
    return screenshots.keep(case.reports.get(), [jpeg(photograph("page"))], Told("image/jpeg"), people.NOW)


def test_a_reporters_screenshot_is_seen_like_a_post_from_a_copy_that_goes_with_the_decision(
    hers: Client, mina: Staff, shot: Evidence
):
    case = shot.case
    assert bytes(shot.review.picture_sealed).startswith(b"age-encryption.org")
    page = hers.get(f"/cases/{case.pk}").content.decode()
    assert f"/media/shot/{shot.pk}" in page
    assert "<img" not in page
    address = f"/cases/{case.pk}/media/shot/{shot.pk}"
    assert "step by step" in hers.post(address, {"grade": "full"}).content.decode()
    sizes = [max(picture(hers, hers.post(address, {"grade": grade})).size) for grade in ("grey", "blurred", "full")]
    assert sizes[0] == 64 < sizes[1] <= drawing.BLURRED < sizes[2] <= review.LONGER
    acts = JournalEntry.objects.filter(about=f"evidence.evidence:{shot.pk}", act__startswith="media.")
    assert [each.act for each in acts.order_by("index")] == ["media.grey", "media.blurred", "media.full"]
    assert Exposed.objects.filter(staff=mina).count() == 2
    post = people.posted(case.subjects.get().item.platform, "post-9", jpeg(photograph("rocket")), "bas")
    other = people.reported(post, seed="two", minor=Tri.NO).case
    assert hers.post(f"/cases/{other.pk}/media/shot/{shot.pk}", {"grade": "grey"}).status_code == 404
    deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert not ReviewCopy.objects.exists()
    assert "not shown again" in hers.post(address, {"grade": "grey"}).content.decode()


def test_where_a_child_may_be_concerned_no_screenshot_is_shown_and_no_copy_stays(hers: Client, shot: Evidence):
    address = f"/cases/{shot.case_id}/media/shot/{shot.pk}"
    Case.objects.update(minor=Tri.UNKNOWN)
    assert "A child may be concerned" in hers.post(address, {"grade": "grey"}).content.decode()
    assert not JournalEntry.objects.filter(act="media.grey").exists()
    Case.objects.update(minor=Tri.NO)
    people.reported(Item.objects.get(), seed="two", minor=Tri.YES)
    shot.case.refresh_from_db()
    assert shot.case.needs_clearance
    assert not ReviewCopy.objects.exists()


@pytest.mark.parametrize("grade", ["blurred", "peek", "full"])
def test_no_step_is_left_out(hers: Client, endpoint: list[str], grade: str):
    item, case = reported()
    answer = step(hers, case, item, grade)
    assert answer.status_code == 409
    assert "step by step" in answer.content.decode()
    assert not JournalEntry.objects.filter(act=f"media.{grade}").exists()


def test_all_of_what_is_gravest_takes_a_reason_which_is_in_the_journal(hers: Client, endpoint: list[str]):
    item, case = reported(Harm.CSAM, Tri.YES)
    for grade in ("grey", "blurred"):
        assert step(hers, case, item, grade).status_code == 200
    assert "Say why" in step(hers, case, item, "full").content.decode()
    assert step(hers, case, item, "full", "reported").status_code == 200
    assert JournalEntry.objects.get(act="media.full").facts["reason"] == "reported"


def test_an_address_of_a_picture_is_good_for_a_minute_and_for_her(
    hers: Client, endpoint: list[str], settings: LazySettings
):
    item, case = reported()
    with time_machine.travel(people.NOW, tick=False) as clock:
        (address,) = ADDRESS.findall(step(hers, case, item, "grey").content.decode())
        answer = hers.get(address)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        tomas = people.console(settings, people.staff("tomas", "lead"))
        assert tomas.get(address).status_code == 409
        assert Client().get(address).status_code == 302
        clock.shift(61)
        late = hers.get(address)
        assert late.status_code == 409
        assert "one minute" in late.content.decode()
        assert hers.get("/looks/nonsense").status_code == 409


def test_her_name_is_in_what_she_sees():
    plain, named = (drawing.drawn(COFFEE, Grade.FULL, name) for name in (" ", "mina 2026-11-21 12:00"))
    one, other = (Image.open(io.BytesIO(each)).convert("L").tobytes() for each in (plain, named))
    changed = sum(abs(a - b) > 10 for a, b in zip(one, other, strict=True))
    assert 0.001 < changed / len(one) < 0.1


def test_a_film_is_a_sheet_of_small_grey_frames_and_never_plays():
    whole = Image.open(io.BytesIO(drawing.drawn(film(scene("coffee", 3)), Grade.FULL, "mina")))
    assert whole.format == "JPEG"
    assert whole.width == 640
    assert max(max(pixel) - min(pixel) for pixel in whole.resize((32, 24)).convert("RGB").getdata()) < 12


def test_a_decided_picture_is_not_shown_again_but_to_who_answers_a_complaint(
    hers: Client, mina: Staff, endpoint: list[str], settings: LazySettings
):
    item, case = reported()
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    tomas = people.console(settings, people.staff("tomas", "lead"))
    assert {step(client, case, item, "grey").status_code for client in (hers, tomas)} == {409}
    later.contest(intake.find(people.receipt()), "it is mine", people.later(hours=1))
    assert step(tomas, case, item, "grey").status_code == 200
    assert step(hers, case, item, "grey").status_code == 409


def test_what_met_a_childs_entry_that_two_confirmed_is_never_shown(
    hers: Client, mina: Staff, endpoint: list[str], settings: LazySettings
):
    item, case = reported(Harm.CSAM, Tri.YES)
    copy = people.posted(item.platform, "post-2", jpeg(resized(photograph("coffee"))), "bob")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    from staydown.banks import tasks

    tasks.sweep(str(Entry.objects.get().pk))
    assert step(hers, case, copy, "grey").status_code == 200
    keeping.raise_to_block(Entry.objects.get(), people.staff("tomas", "lead"), people.NOW)
    answer = step(hers, case, copy, "grey")
    assert answer.status_code == 409
    assert "nobody looks again" in answer.content.decode()


def test_a_post_that_is_also_a_childs_is_not_shown_to_who_must_not_know(
    endpoint: list[str], settings: LazySettings, mina: Staff
):
    item, case = reported()
    copy = people.posted(item.platform, "post-2", jpeg(resized(photograph("coffee"))), "bob")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    from staydown.banks import tasks

    tasks.sweep(str(Entry.objects.get().pk))
    ola = people.console(settings, people.staff("ola", cleared=False))
    assert step(ola, case, copy, "grey").status_code == 200
    people.reported(copy, seed="two", harm=Harm.CSAM, minor=Tri.YES, shown=False)
    assert step(ola, case, copy, "grey").status_code == 409


def test_media_of_another_case_does_not_exist_in_ones_own(hers: Client, endpoint: list[str]):
    _, case = reported()
    stranger = people.posted(people.Platform.objects.get(), "post-2", jpeg(photograph("rocket")), account="eve")
    assert step(hers, case, stranger, "grey").status_code == 404
    assert endpoint == []
