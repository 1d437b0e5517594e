"""Ten seconds in which a decision can be undone: hiding is at once, what cannot be taken back waits."""

from datetime import timedelta

import pytest
from django.conf import LazySettings

from staydown.banks.models import Entry
from staydown.cases import tasks, undoing
from staydown.cases.actions import deciding, making, refusals, seconding
from staydown.cases.models import Answer, Decision
from staydown.cases.rules import CaseState, DecisionState, Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, ItemState
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ten_seconds(settings: LazySettings) -> None:
    settings.UNDO = timedelta(seconds=10)


def decided(shown: bool = True, ruling: Ruling = Ruling.REMOVE):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, shown=shown).case
    mina = people.staff("mina")
    return item, case, mina, deciding.decide(case, people.proposal(case, ruling), mina, people.NOW)


def owed() -> Promise | None:
    return Promise.objects.owed().filter(task="staydown.cases.tasks.settle").first()


def test_what_is_still_up_is_hidden_at_once_and_removed_only_ten_seconds_later():
    item, case, _, decision = decided(shown=False)
    item.refresh_from_db()
    case.refresh_from_db()
    assert (item.state, case.state, decision.state) == (ItemState.HELD, CaseState.DECIDED, DecisionState.SETTLING)
    assert not Entry.objects.exists()
    assert not Answer.objects.exists()
    promise = owed()
    assert promise is not None
    assert promise.run_at == people.later(seconds=10)
    tasks.settle(*promise.args)
    item.refresh_from_db()
    assert item.state == ItemState.REMOVED
    assert (Entry.objects.count(), Answer.objects.count()) == (1, 1)


def test_an_undo_leaves_it_hidden_and_nothing_else_and_is_in_the_journal():
    item, case, mina, decision = decided(shown=False)
    making.undo(decision, mina, people.later(seconds=4))
    assert owed() is None
    tasks.settle(str(decision.pk))  # a worker that had taken the promise already
    item.refresh_from_db()
    case.refresh_from_db()
    assert (item.state, case.state, case.decided_at) == (ItemState.HELD, CaseState.OPEN, None)
    assert list(Order.objects.values_list("action", flat=True)) == [Action.HOLD]
    assert not Entry.objects.exists()
    assert not Answer.objects.exists()
    assert JournalEntry.objects.filter(act="decision.undone", about=f"cases.decision:{decision.pk}").exists()


def test_what_was_undone_is_decided_again():
    _, case, mina, decision = decided()
    making.undo(decision, mina, people.NOW)
    case.refresh_from_db()
    again = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert again.state == DecisionState.SETTLING


def test_what_is_carried_out_is_not_undone_and_carrying_out_twice_does_it_once():
    _, _, mina, decision = decided()
    for _ in range(2):
        tasks.settle(str(decision.pk))
    with pytest.raises(refusals.TooLate):
        making.undo(decision, mina, people.NOW)
    assert (Entry.objects.count(), Answer.objects.count()) == (1, 1)


def test_nobody_undoes_another_persons_decision():
    _, _, _, decision = decided()
    with pytest.raises(refusals.NotCleared):
        making.undo(decision, people.staff("tomas", "lead"), people.NOW)


def test_what_is_put_back_waits_too_and_stays_hidden_when_undone():
    item, _, mina, decision = decided(ruling=Ruling.KEEP)
    item.refresh_from_db()
    assert item.state == ItemState.HELD
    making.undo(decision, mina, people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_either_of_the_two_undoes_what_took_two():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    seconding.second(decision, "answer", tomas, people.NOW)
    making.undo(Decision.objects.get(), tomas, people.NOW)
    item.refresh_from_db()
    assert (item.state, Decision.objects.get().state) == (ItemState.HELD, DecisionState.UNDONE)


def test_what_may_no_longer_be_carried_out_is_decided_again_by_people(settings: LazySettings):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    decision = deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    settings.ROLE, settings.COUNTRY = "support_ngo", "BE"
    tasks.settle(str(decision.pk))
    case.refresh_from_db()
    item.refresh_from_db()
    decision.refresh_from_db()
    states = (decision.state, case.state, item.state)
    assert states == (DecisionState.UNDONE, CaseState.OPEN, ItemState.HELD)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), (" 10 ", 10), ("60", 60)])
def test_the_time_to_undo_is_read_from_the_setting(text: str, seconds: int):
    assert undoing.read(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["61", "-1", "ten", ""])
def test_a_time_that_is_none_is_refused_with_its_words(text: str):
    with pytest.raises(undoing.BadUndo, match="number of seconds"):
        undoing.read(text)
