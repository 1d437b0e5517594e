"""An upload that cannot be opened is lost to nobody: its bytes are compared, and a person answers it."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from staydown import decoding
from staydown.banks import tasks as bank_tasks
from staydown.banks.kept import Kept
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState
from staydown.cases.actions import answering, deciding, refusals, unreadable
from staydown.cases.models import Case
from staydown.cases.rules import CaseState, Ruling
from staydown.cases.tasks import watch_deadlines
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms import uploads
from staydown.platforms.models import Check, Item, Order
from staydown.platforms.rules import Action, CheckState
from staydown.platforms.tasks import forget_unused_checks
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db

RUBBISH = b"\x89PNG\r\n\x1a\n and then nothing that follows"


class Plaza:
    """Plaza's upload door."""

    def __init__(self) -> None:
        self.platform = people.plaza()
        self.client = Client(headers={"Authorization": f"Bearer {people.key_of(self.platform)}"})

    def ask(self, media: bytes, account: str | None = "ana"):
        said = {"account_id": account} if account else {}
        return self.client.post("/api/v1/uploads/check", {"media": SimpleUploadedFile("a.jpg", media), **said})

    def check(self, media: bytes, account: str | None = "ana") -> Check:
        answer = self.ask(media, account)
        assert answer.status_code == 200, answer.content
        return Check.objects.get(pk=answer.json()["check_id"])


@pytest.fixture
def plaza() -> Plaza:
    return Plaza()


def too_many_pixels() -> bytes:
    made = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(made, "PNG")
    return made.getvalue()


@pytest.mark.parametrize(
    "media",
    [RUBBISH, b"hello", b"GIF89a", b"%PDF-1.7 a document", b"\0\0\0\x18ftypisom a film", too_many_pixels()],
    ids=["damaged", "words", "cut short", "a document", "a film", "too many pixels"],
)
def test_what_cannot_be_opened_is_held_for_a_person_and_the_platform_is_told_why(plaza: Plaza, media: bytes):
    answer = plaza.ask(media)
    assert answer.status_code == 200
    assert answer.json() | {"check_id": ""} == {
        "check_id": "", "verdict": "hold", "reasons": ["unreadable"], "labels": []
    }  # fmt: skip
    check = Check.objects.get()
    assert check.state == CheckState.PENDING
    assert check.due_at
    assert check.case
    assert check.case.state == CaseState.OPEN
    assert JournalEntry.objects.filter(act="upload.hold", about=f"platforms.check:{check.pk}").exists()


def test_what_takes_too_long_is_held_as_well(plaza: Plaza, monkeypatch: pytest.MonkeyPatch):
    def never(*_: object) -> None:
        raise decoding.TookTooLong

    monkeypatch.setattr(decoding, "decode", never)
    assert plaza.check(jpeg(photograph("cat"))).verdict == "hold"


def test_where_nothing_can_be_opened_at_all_the_platform_asks_again_later(
    plaza: Plaza, monkeypatch: pytest.MonkeyPatch
):
    def nobody(*_: object) -> None:
        raise decoding.Unavailable

    monkeypatch.setattr(decoding, "decode", nobody)
    assert plaza.ask(jpeg(photograph("cat"))).status_code == 503
    assert not Check.objects.exists()


def test_too_many_bytes_and_none_are_refused(plaza: Plaza, monkeypatch: pytest.MonkeyPatch):
    assert plaza.ask(b"").status_code == 422
    monkeypatch.setattr(uploads, "LARGEST", 100)
    assert plaza.ask(bytes(101)).status_code == 413
    assert not Check.objects.exists()


def test_it_has_no_form_and_resembles_nothing(plaza: Plaza):
    check, other = plaza.check(RUBBISH), plaza.check(RUBBISH + b"!", "ben")
    assert check.fingerprint.kept() == Kept(())
    assert check.fingerprint.quality == 0
    assert not other.matches.exists()


def test_what_was_read_before_is_told_by_one_question_however_often_it_came(plaza: Plaza, django_assert_num_queries):
    media = jpeg(photograph("cat"))
    exact = plaza.check(media).fingerprint.exact
    assert plaza.check(media).fingerprint.exact == exact
    with django_assert_num_queries(1):
        assert not unreadable.is_known(plaza.platform, exact)
    unread = plaza.check(RUBBISH).fingerprint.exact
    assert unreadable.is_known(plaza.platform, unread)


def answered(plaza: Plaza, media: bytes, word: str) -> Check:
    check = plaza.check(media)
    answering.answer_upload(check, word, people.staff("mina"), timezone.now())
    check.refresh_from_db()
    return check


def test_a_persons_answer_reaches_the_platform_and_ends_the_case(plaza: Plaza):
    check = answered(plaza, RUBBISH, "block")
    order = Order.objects.get()
    assert (order.action, order.check_row, order.resolution) == (Action.CHECK_RESOLVED, check, "block")
    assert order.policy == "unreadable"
    assert check.case
    assert check.case.state == CaseState.DECIDED


