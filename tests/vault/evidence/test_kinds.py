"""Not only the originals of posts: uploads that were stopped, pages, and what reporters wrote."""

import hashlib
import json

import pyrage
import pytest
from django.conf import LazySettings

from staydown.banks.actions.asking import Asked
from staydown.banks.actions.checking import answer_check
from staydown.banks.digests import OtherDigests
from staydown.banks.kept import Kept
from staydown.cases.actions import answering, deciding, intake, later
from staydown.cases.details import Detail
from staydown.cases.models import Report
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Check, Order, Platform
from staydown.platforms.rules import Action
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import actions, checking, records, rules, tasks
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState, Kind, Reason
from staydown.vault.evidence.store import store
from tests import people
from tests.pictures import jpeg, photograph, resized

from .conftest import Originals, Vault
from .light import posted

pytestmark = pytest.mark.django_db
WORDS = "He said he would send it to my class."
RUBBISH = b"\x89PNG\r\n\x1a\n and then nothing that follows"
PAGE = b"<p>look at her</p>"


def taken(row: Evidence) -> Evidence:
    tasks.seal(str(row.pk))
    row.refresh_from_db()
    return row


def read(vault: Vault, row: Evidence) -> tuple[bytes, records.Record]:
    """What was sealed, and its record, as two custodians together read them."""
    clear = bytes(CaseKey.objects.get(case=row.case).private_half)
    for name in ("bea", "cyd"):
        clear = pyrage.decrypt(clear, [pyrage.x25519.Identity.from_str(vault.private[name])])
    identity = pyrage.x25519.Identity.from_str(clear.decode())
    parts = (vault.folder / row.folder / f"{number:06}" for number in range(row.parts))
    record = pyrage.decrypt((vault.folder / row.folder / "record").read_bytes(), [identity])
    return pyrage.decrypt(b"".join(part.read_bytes() for part in parts), [identity]), records.read(record)


def told(**also: object) -> Report:
    details = {Detail.POLICE: "PV 17/2026", Detail.CONTACT: "her@example.org", Detail.SIGNATURE: "Her Name"}
    said = {"harm": Harm.NCII, "minor": Tri.NO, "words": WORDS, "links": ("https://elsewhere.example/1",), **also}
    return intake.receive(intake.Notice(details=details, **said), people.receipt(), people.NOW)


def unreadable(platform: Platform, account: str, data: bytes = RUBBISH) -> Check:
    digest = hashlib.sha256(data).digest()
    asked = Asked(Kept(()), 0, digest, account, "post", others=OtherDigests.of(data))
    return answer_check(platform, asked, people.NOW)


def test_what_a_reporter_wrote_is_sealed_without_what_tells_who_she_is(vault: Vault):
    row = taken(Evidence.objects.get(report=told()))
    said, record = read(vault, row)
    assert json.loads(said)["words"] == WORDS
    assert json.loads(said)["links"] == ["https://elsewhere.example/1"]
    assert json.loads(said)["details"] == {"police": "PV 17/2026"}
    assert b"her@example.org" not in said
    assert b"Her Name" not in said
    assert (record.kind, record.sha256) == ("report", hashlib.sha256(said).hexdigest())
    assert WORDS.encode() not in vault.stored()


def test_what_she_adds_later_is_sealed_too(vault: Vault):
    report = told()
    intake.add_words(report, "He wrote again.", people.NOW)
    said, record = read(vault, taken(Evidence.objects.get(kind=Kind.ADDITION)))
    assert (json.loads(said)["words"], record.kind) == ("He wrote again.", "addition")


def test_what_she_takes_back_is_gone_from_the_store_too(vault: Vault):
    report = told()
    intake.add_words(report, "He wrote again.", people.NOW)
    row = taken(Evidence.objects.get(report=report))
    assert later.withdraw(report, people.NOW)
    assert not Evidence.objects.exists()
    assert JournalEntry.objects.filter(act="evidence.taken_back").count() == 2
    owed = Promise.objects.owed().get(key=f"erase:{row.pk}")
    tasks.erase(*owed.args)
    assert store().names() == []
    tasks.erase(*owed.args)  # again, after a kill


def test_words_taken_back_while_they_are_sealed_leave_nothing(vault: Vault, monkeypatch: pytest.MonkeyPatch):
    report, sealed = told(), actions.sealed

    def withdrawn_meanwhile(*args: object) -> bool:
        later.withdraw(report, people.NOW)
        return sealed(*args)

    monkeypatch.setattr(actions, "sealed", withdrawn_meanwhile)
    row = Evidence.objects.get(report=report)
    tasks.seal(str(row.pk))
    assert store().names() == []
    tasks.seal(str(row.pk))  # owed still, and nothing to do


