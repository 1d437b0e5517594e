"""What is on other sites: whoever hosts it is told by a person, and its reporter sees that on her page."""

import pytest
from django.conf import LazySettings

from staydown.cases import hosts, story
from staydown.cases.actions import intake
from staydown.cases.details import YES, Detail
from staydown.cases.models import Report
from staydown.journal.models import Entry
from staydown.regimes.harms import Flag, Harm, Tri
from tests import people

LINK = "https://elsewhere.example/album/7"
FORMAL = {
    Detail.FORMAL: YES,
    Detail.NOT_AGREED: YES,
    Detail.GOOD_FAITH: YES,
    Detail.DECLARES: YES,
    Detail.SIGNATURE: "Robin",
}


def reported(details: dict[Detail, str]) -> Report:
    shown = frozenset({Flag.PERSON_SHOWN})
    notice = intake.Notice(
        harm=Harm.NCII, minor=Tri.NO, flags=shown, words="my street is Mill Lane", links=(LINK,), details=details
    )
    return intake.receive(notice, people.receipt(), people.NOW)


def test_the_notice_names_the_place_the_law_and_what_was_declared():
    text = hosts.notice(LINK, "An intimate image", FORMAL, "office@service.example")
    for wanted in (LINK, "An intimate image", "article 16", "TAKE IT DOWN", "Online Safety Act", "did not agree",
                   "good faith", "act for them", "Signed: Robin", "office@service.example"):  # fmt: skip
        assert wanted in text


def test_what_was_not_declared_is_not_said():
    text = hosts.notice(LINK, "An intimate image", {Detail.SIGNATURE: "Robin", Detail.CONTACT: "r@a.example"}, "")
    for unsaid in ("did not agree", "good faith", "Robin", "r@a.example"):
        assert unsaid not in text


@pytest.mark.django_db
def test_a_person_sends_it_once_and_the_reporter_sees_that(settings: LazySettings):
    report = reported(FORMAL | {Detail.CONTACT: "r@a.example"})
    mina = people.console(settings, people.staff("mina"))
    page = mina.get(f"/cases/{report.case_id}").content.decode()
    assert "Signed: Robin" in page and "r@a.example" in page
    for role, knows in (("auditor", True), ("intake", False), ("banker", False)):  # who neither acts on it nor audits
        other = people.console(settings, people.staff(role, role)).get(f"/cases/{report.case_id}").content.decode()
        assert ("Robin" in other) is ("r@a.example" in other) is knows, role
        assert ("given; not shown to your role" in other) is not knows
        assert "I have sent it" in page and "I have sent it" not in other
    assert page.count("Mill Lane") == 1  # her words stand above, and not in the notice
    assert "host_told" not in [step.kind for step in story.steps(report, people.NOW)]
    subject = report.subjects.get()
    for _twice in range(2):
        mina.post(f"/cases/{report.case_id}/hosts/{subject.pk}")
    subject.refresh_from_db()
    assert subject.host_told_by is not None
    assert [step.kind for step in story.steps(report, people.NOW)].count("host_told") == 1
    assert Entry.objects.filter(act="host.told").count() == 1
