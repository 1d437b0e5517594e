"""The report that bends to the person: few questions, none of them owed, kept sealed, changed whenever she wants."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staydown.cases import details
from staydown.cases.details import Detail
from staydown.cases.models import Case, Report, Subject
from staydown.platforms.models import Account, Item, Platform
from staydown.platforms.rules import Action
from staydown.regimes.harms import Flag, Harm, Tri
from staydown.vault import opening
from tests import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
ONCE = "a" * 32


def post_of(platform: Platform, number: str, name: str = "ana") -> Item:
    """A post without media: nothing has to be fingerprinted."""
    account, _ = Account.objects.get_or_create(platform=platform, external_id=name, defaults={"seen_at": people.NOW})
    url = f"https://plaza.example/posts/{number}"
    when = {"posted_at": people.NOW, "registered_at": people.NOW}
    return Item.objects.create(platform=platform, external_id=number, url=url, account=account, **when)


def sent(her: Client, door: str, **said: object) -> str:
    """Send a report; answers the code."""
    answer = her.post(f"/en/form/{door}", {"door": door, "once": ONCE, **said})
    assert answer.status_code == 200, answer.content.decode()
    return re.search(r'name="receipt" value="([^"]+)"', answer.content.decode())[1]


def told(report: Report) -> dict[Detail, str]:
    return details.unpack(opening.read(report.details_sealed))


def test_nothing_but_a_link_is_needed_and_every_question_says_why_it_is_asked(her: Client):
    page = her.get("/en/form/me").content.decode()
    assert page.count("We ask because") + page.count("We ask so that") >= 6
    assert " required" not in re.sub(r"[.>][^<]*<", "", page)
    sent(her, "me", links="https://elsewhere.example/a")
    report = Report.objects.get()
    assert (report.harm, report.minor, report.flags) == (Harm.NCII, Tri.UNKNOWN, [Flag.PERSON_SHOWN])
    assert report.details_sealed is None


def test_answers_reach_the_case_and_what_is_hers_alone_is_sealed(her: Client):
    said = {"kind": "SEXTORTION", "minor": "no", "flags": ["threat_only", "imminent_danger"], "police": "PV 2026/77"}
    sent(her, "me", links="https://elsewhere.example/a", **said)
    report, case = Report.objects.get(), Case.objects.get()
    assert (case.harm, case.minor) == (Harm.SEXTORTION, Tri.NO)
    assert set(case.flags) == {Flag.THREAT_ONLY, Flag.IMMINENT_DANGER, Flag.PERSON_SHOWN}
    assert case.clock == "imminent_danger"
    assert told(report) == {Detail.POLICE: "PV 2026/77"}


@pytest.mark.parametrize(
    ("who", "capacity", "shown"),
    [("self", "self", True), ("parent", "parent", False), ("agent", "agent", False), ("helpline", "agent", False)],
)
def test_whoever_reports_for_the_person_shown_has_it_hidden_at_once(her: Client, who: str, capacity: str, shown: bool):
    item = post_of(people.plaza(), "post-1")
    sent(her, "me", links=item.url, who=who)
    report = Report.objects.get()
    assert (report.capacity, Flag.PERSON_SHOWN in report.flags) == (capacity, shown)
    item.refresh_from_db()
    assert item.orders.get().action == Action.HOLD


def test_accounts_named_in_a_pasted_message_join_one_case(her: Client):
    platform = people.plaza()
    account = post_of(platform, "post-1", "arno").account
    for number in range(3):
        sent(her, "child", once=str(number) * 32, kind="GROOMING", links="@arno asked me for pictures, so did @nobody")
    assert Report.objects.count() == 3
    case = Case.objects.get()
    assert Subject.objects.get(case=case, account=account).reports.count() == 3
    assert {opening.read(row.link_sealed) for row in Subject.objects.filter(account=None)} == {"@nobody"}


def test_words_alone_are_heard_from_a_person_harmed_and_a_witness_is_asked_where_it_is(her: Client):
    sent(her, "me", words="he says he will send it to my school", kind="SEXTORTION")
    assert Report.objects.count() == 1
    answer = her.post("/en/form/saw", {"door": "saw", "once": ONCE, "words": "a bad thing"})
    assert answer.status_code == 422
    assert "a bad thing" in answer.content.decode()


def test_more_links_than_a_report_takes_are_all_given_back(her: Client):
    links = "\n".join(f"https://elsewhere.example/{n}" for n in range(201))
    answer = her.post("/en/form/me", {"door": "me", "once": ONCE, "links": links})
    assert answer.status_code == 422
    assert "https://elsewhere.example/200" in answer.content.decode()


def test_a_formal_request_names_the_law_beside_each_field_and_is_sealed(her: Client):
    page = her.get("/en/form/me").content.decode()
    for law in ("Digital Services Act (EU), 16(2)(c)", "TAKE IT DOWN Act (US)", "Online Safety Act (UK)"):
        assert law in page
    said = {"formal": "on", "not_agreed": "on", "good_faith": "on", "declares": "on"}
    sent(her, "me", links="https://a.example/1", contact="Robin, r@a.example", signature="Robin", **said)
    report = Report.objects.get()
    assert set(told(report)) == {
        Detail.FORMAL, Detail.NOT_AGREED, Detail.GOOD_FAITH, Detail.DECLARES, Detail.CONTACT, Detail.SIGNATURE,
    }  # fmt: skip
    assert b"Robin" not in bytes(report.details_sealed)


def test_no_picture_can_be_sent_and_the_page_says_why_and_what_to_do_instead(her: Client, settings):
    for role, country in (("platform", "FR"), ("support_ngo", "BE")):
        settings.ROLE, settings.COUNTRY = role, country
        for door in ("me", "child", "saw"):
            page = her.get(f"/en/form/{door}").content.decode()
            assert 'type="file"' not in page
            assert "No picture can be sent here" in page
    assert "Code pénal" in page  # the law of the country that forbids it
    picture = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff" + b"PIXELS" * 20, "image/jpeg")
    sent(her, "child", links="https://a.example/1", picture=picture)
    assert not any(b"PIXELS" in bytes(row.words_sealed or b"") for row in Report.objects.all())


@pytest.mark.parametrize(
    ("country", "law"), [("FR", "Digital Services Act"), ("US", "2258A"), ("AU", "No law that we know")]
)
def test_what_must_be_passed_on_is_said_before_anything_is_typed(her: Client, settings, country: str, law: str):
    settings.COUNTRY = country
    page = her.get("/en/form/child").content.decode()
    assert page.index(law) < page.index("<textarea")


def test_the_questions_come_back_filled_in_with_the_code_and_can_be_changed(her: Client):
    code = sent(her, "me", links="https://a.example/1", kind="NCII", police="77", flags=["viral"])
    page = her.post("/en/more", {"receipt": code}).content.decode()
    assert 'value="77"' in page
    assert re.search(r'value="viral"[^>]*checked', page)
    assert "a.example/1" not in page  # where it is is never shown again
    item = post_of(people.plaza(), "post-9")
    said = {"kind": "VOYEURISM", "minor": "yes", "who": "self", "police": "78", "links": item.url}
    page = her.post("/en/more", {"receipt": code, "save": "yes", **said}).content.decode()
    assert "Saved." in page
    report = Report.objects.get()
    assert (report.harm, report.minor, report.flags) == (Harm.VOYEURISM, Tri.YES, [Flag.PERSON_SHOWN])
    assert told(report) == {Detail.POLICE: "78"}
    assert report.subjects.count() == 2
    assert item.orders.get().action == Action.HOLD
    assert Case.objects.get().minor == Tri.YES


def test_a_mistake_in_the_questions_loses_nothing_that_was_typed(her: Client):
    code = sent(her, "me", links="https://a.example/1")
    answer = her.post("/en/more", {"receipt": code, "save": "yes", "since": "x" * 201, "words": "typed with care"})
    assert answer.status_code == 422
    assert "typed with care" in answer.content.decode()


def test_a_wrong_code_opens_no_questions(her: Client):
    assert her.post("/en/more", {"receipt": "AAAA-BBBB-CCCC-DDDD"}).status_code == 422


def test_the_questions_bend_to_the_door(her: Client):
    assert "A grown-up asks a child" in her.get("/en/form/child").content.decode()
    assert 'value="GROOMING"' not in her.get("/en/form/me").content.decode()
    assert "Do not download it" in her.get("/en/form/saw").content.decode()
    assert "Do not download it" not in her.get("/en/form/me").content.decode()
