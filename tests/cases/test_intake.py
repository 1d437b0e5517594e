import pytest

from staydown.cases.actions import holding, intake
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, ItemState
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


def test_a_report_by_the_person_shown_hides_the_item_before_anyone_has_looked():
    item = people.posted(people.plaza(), "post-1")
    people.reported(item)
    item.refresh_from_db()
    assert item.state == ItemState.HELD
    assert [order.action for order in Order.objects.all()] == [Action.HOLD]


def test_a_childs_report_hides_the_item_whoever_reports_it():
    item = people.posted(people.plaza(), "post-1")
    people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False)
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_a_witness_alone_hides_nothing_but_a_person_is_given_a_deadline():
    item = people.posted(people.plaza(), "post-1")
    report = people.reported(item, harm=Harm.UNSPECIFIED, shown=False)
    item.refresh_from_db()
    assert item.state == ItemState.UP
    assert report.case.due_at > people.NOW


def test_the_words_are_sealed_and_open_with_the_receipt_and_with_the_working_key():
    item = people.posted(people.plaza(), "post-1")
    report = people.reported(item, words="please help")
    assert b"please help" not in bytes(report.words_sealed)
    assert opening.read(report.words_sealed) == "please help"
    assert people.receipt().read(report.words_sealed) == "please help"


def test_a_second_report_of_the_same_item_joins_the_first_case():
    item = people.posted(people.plaza(), "post-1")
    first = people.reported(item)
    second = people.reported(item, seed="two", harm=Harm.CSAM, minor=Tri.YES)
    assert second.case_id == first.case_id
    case = Case.objects.get()
    assert (case.harm, case.minor) == (Harm.CSAM, Tri.YES)
    assert case.clock == "child_safety"


def test_a_report_of_the_same_account_with_the_same_harm_joins():
    platform = people.plaza()
    one = people.posted(platform, "post-1")
    two = people.posted(platform, "post-2", jpeg(photograph("rocket")))
    assert people.reported(one).case_id == people.reported(two, seed="two").case_id


def test_cases_about_the_same_media_come_together_whoever_posted_it():
    from staydown.cases import tasks

    platform = people.plaza()
    one = people.posted(platform, "post-1", account="ana")
    copy = people.posted(platform, "post-2", jpeg(resized(photograph("coffee")), 70), account="bob")
    older = people.reported(one)
    younger = people.reported(copy, seed="two", now=people.later(minutes=5))
    assert older.case_id != younger.case_id
    tasks.join_by_media(str(younger.pk))
    younger.refresh_from_db()
    assert younger.case_id == older.case_id
    assert Case.objects.filter(state=CaseState.JOINED).count() == 1


def test_a_report_sent_twice_is_written_once():
    item = people.posted(people.plaza(), "post-1")
    notice = intake.Notice(harm=Harm.NCII, items=(item,))
    first = intake.receive_once(notice, people.receipt(), people.NOW)
    assert intake.receive_once(notice, people.receipt(), people.NOW) == first
    assert Report.objects.count() == 1


def test_a_report_of_nothing_is_refused_and_writes_nothing():
    with pytest.raises(intake.NothingReported):
        intake.receive(intake.Notice(harm=Harm.NCII), people.receipt(), people.NOW)
    assert not Report.objects.exists()
    assert not JournalEntry.objects.exists()


def test_an_outside_link_is_sealed_and_makes_a_case_for_a_person():
    notice = intake.Notice(harm=Harm.NCII, links=("https://elsewhere.example/a",))
    report = intake.receive(notice, people.receipt(), people.NOW)
    sealed = report.subjects.get().link_sealed
    assert b"elsewhere" not in bytes(sealed)
    assert opening.read(sealed) == "https://elsewhere.example/a"
    assert not Order.objects.exists()


def test_a_failed_report_leaves_no_promise_and_no_journal_entry(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza("http://127.0.0.1:9/hooks")
    item = people.posted(platform, "post-1")
    promises, entries = Promise.objects.count(), JournalEntry.objects.count()
    monkeypatch.setattr(holding, "hold", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        people.reported(item)
    assert not Report.objects.exists()
    assert (Promise.objects.count(), JournalEntry.objects.count()) == (promises, entries)


def test_an_item_that_a_person_put_back_is_not_hidden_again_by_the_same_claim():
    from staydown.cases.actions import deciding
    from staydown.cases.rules import Ruling

    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.UP
    people.reported(item, seed="two", now=people.later(hours=1))
    item.refresh_from_db()
    assert item.state == ItemState.UP
    people.reported(item, seed="three", harm=Harm.CSAM, minor=Tri.YES, now=people.later(hours=2))
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_too_many_holds_an_hour_go_to_a_person_within_minutes():
    platform = people.plaza()
    media = [jpeg(photograph("coffee")), jpeg(photograph("rocket"))]
    items = [people.posted(platform, f"post-{n}", media[n % 2]) for n in range(22)]
    for n, item in enumerate(items):
        people.reported(item, seed=str(n))
    assert Order.objects.filter(action=Action.HOLD).count() == 20
    case = Case.objects.get()
    assert case.braked
    assert case.due_at <= people.later(minutes=15)