def test_what_a_child_reported_stays_evidence(vault: Vault):
    report = told(minor=Tri.YES)
    assert not later.withdraw(report, people.NOW)
    assert Evidence.objects.filter(report=report).exists()


def test_a_page_is_sealed_as_text_in_a_warc_file(vault: Vault, originals: Originals, monkeypatch: pytest.MonkeyPatch):
    platform = originals.platform()
    originals.media["post-1"], originals.media_type = PAGE, "text/html"
    people.reported(posted(platform, "post-1"))
    row = taken(Evidence.objects.get(kind=Kind.PAGE))
    said, record = read(vault, row)
    assert originals.asked == ["/evidence/page/post-1"]
    assert said.startswith(b"WARC/1.1\r\n")
    assert said.endswith(b"look at her\r\n\r\n")
    assert (record.kind, record.name, record.media_type) == ("page", "post-1", "application/warc")


@pytest.mark.parametrize(
    ("status", "media_type", "reason"), [(404, "text/html", Reason.NOT_OFFERED), (200, "image/jpeg", Reason.NO_TEXT)]
)
def test_a_platform_that_hands_over_no_page_is_asked_once(
    vault: Vault, originals: Originals, status: int, media_type: str, reason: Reason
):
    originals.status, originals.media_type = status, media_type
    people.reported(posted(originals.platform(), "post-1"))
    row = taken(Evidence.objects.get(kind=Kind.PAGE))
    assert (row.state, row.reason) == (EvidenceState.UNOBTAINABLE, reason)


def test_an_upload_that_resembles_what_was_removed_is_sealed_while_it_waits(vault: Vault, originals: Originals):
    platform = originals.platform()
    item = people.posted(platform, "one")
    people.reported(item)
    case = item.subjects.get().case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    alike = jpeg(resized(photograph("coffee"), 0.8), 60)
    check = people.checked(platform, alike, "bob")
    originals.media[str(check.pk)] = alike
    row = taken(Evidence.objects.get(check_row=check))
    assert row.case == case
    said, record = read(vault, row)
    assert (said, record.kind, record.name) == (alike, "check", str(check.pk))
    assert originals.asked == [f"/evidence/check/{check.pk}"]


def test_an_upload_that_nobody_can_open_is_sealed_too_and_its_refusal_waits_for_that(
    vault: Vault, originals: Originals
):
    check = unreadable(originals.platform("http://127.0.0.1:9/hooks"), "ana")
    row = Evidence.objects.get(check_row=check)
    answering.answer_upload(check, "block", people.staff("mina"), people.NOW)
    order = Order.objects.get(action=Action.CHECK_RESOLVED)
    assert not Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()
    originals.media[str(check.pk)] = RUBBISH
    assert read(vault, taken(row))[0] == RUBBISH
    assert Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()


def test_what_a_person_lets_pass_is_not_taken_any_more(vault: Vault, originals: Originals):
    check = unreadable(originals.platform("http://127.0.0.1:9/hooks"), "ana")
    answering.answer_upload(check, "allow", people.staff("mina"), people.NOW)
    order = Order.objects.get(action=Action.CHECK_RESOLVED)
    assert Promise.objects.owed().filter(key=f"deliver:{order.pk}").exists()
    row = taken(Evidence.objects.get(check_row=check))
    assert (row.state, row.reason, originals.asked) == (EvidenceState.UNOBTAINABLE, Reason.ALLOWED, [])


def test_a_flood_of_what_nobody_can_open_does_not_fill_the_disk(
    vault: Vault, originals: Originals, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(actions, "MOST_UNREADABLE", 2)
    platform = originals.platform()
    for number in range(4):
        unreadable(platform, "ana", RUBBISH + bytes([number]))
    states = list(Evidence.objects.order_by("wanted_at", "pk").values_list("state", "reason"))
    assert states.count(("unobtainable", "too-many")) == 2
    assert states.count(("wanted", "")) == 2
    assert rules.MOST_UNREADABLE == 50


def test_words_need_no_right_to_receive_media(vault: Vault, settings: LazySettings):
    settings.ROLE = "support_ngo"
    assert taken(Evidence.objects.get(report=told())).state == EvidenceState.SEALED


def test_everything_that_is_sealed_is_checked(vault: Vault, originals: Originals):
    originals.media["post-1"], originals.media_type = PAGE, "text/html"
    people.reported(posted(originals.platform(), "post-1"), words=WORDS)
    for row in Evidence.objects.all():
        taken(row)
    checked = checking.check(store())
    assert (checked.sealed, checked.wrong, checked.orphans) == (3, [], 0)
