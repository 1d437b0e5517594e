"""Complaints (EU law, art. 20): both sides, six months, another person, and what a reversal puts right."""

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from staydown.banks.models import Entry
from staydown.banks.rules import EntryState
from staydown.banks.tasks import sweep
from staydown.cases.actions import answering, complaining, deciding, later, seconding
from staydown.cases.actions.deciding import Proposal
from staydown.cases.actions.later import NothingToContest
from staydown.cases.actions.refusals import SomebodyElse
from staydown.cases.models import Case, Complaint, Decision, Report
from staydown.cases.rules import CaseState, Outcome, Ruling, outcome
from staydown.journal.models import Entry as JournalEntry
from staydown.people.models import Staff
from staydown.platforms.models import Item, Order, Platform
from staydown.platforms.rules import Action, ItemState
from staydown.regimes.harms import Harm, Tri
from staydown.vault import opening
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


@pytest.fixture
def platform() -> Platform:
    return people.plaza()


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def tomas() -> Staff:
    return people.staff("tomas", "lead")


def removed(platform: Platform, mina: Staff, ruling: Ruling = Ruling.REMOVE) -> Item:
    item = people.posted(platform, "post-1")
    report = people.reported(item, minor=Tri.NO)
    deciding.decide(report.case, people.proposal(report.case, ruling), mina, people.later(hours=1))
    item.refresh_from_db()
    return item


def contested(item: Item, **after: float) -> Complaint:
    return complaining.contest(item, "that is my cat", "fr", people.later(**(after or {"hours": 2})))


def again(item: Item, by: Staff, ruling: Ruling) -> Decision:
    """Another person answers who published it, and decides."""
    row = Complaint.objects.get(item=item, outcome="")
    complaining.answer(row, "We looked again.", by, people.later(hours=3))
    case = row.decision.case
    return deciding.decide(case, people.proposal(case, ruling), by, people.later(hours=4))


def test_who_published_it_contests_a_removal_and_another_person_puts_it_right(
    platform: Platform, mina: Staff, tomas: Staff
) -> None:
    item = removed(platform, mina)
    row = contested(item)
    case = Case.objects.get()
    assert (case.state, case.clock, row.due_at) == (CaseState.OPEN, case.duty.id, case.due_at)
    assert opening.read(row.words_sealed) == "that is my cat"
    with pytest.raises(SomebodyElse):
        deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.later(hours=3))
    again(item, tomas, Ruling.KEEP)
    row.refresh_from_db()
    item.refresh_from_db()
    assert (row.outcome, row.answered_by, item.state) == (Outcome.REVERSED, tomas, ItemState.UP)
    assert opening.read(row.answer_sealed) == "We looked again."
    assert Order.objects.order_by("-sequence").first().action == Action.RESTORE
    assert Entry.objects.get().state == EntryState.WITHDRAWN
    said = set(JournalEntry.objects.values_list("act", flat=True))
    assert {"decision.contested", "case.reopened", "complaint.reversed", "entry.withdrawn"} <= said


def test_a_complaint_that_is_not_right_leaves_everything_as_it_was(
    platform: Platform, mina: Staff, tomas: Staff
) -> None:
    item = removed(platform, mina)
    row = contested(item)
    again(item, tomas, Ruling.REMOVE)
    row.refresh_from_db()
    item.refresh_from_db()
    assert (row.outcome, item.state, Entry.objects.get().state) == (
        Outcome.UPHELD,
        ItemState.REMOVED,
        EntryState.HOLDING,
    )
    with pytest.raises(NothingToContest):  # of the new decision he may complain once more, of the former no longer
        complaining.contest(item, "", "en", people.later(days=400))


def test_six_months_count_from_the_notice_and_are_free_of_any_reason(platform: Platform, mina: Staff) -> None:
    item = removed(platform, mina)
    found = complaining.contestable(item)
    assert found is not None
    assert 180 <= (found[1] - people.later(hours=1)).days <= 184
    with pytest.raises(NothingToContest):
        complaining.contest(item, "", "en", found[1].replace(year=found[1].year + 1))
    row = complaining.contest(item, "  ", "en", found[1])
    assert row.words_sealed is None
    with pytest.raises(NothingToContest):
        complaining.contest(item, "", "en", found[1])


def test_nothing_is_contested_that_nobody_decided(platform: Platform, mina: Staff) -> None:
    item = people.posted(platform, "post-1")
    with pytest.raises(NothingToContest):
        complaining.contest(item, "", "en", people.NOW)
    people.reported(item, minor=Tri.NO)  # held: a person will decide
    item.refresh_from_db()
    with pytest.raises(NothingToContest):
        complaining.contest(item, "", "en", people.NOW)


def test_nobody_decides_before_who_published_it_has_an_answer(platform: Platform, mina: Staff, tomas: Staff) -> None:
    item = removed(platform, mina)
    row = contested(item)
    with pytest.raises(complaining.NotAnswered):
        deciding.decide(
            Case.objects.get(), people.proposal(Case.objects.get(), Ruling.KEEP), tomas, people.later(hours=3)
        )
    for by, text, refused in ((mina, "no", complaining.NotYours), (tomas, " ", complaining.NotAnswered)):
        with pytest.raises(refused):
            complaining.answer(row, text, by, people.later(hours=3))
    uncleared = people.staff("nina", cleared=False)
    Case.objects.update(minor=Tri.YES)
    with pytest.raises(complaining.NotYours):
        complaining.answer(Complaint.objects.get(), "no", uncleared, people.later(hours=3))


