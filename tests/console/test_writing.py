"""Answers that a person writes: templates to be edited, and messages with each reporter, both ways."""

import re

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from staydown.cases import templates
from staydown.cases.actions import deciding, intake, later, writing
from staydown.cases.models import Case, Decision, Message, Report
from staydown.cases.rules import Ruling
from staydown.cases.templates import Unedited
from staydown.people.models import Staff
from staydown.platforms.models import Item
from staydown.regimes.harms import Harm
from staydown.vault import opening
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def desk(settings: LazySettings, mina: Staff) -> Client:
    return people.console(settings, mina)


@pytest.fixture
def case() -> Case:
    return people.reported(people.posted(people.plaza(), "post-1"), words="help").case


def ruling(case: Case, answer: str) -> dict[str, str]:
    said = {
        "ground": "law",
        "provision": "art. 226-2-1",
        "reasons": "r",
        "answer": answer,
        "statement": "It is not allowed.",
    }
    return said | {f"item-{item.pk}": "remove" for item in Item.objects.filter(subjects__case=case)}


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("harm", [Harm.CSAM, Harm.NCII, Harm.UNSPECIFIED])
def test_every_template_is_refused_as_it_is_and_sent_once_edited(harm: Harm, language: str) -> None:
    for outcome in templates.OUTCOMES:
        text = templates.beginning(harm, outcome, language)
        gap = templates.GAP.search(text)
        assert gap
        for unedited in (text, text.replace(gap[0], ""), text.upper().replace(gap[0].upper(), "") + " !"):
            with pytest.raises(Unedited):
                templates.check(unedited)
        templates.check(text.replace(gap[0], "On the picture one sees you, and you did not agree."))


def test_a_template_is_in_the_readers_language_whatever_the_staffs_is() -> None:
    with translation.override("de"):
        french = templates.beginning(Harm.NCII, Ruling.REMOVE, "fr")
        assert french.startswith("Merci")
        assert templates.beginning(Harm.NCII, Ruling.REMOVE, "xx").startswith("Thank you")


def test_an_unedited_answer_is_refused_and_nothing_that_was_typed_is_lost(
    case: Case, desk: Client, mina: Staff
) -> None:
    text = templates.beginning(Harm(case.harm), Ruling.REMOVE, "en")
    answer = desk.post(f"/cases/{case.pk}/decide", ruling(case, text))
    assert answer.status_code == 422
    assert "This is a template as it was." in answer.content.decode() and "art. 226-2-1" in answer.content.decode()
    said = people.proposal(case, Ruling.REMOVE)
    with pytest.raises(Unedited):
        deciding.decide(case, type(said)(said.rulings, said.ground, "p", "r", text), mina, people.NOW)
    assert not Decision.objects.exists()
    edited = text.replace(templates.GAP.search(text)[0], "It shows you.")
    follows = desk.post(f"/cases/{case.pk}/decide", ruling(case, edited)).content.decode()
    seen = dict(re.findall(r'name="(seen)" value="([0-9a-f]+)"', follows))
    assert desk.post(f"/cases/{case.pk}/decide", ruling(case, edited) | seen).status_code == 302
    assert Decision.objects.count() == 1


def test_the_beginning_of_an_answer_fills_the_field(case: Case, desk: Client) -> None:
    page = desk.get(f"/cases/{case.pk}/template", {"ruling": "remove", "language": "fr"}).content.decode()
    assert page.startswith("<textarea") and 'id="id_answer"' in page and "Merci" in page
    assert desk.get(f"/cases/{case.pk}/template", {"ruling": "x"}).status_code == 404


def test_staff_and_reporter_write_to_each_other_and_who_waits_comes_first(
    case: Case, desk: Client, mina: Staff
) -> None:
    first = case.reports.get()
    second = people.reported(Item.objects.get(), seed="two", words="me too", now=people.later(minutes=1))
    page = desk.get(f"/cases/{case.pk}").content.decode()
    assert page.index("help") < page.index("me too") and "waits for an answer" not in page
    intake.add_words(second, "where are you", people.later(minutes=2))
    page = desk.get(f"/cases/{case.pk}").content.decode()
    assert page.index("me too") < page.index(">help<") and page.count("waits for an answer") == 1
    answer = desk.post(f"/cases/{case.pk}/reports/{second.pk}", {"words": "We are looking."}, follow=True)
    assert "waits for an answer" not in answer.content.decode()
    row = Message.objects.get()
    assert people.receipt("two").read(row.words_sealed) == opening.read(row.words_sealed) == "We are looking."
    assert not first.messages.exists()
    intake.add_words(Report.objects.get(pk=second.pk), "thank you", people.later(days=9000))
    assert "waits for an answer" in desk.get(f"/cases/{case.pk}").content.decode()


def test_nobody_writes_nothing_nor_to_who_took_back_nor_to_what_is_not_hers_to_know(
    settings: LazySettings, case: Case, desk: Client, mina: Staff
) -> None:
    report = case.reports.get()
    page = desk.post(f"/cases/{case.pk}/reports/{report.pk}", {"words": " "}, follow=True).content.decode()
    assert "Write something" in page
    nina = people.console(settings, people.staff("nina", cleared=False))
    assert nina.post(f"/cases/{case.pk}/reports/{report.pk}", {"words": "hello"}).status_code == 404
    writing.write(report, "A question.", mina, people.NOW)
    later.withdraw(report, people.NOW)
    report.refresh_from_db()
    with pytest.raises(writing.NotWritten):
        writing.write(report, "hello", mina, people.NOW)
    assert not Message.objects.exists(), "she took it back: what was written to her is gone, too"


def test_a_case_page_takes_as_many_queries_for_one_report_as_for_eight(case: Case, desk: Client, mina: Staff) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert desk.get(f"/cases/{case.pk}").status_code == 200
        return len(taken)

    writing.write(case.reports.get(), "first", mina, people.NOW)
    queries()
    one = queries()
    for number in range(7):
        report = people.reported(Item.objects.get(), seed=f"more-{number}", words="w", now=people.later(minutes=number))
        intake.add_words(report, "more words", people.later(minutes=10))
        writing.write(report, "hello", mina, people.later(minutes=11))
    assert queries() <= one
