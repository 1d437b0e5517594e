"""What a platform's own policy makes of a signal at an upload: labelled, held for a person, or let pass; never blocked."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from staydown.banks import recognising, rules
from staydown.cases.actions import answering, deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.commands.recognition import lines
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import CheckState
from staydown.recognition import errors, looking
from staydown.recognition.media import PICTURE_LIMITS, summed
from staydown.recognition.policy import read
from staydown.regimes.harms import Tri
from tests import people
from tests.pictures import photograph, png
from tests.recognition.samples import canary

pytestmark = pytest.mark.django_db

POLICY = """
- platform: adults-only
  steps: []
- surface: chat
  audience: minors
  steps: [{from: 0.2, act: hold}]
- surface: chat
  steps: [{from: 0.2, act: sensitive}, {from: 0.5, act: blur}]
- surface: post
  steps: [{from: 0.5, act: blur}, {from: 0.8, act: hold}]
"""


class Service:
    """A platform's upload door."""

    def __init__(self, slug: str = "plaza") -> None:
        self.platform = people.plaza()
        self.platform.slug = slug
        self.platform.save()
        self.client = Client(headers={"Authorization": f"Bearer {people.key_of(self.platform)}"})

    def ask(self, media: bytes, **said: str):
        return self.client.post(
            "/api/v1/uploads/check", {"media": SimpleUploadedFile("a", media), "account_id": "ana", **said}
        )

    def check(self, media: bytes, **said: str) -> Check:
        answer = self.ask(media, **said)
        assert answer.status_code == 200, answer.content
        return Check.objects.get(pk=answer.json()["check_id"])


@pytest.fixture(autouse=True)
def asked_for(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real network, without the sandbox, which has tests of its own (tests/recognition)."""
    settings.RECOGNITION = read(POLICY)
    monkeypatch.setattr(recognising.recognition, "of_media", lambda data: summed(looking.picture(data, PICTURE_LIMITS)))


SLEEVE = png(canary())  # benign, and over every threshold


def test_without_a_policy_nobody_looks(settings) -> None:
    settings.RECOGNITION = ()

    check = Service().check(SLEEVE, surface="post")

    assert (check.verdict, check.labels, check.signals) == ("allow", [], {})


def test_a_risky_upload_is_held_for_a_person_and_the_numbers_are_kept_for_her() -> None:
    check = Service().check(SLEEVE, surface="post")

    assert (check.verdict, check.reasons, check.labels) == ("hold", ["recognised"], ["blur"])
    assert check.state == CheckState.PENDING and check.due_at and check.case
    assert check.signals["nudity"] > 0.8 and check.signals["model"] == "open_nsfw@864bb37b"
    assert check.signals["steps"] == [[0.5, "blur"], [0.8, "hold"]]
    assert JournalEntry.objects.filter(act="upload.hold", about=f"platforms.check:{check.pk}").exists()


def test_elsewhere_the_same_upload_is_only_blurred_and_stays_so_as_an_item() -> None:
    service = Service()
    check = service.check(SLEEVE, surface="chat")

    assert (check.verdict, check.reasons, check.labels) == ("label", ["recognised"], ["sensitive", "blur"])
    said = {"url": "https://plaza.example/p/1", "posted_at": timezone.now().isoformat(), "check_id": str(check.pk)}
    assert service.client.put("/api/v1/items/1", said, content_type="application/json").status_code == 201
    assert Item.objects.get().labels == ["blur", "sensitive"]


def test_where_minors_are_it_waits_for_a_person() -> None:
    assert Service().check(SLEEVE, surface="chat", audience="minors").verdict == "hold"


def test_an_adult_platform_lets_it_pass() -> None:
    check = Service("adults-only").check(SLEEVE, surface="post")

    assert (check.verdict, check.labels, check.signals) == ("allow", [], {})


def test_the_banks_word_comes_first_and_no_policy_softens_it(settings) -> None:
    service = Service()
    case = people.reported(people.posted(service.platform, "1", SLEEVE), minor=Tri.NO).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mona"), people.NOW)

    for policy in (POLICY, "[{steps: [{from: 0.0, act: sensitive}], unseen: allow}]", ""):
        settings.RECOGNITION = read(policy)
        check = service.check(SLEEVE, surface="post")
        assert check.verdict == "block" and rules.KNOWN in check.reasons, policy


def test_of_what_passes_no_number_is_kept() -> None:
    check = Service().check(png(photograph("coffee")), surface="post")

    assert (check.verdict, check.signals) == ("allow", {})


def test_a_persons_word_on_the_very_same_file_stands() -> None:
    service, moderator = Service(), people.staff("mona")
    first = service.check(SLEEVE, surface="post")

    again = service.check(SLEEVE, surface="post")
    answering.answer_upload(first, "allow", moderator, timezone.now())
    later = service.check(SLEEVE, surface="post")

    assert again.pk == first.pk  # one line of the queue, however often it comes
    assert (later.verdict, later.labels, later.case) == ("label", ["blur"], None)
    assert Case.objects.count() == 1


def test_what_could_not_be_looked_at_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: bytes) -> None:
        raise recognising.decoding.TookTooLong

    monkeypatch.setattr(recognising.recognition, "of_media", refuse)

    check = Service().check(SLEEVE, surface="post")

    assert (check.verdict, check.reasons) == ("hold", ["recognised"]) and check.signals["unseen"]


def test_where_the_network_is_not_there_nothing_is_published_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(data: bytes) -> None:
        raise errors.NoModel

    monkeypatch.setattr(recognising.recognition, "of_media", refuse)

    answer = Service().ask(SLEEVE, surface="post")

    assert answer.status_code == 503 and "extra `nudity`" in answer.json()["detail"]


def test_what_people_decided_is_there_to_calibrate_by() -> None:
    service, moderator = Service(), people.staff("mona")
    check = service.check(SLEEVE, surface="post")
    assert recognising.decided() == []

    answering.answer_upload(check, "block", moderator, timezone.now())

    [decided] = recognising.decided()
    assert decided.blocked and decided.score > 0.8
    said = "\n".join(lines(recognising.decided(), 0.5))
    assert "1 uploads were decided on: 1 not to be published" in said and "No threshold is surely right" in said