@pytest.mark.parametrize("word", ["allow", "block"])
def test_a_persons_word_on_the_same_bytes_stands(plaza: Plaza, word: str):
    answered(plaza, RUBBISH, word)
    again = plaza.check(RUBBISH, "ben")
    assert (again.verdict, again.state, again.reasons) == (word, CheckState.ANSWERED, ["unreadable"])
    assert Case.objects.filter(state=CaseState.OPEN).count() == 0


def banked(plaza: Plaza, item_id: str = "p1") -> Entry:
    """What a person let through unread, and then removed on a report."""
    check = answered(plaza, RUBBISH, "allow")
    item = published(plaza, item_id, check)
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("otto"), timezone.now())
    return Entry.objects.get()


def published(plaza: Plaza, item_id: str, check: Check) -> Item:
    body = {"url": f"http://plaza.example/{item_id}", "posted_at": "2026-11-21T12:00:00Z", "check_id": str(check.pk)}
    answer = plaza.client.put(f"/api/v1/items/{item_id}", body, content_type="application/json")
    assert answer.status_code in (200, 201)
    return Item.objects.get(external_id=item_id)


def test_banked_bytes_are_blocked_although_nobody_can_open_them(plaza: Plaza):
    entry = banked(plaza)
    assert entry.state == EntryState.HOLDING
    check = plaza.check(RUBBISH, "ben")
    assert (check.verdict, check.reasons) == ("block", ["known_material", "unreadable"])
    assert check.matches.get().exact


def test_banked_bytes_without_a_form_resemble_no_picture(plaza: Plaza):
    first = plaza.check(jpeg(photograph("coffee")))
    published(plaza, "coffee", first)
    entry = banked(plaza)
    bank_tasks.sweep(str(entry.pk))
    assert Item.objects.get(external_id="coffee").state == "up"
    for name in ("coffee", "cat"):
        assert plaza.check(jpeg(photograph(name)), "ben").verdict == "allow"


def test_the_same_bytes_again_are_the_same_check(plaza: Plaza, monkeypatch: pytest.MonkeyPatch):
    """A platform that lost the answer, or whose own patience is shorter than ours, asks again and again."""
    first = plaza.check(RUBBISH)
    monkeypatch.setattr(decoding, "decode", None)  # and nobody tries to open them a second time
    assert {plaza.check(RUBBISH).pk for _ in range(5)} == {first.pk}
    assert plaza.check(RUBBISH, "ben").pk != first.pk
    assert Fingerprint.objects.count() == 2


def test_an_account_is_one_line_of_the_queue_whatever_it_sends(plaza: Plaza):
    checks = [plaza.check(RUBBISH + bytes([number])) for number in range(7)]
    assert len({check.case_id for check in checks}) == 1
    assert plaza.check(RUBBISH, "ben").case_id != checks[0].case_id
    assert plaza.check(RUBBISH, None).case_id not in (None, checks[0].case_id)


def test_many_accounts_are_a_bounded_number_of_lines(plaza: Plaza, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(unreadable, "MOST_CASES", 3)
    for number in range(8):
        assert plaza.check(RUBBISH, f"sock-{number}").state == CheckState.PENDING
    assert Case.objects.count() == 3
    oldest = Case.objects.earliest("opened_at")
    assert oldest.checks.count() == 6


def test_one_click_answers_them_all(plaza: Plaza, settings):
    settings.DEMO = True
    checks = [plaza.check(RUBBISH + bytes([number])) for number in range(5)]
    case = checks[0].case
    assert case
    mina = Client()
    mina.force_login(people.staff("mina"))
    page = mina.get(f"/cases/{case.pk}").content.decode()
    assert "5 uploads could not be opened" in page
    assert "could not be opened, and its bytes are not known" in page
    assert 'name="provision"' not in page, "there is no report to decide on"
    assert mina.post(f"/cases/{case.pk}/uploads").status_code == 302
    assert set(Check.objects.values_list("state", "resolution")) == {(CheckState.RESOLVED, "block")}
    assert Order.objects.filter(action=Action.CHECK_RESOLVED).count() == 5
    assert f"/cases/{case.pk}" not in mina.get("/").content.decode()


def test_who_may_not_decide_on_the_unknown_may_not_answer_either(plaza: Plaza):
    check = plaza.check(RUBBISH)
    ola = people.staff("ola", cleared=False)
    with pytest.raises(refusals.NotCleared):
        answering.answer_upload(check, "allow", ola, timezone.now())
    assert check.case
    with pytest.raises(refusals.NotCleared):
        answering.publish_none(check.case, ola, timezone.now())


def test_an_unanswered_one_escalates_and_is_never_forgotten(plaza: Plaza):
    check = plaza.check(RUBBISH)
    past = timezone.now() - timedelta(days=3)
    Check.objects.update(asked_at=past)
    Case.objects.update(due_at=past)
    watch_deadlines()
    forget_unused_checks()
    assert Case.objects.get(pk=check.case_id).escalated_at
    assert Check.objects.get().state == CheckState.PENDING