def test_a_reporters_complaint_is_settled_too_and_its_first_decider_seconds_nothing(
    platform: Platform, mina: Staff, tomas: Staff
) -> None:
    item = people.posted(platform, "post-1")
    report = people.reported(item, harm=Harm.CSAM, minor=Tri.YES)
    proposed = deciding.decide(report.case, people.proposal(report.case, Ruling.KEEP), mina, people.later(hours=1))
    seconding.second(proposed, "answer", tomas, people.later(hours=1))
    row = later.contest(Report.objects.get(), "no", people.later(hours=2))
    assert {row.decided_by, row.seconded_by} == {mina, tomas}
    third = people.staff("ines")
    proposed = deciding.decide(
        Case.objects.get(), people.proposal(report.case, Ruling.KEEP), third, people.later(hours=3)
    )
    for by in (mina, tomas):
        with pytest.raises(SomebodyElse):
            seconding.second(proposed, "answer", by, people.later(hours=3))
    seconding.second(proposed, "answer", people.staff("otto"), people.later(hours=3))
    row.refresh_from_db()
    assert (row.outcome, row.answered_by) == (Outcome.UPHELD, third)


def test_the_database_refuses_that_the_first_decider_answers(platform: Platform, mina: Staff, tomas: Staff) -> None:
    item = removed(platform, mina)
    contested(item)
    decision = again(item, tomas, Ruling.KEEP)
    rows = Complaint.objects.all()
    for wrong in ({"answered_by": mina}, {"outcome": ""}, {"report": Report.objects.get()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    assert rows.get().settled_by == decision


def test_a_reversal_brings_back_the_copies_that_were_down_for_it_alone(
    platform: Platform, mina: Staff, tomas: Staff
) -> None:
    other = people.posted(platform, "post-2", jpeg(resized(photograph("coffee")), 70), "bob")
    ruled = people.posted(platform, "post-3", jpeg(resized(photograph("coffee")), 60), "cleo")
    item = removed(platform, mina)
    sweep(str(Entry.objects.get().pk))
    case = Case.objects.get()
    answering.answer_copies(case, frozenset([other.pk]), Action.REMOVE, mina, people.later(hours=1))
    elsewhere = people.reported(ruled, seed="two", minor=Tri.NO, now=people.later(hours=1)).case
    deciding.decide(elsewhere, people.proposal(elsewhere, Ruling.ONCE), mina, people.later(hours=1))
    contested(item)
    again(item, tomas, Ruling.KEEP)
    states = dict(Item.objects.values_list("external_id", "state"))
    assert states == {"post-1": ItemState.UP, "post-2": ItemState.UP, "post-3": ItemState.REMOVED}


def test_who_published_a_copy_contests_that_and_it_is_ruled_on_by_itself(
    platform: Platform, mina: Staff, tomas: Staff
) -> None:
    copy = people.posted(platform, "post-2", jpeg(resized(photograph("coffee")), 70), "bob")
    item = removed(platform, mina)
    sweep(str(Entry.objects.get().pk))
    answering.answer_copies(Case.objects.get(), frozenset([copy.pk]), Action.REMOVE, mina, people.later(hours=1))
    copy.refresh_from_db()
    contested(copy)
    row = Complaint.objects.get()
    complaining.answer(row, "You are right.", tomas, people.later(hours=3))
    said = people.proposal(row.decision.case, Ruling.REMOVE)
    rulings = {item.pk: Ruling.REMOVE, copy.pk: Ruling.KEEP}
    whole = Proposal(rulings, said.ground, said.provision, said.reasons, said.answer)
    deciding.decide(row.decision.case, whole, tomas, people.later(hours=4))
    row.refresh_from_db()
    states = dict(Item.objects.values_list("external_id", "state"))
    assert (row.outcome, states) == (Outcome.REVERSED, {"post-1": ItemState.REMOVED, "post-2": ItemState.UP})
    assert Entry.objects.get().state == EntryState.HOLDING


def test_what_a_new_decision_makes_of_a_complaint() -> None:
    assert outcome({1: "remove"}, {1: "remove", 2: "keep"}) == Outcome.UPHELD
    assert outcome({1: "remove"}, {1: "once"}) == Outcome.REVERSED
    assert outcome({1: "remove", 2: "keep"}, {1: "remove"}) == Outcome.UPHELD
    assert outcome({}, {1: "keep"}) == Outcome.UPHELD


def test_the_lead_reads_how_often_complaints_were_right_and_nobody_else_does(
    settings: LazySettings, platform: Platform, mina: Staff, tomas: Staff
) -> None:
    item = removed(platform, mina)
    contested(item)
    again(item, tomas, Ruling.KEEP)
    assert people.console(settings, mina).get("/complaints").status_code == 403
    page = people.console(settings, tomas).get("/complaints").content.decode()
    assert "art. 226-2-1" in page and "fewer than 5" in page and "100 %" not in page
    row = Complaint.objects.get()
    for number in range(4):
        other = people.posted(platform, f"other-{number}", jpeg(photograph("rocket")), "x")
        Complaint.objects.create(
            item=other, decision=row.decision, decided_by=mina, at=row.at, due_at=row.due_at, outcome=Outcome.UPHELD,
            settled_by=row.settled_by, answered_by=tomas, settled_at=row.settled_at,
        )  # fmt: skip
    page = people.console(settings, tomas).get("/complaints").content.decode()
    assert "1 (20 %)" in page and page.count("1 (20 %)") == 2
    hers = people.console(settings, people.staff("uma", "lead", cleared=False))
    Case.objects.update(harm=Harm.NCII, minor=Tri.NO)
    assert "art. 226-2-1" in hers.get("/complaints").content.decode()
    Case.objects.update(harm=Harm.CSAM)  # of which she must not know, nor by which provision it was decided
    page = hers.get("/complaints").content.decode()
    assert "art. 226-2-1" not in page and "mina" not in page
