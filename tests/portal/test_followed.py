"""Behind the receipt: everything that happened in plain words, and what its holder may still do."""

import pytest
from django.test import Client
from django.utils import timezone

from staydown.cases import story
from staydown.cases.actions import complaining, deciding, later, refusals
from staydown.cases.models import Case, Complaint, Report
from staydown.cases.rules import CaseState, Ruling
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from tests import people
from tests.portal.test_asking import post_of, sent

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]


def follow(her: Client, code: str, **said: str) -> str:
    return her.post("/en/follow", {"receipt": code, **said}).content.decode()


def decided(her: Client, ruling: Ruling = Ruling.KEEP) -> tuple[str, str]:
    """A report that a moderator has decided on: (code, the moderator's name)."""
    code = sent(her, "me", links=post_of(people.plaza(), "post-1").url, minor="no")
    deciding.decide(
        Case.objects.get(), people.proposal(Case.objects.get(), ruling), people.staff("mina"), timezone.now()
    )
    return code, "mina"


def test_a_decision_is_contested_once_and_another_person_has_to_decide(her: Client):
    code, name = decided(her)
    assert "Ask another person to decide" in follow(her, code)
    page = follow(her, code, act="contest", words="that was me, not her")
    assert 'data-step="contested"' in page
    assert 'data-step="person_will_decide"' in page
    assert "Ask another person to decide" not in page
    assert "contested already" in follow(her, code, act="contest")
    assert opening.read(Complaint.objects.get().words_sealed) == "that was me, not her"
    case = Case.objects.get()
    assert (case.state, case.duty.on.value) == (CaseState.OPEN, "complaint")
    again = people.proposal(case, Ruling.REMOVE)
    first = type(people.staff("tomas")).objects.get(username=name)
    with pytest.raises(refusals.SomebodyElse):
        deciding.decide(case, again, first, timezone.now())
    deciding.decide(case, again, first.__class__.objects.get(username="tomas"), timezone.now())
    assert follow(her, code).count('data-step="decided"') == 2


def test_when_who_published_it_contests_she_reads_why_a_person_decides_once_more(her: Client):
    code, _ = decided(her, Ruling.REMOVE)
    item = Case.objects.get().subjects.get().item
    item.refresh_from_db()
    complaining.contest(item, "it is a cat", "fr", timezone.now())
    page = follow(her, code)
    assert page.index('data-step="decided"') < page.index('data-step="publisher_contested"')
    assert page.index("They are not told who reported it.") < page.index('data-step="person_will_decide"')
    assert "it is a cat" not in page
    later_one = people.reported(item, seed="later", minor=Tri.NO, now=timezone.now())
    assert "publisher_contested" not in {step.kind for step in story.steps(later_one, timezone.now())}


def test_after_six_months_a_decision_stands(her: Client):
    code, _ = decided(her)
    answer = Report.objects.get().answers.get()
    answer.at = answer.at - people.timedelta(days=190)
    answer.save()
    assert "Ask another person to decide" not in follow(her, code)
    assert "its time is over" in follow(her, code, act="contest")
    assert not Complaint.objects.exists()


def test_a_report_is_taken_back_and_its_words_are_gone(her: Client):
    code = sent(her, "me", links="https://a.example/1", words="my words", minor="no", police="77")
    follow(her, code, words="more words")
    assert "tick the box" in follow(her, code, act="withdraw")
    assert 'data-step="withdrawn"' in follow(her, code, act="withdraw", sure="yes")
    report = Report.objects.get()
    assert (report.words_sealed, report.details_sealed, report.additions.count()) == (None, None, 0)
    assert "my words" not in follow(her, code)


def test_what_was_written_about_a_child_is_kept_and_that_is_said_before(her: Client):
    code = sent(her, "child", links="https://a.example/1", words="my words")
    assert "the law makes us go on" in follow(her, code)
    follow(her, code, act="withdraw", sure="yes")
    assert opening.read(Report.objects.get().words_sealed) == "my words"


def test_a_new_place_opens_a_decided_case_again_and_is_hidden(her: Client):
    code, _ = decided(her, Ruling.REMOVE)
    item = post_of(Case.objects.get().subjects.get().item.platform, "post-2")
    her.post("/en/more", {"receipt": code, "save": "yes", "links": item.url, "who": "self"})
    case = Case.objects.get()
    assert case.state == CaseState.OPEN
    assert item.orders.exists()


def test_nothing_can_be_contested_before_anything_was_decided(her: Client):
    code = sent(her, "me", links="https://a.example/1")
    assert "Ask another person" not in follow(her, code)
    with pytest.raises(later.NothingToContest):
        later.contest(Report.objects.get(), "why", timezone.now())
    assert Report.objects.get().harm == Harm.NCII
    assert Report.objects.get().minor == Tri.UNKNOWN
