"""Hundreds report the same picture: one case, a bounded effort for each report, one edited answer, and each reads hers (F15)."""

import hashlib
import json

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from staydown import fingerprints
from staydown.banks import tasks as banks
from staydown.cases import tasks
from staydown.cases.actions import deciding, intake
from staydown.cases.models import Answer, Case, Report
from staydown.cases.rules import CaseState, Ruling
from staydown.platforms.models import Item
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.vault import opening
from tests import people
from tests.pictures import jpeg, photograph, resized
from tests.portal.conftest import portal

pytestmark = pytest.mark.django_db
MANY = 200


@pytest.fixture(autouse=True)
def receipts_are_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred codes are stretched: how slowly, `tests/vault` looks at."""

    def hash_secret_raw(secret: bytes, salt: bytes, **_: object) -> bytes:
        return hashlib.sha256(secret + salt).digest()

    monkeypatch.setattr("argon2.low_level.hash_secret_raw", hash_secret_raw)


def device_print(picture: bytes) -> str:
    """What a reporter's own device makes of a picture."""
    made = fingerprints.of_image(picture)
    return json.dumps(
        {"pdq": [form.hex() for form in made.turned], "quality": made.quality, "sha256": "", "windows": ""}
    )


def notices() -> list[intake.Notice]:
    """200 people: most name the post, some one of three copies of other accounts, some have the picture only."""
    platform, original = people.plaza(), photograph("coffee")
    posts = [people.posted(platform, "post-0", jpeg(original), "account-0")]
    for number, share in enumerate((70, 55, 85), 1):
        posts.append(people.posted(platform, f"post-{number}", jpeg(resized(original), share), f"account-{number}"))
    said = []
    for number in range(MANY):
        about: dict[str, object] = {"items": (posts[number % 4 if number % 3 == 0 else 0],)}
        if number % 10 == 9:
            about = {"prints": (device_print(jpeg(original, 60)),)}
        told = Harm.NCII if number % 2 else Harm.UNSPECIFIED
        said.append(
            intake.Notice(
                told, Tri.NO, frozenset({Flag.PERSON_SHOWN}), f"words of {number}", ("fr", "en")[number % 2], **about
            )  # type: ignore[arg-type]
        )
    return said


def received(notice: intake.Notice, number: int) -> int:
    """Receive one report, and keep what is promised by it; how many queries that took."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = intake.receive(notice, people.receipt(f"person {number}"), people.later(seconds=number))
        tasks.join_by_media(str(report.pk))
    if notice.prints:
        banks.watch_for_prints(str(report.pk))
    return len(queries)


def test_200_reports_about_one_picture_make_one_case_and_200_answers(settings: LazySettings) -> None:
    mina = people.staff("mina")
    took = [received(notice, number) for number, notice in enumerate(notices())]
    case = Case.objects.get(state=CaseState.OPEN)
    assert case.reports.count() == Report.objects.count() == MANY
    assert set(Item.objects.filter(subjects__case=case).values_list("external_id", flat=True)) == {
        f"post-{number}" for number in range(4)
    }
    for place in (1, 9):  # by link, and by what a device sent: what the 190th costs is what the 40th did
        assert took[180 + place] <= took[30 + place], took
    page = _queries(people.console(settings, mina), case)
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.later(hours=1))
    assert Answer.objects.count() == MANY
    assert set(Answer.objects.values_list("report", flat=True)) == set(Report.objects.values_list("pk", flat=True))
    settings.ROOT_URLCONF, settings.RECEIPT_SALT = "staydown.portal.urls", b"t" * 32
    her = portal(settings)
    for number in (0, 9, MANY - 1):
        receipt = people.receipt(f"person {number}")
        report = Report.objects.get(lookup=receipt.lookup)
        assert receipt.read(report.answers.get().words_sealed) == "We removed it. You did the right thing."
        assert receipt.read(report.words_sealed) == f"words of {number}"
        assert opening.read(report.answers.get().words_sealed) == "We removed it. You did the right thing."
        her_page = her.post("/en/follow", {"receipt": receipt.code}).content.decode()
        assert "We removed it. You did the right thing." in her_page
        assert f"words of {number}" in her_page and "words of 7" not in her_page
    assert page < 120


def _queries(desk: Client, case: Case) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = desk.get(f"/cases/{case.pk}")
    assert answer.status_code == 200
    return len(queries)


def test_a_picture_that_only_a_device_has_seen_joins_what_others_reported_of_it_in_either_order() -> None:
    picture = jpeg(photograph("rocket"))
    post = people.posted(people.plaza(), "post-1", picture)
    told = {"harm": Harm.NCII, "flags": frozenset({Flag.PERSON_SHOWN})}
    by_device = intake.Notice(**told, prints=(device_print(jpeg(photograph("rocket"), 60)),))  # type: ignore[arg-type]
    received(by_device, 1)
    received(intake.Notice(**told, items=(post,)), 2)  # type: ignore[arg-type]
    received(by_device, 3)
    received(intake.Notice(**told, prints=(device_print(jpeg(photograph("coffee"))),)), 4)  # type: ignore[arg-type]
    assert sorted(case.reports.count() for case in Case.objects.filter(state=CaseState.OPEN)) == [1, 3]
