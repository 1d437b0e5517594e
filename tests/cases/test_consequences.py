"""What is shown before a decision is what it does."""

from collections import Counter
from dataclasses import replace

import pytest

from staydown.banks.models import Entry
from staydown.cases import consequences
from staydown.cases.actions import deciding
from staydown.cases.consequences import AccountStep, Post, Step
from staydown.cases.models import Answer, Decision
from staydown.cases.rules import AccountRuling, Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Order
from staydown.platforms.rules import AccountState, Action, ItemState
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

DOES = {
    Action.REMOVE: Step.REMOVE,
    Action.RELEASE: Step.PUT_BACK,
    Action.RESTORE: Step.PUT_BACK,
    Action.LABEL: Step.LABEL,
}


@pytest.mark.parametrize(
    ("ruling", "state", "steps"),
    [
        (Ruling.REMOVE, ItemState.HELD, (Step.REMOVE, Step.BANK)),
        (Ruling.REMOVE, ItemState.GONE, (Step.BANK,)),
        (Ruling.ONCE, ItemState.UP, (Step.REMOVE,)),
        (Ruling.KEEP, ItemState.UP, ()),
        (Ruling.KEEP, ItemState.HELD, (Step.PUT_BACK,)),
        (Ruling.LABEL, ItemState.REMOVED, (Step.PUT_BACK, Step.LABEL)),
        (Ruling.LABEL, ItemState.GONE, ()),
    ],
)
def test_a_ruling_makes_these_steps_of_an_item(ruling: Ruling, state: ItemState, steps: tuple[Step, ...]):
    assert consequences.of_item(ruling, Post("post-1", state, media=7)) == steps


def test_what_has_no_fingerprint_is_not_banked_and_a_warning_is_given_once():
    assert consequences.of_item(Ruling.REMOVE, Post("post-1", ItemState.UP, None)) == (Step.REMOVE,)
    labelled = Post("post-1", ItemState.UP, 7, ("sensitive",))
    assert consequences.of_item(Ruling.LABEL, labelled, "sensitive") == ()


@pytest.mark.parametrize(
    ("ruling", "state", "step"),
    [
        (AccountRuling.LEAVE, AccountState.ACTIVE, None),
        (AccountRuling.SUSPEND, AccountState.ACTIVE, AccountStep.SUSPEND),
        (AccountRuling.SUSPEND, AccountState.SUSPENDED, None),
        (AccountRuling.RESTRICT, AccountState.SUSPENDED, None),
        (AccountRuling.END, AccountState.SUSPENDED, AccountStep.END),
        (AccountRuling.REINSTATE, AccountState.ENDED, AccountStep.REINSTATE),
    ],
)
def test_a_ruling_makes_this_of_an_account(ruling: AccountRuling, state: AccountState, step: AccountStep | None):
    assert consequences.of_account(ruling, state) == step


@pytest.mark.django_db
def test_a_decision_does_exactly_what_was_foreseen():
    platform, mina = people.plaza(), people.staff("mina")
    items = [people.posted(platform, f"post-{n}", jpeg(photograph(name))) for n, name in enumerate(PICTURES)]
    case = people.reported(*items).case
    people.reported(items[0], seed="two")
    rulings = dict(zip((item.pk for item in items), Ruling, strict=True))
    plan = people.proposal(case, Ruling.REMOVE)
    plan = replace(plan, rulings=rulings)
    before = JournalEntry.objects.count()
    follows = deciding.foresee(case, plan, mina, people.NOW)
    assert JournalEntry.objects.count() == before
    assert not Decision.objects.exists()
    held = set(Order.objects.values_list("pk", flat=True))
    deciding.decide(case, plan, mina, people.NOW)
    written = Order.objects.exclude(pk__in=held)
    done = Counter(DOES[Action(order.action)].value for order in written)
    assert dict(done) == {step: n for step, n in follows.counts.items() if step != Step.BANK}
    assert (Entry.objects.count(), Answer.objects.count()) == (follows.entries, follows.answers) == (1, 2)


PICTURES = ("coffee", "rocket", "cat", "china")


@pytest.mark.django_db
def test_a_childs_removal_shows_which_authority_is_to_be_told():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    mina, _ = people.staff("mina"), people.staff("tomas")
    follows = deciding.foresee(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    assert follows.referrals
    assert not deciding.foresee(case, people.proposal(case, Ruling.KEEP), mina, people.NOW).referrals
