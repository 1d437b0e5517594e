"""What nobody does alone: proposed, then agreed to or refused with a reason by another person, or lapsed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from staydown.cases import tasks, two_people
from staydown.cases.actions import deciding, refusals, seconding
from staydown.cases.models import Decision
from staydown.cases.rules import AccountRuling, CaseState, DecisionState, Ruling
from staydown.cases.two_people import Act, Ruled
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Order
from staydown.platforms.rules import AccountState, Action, ItemState
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.reading import BadData, parse
from staydown.vault import opening
from tests import people

HELD, UP = ItemState.HELD, ItemState.UP


@pytest.mark.parametrize(
    ("posts", "accounts", "acts"),
    [
        ([(Ruling.REMOVE, HELD)], [], set()),
        ([(Ruling.KEEP, HELD)], [], {Act.RESTORE_CHILD}),
        ([(Ruling.KEEP, UP)], [], {Act.NO_ACTION_CHILD}),
        ([(Ruling.REMOVE, HELD), (Ruling.LABEL, HELD)], [], {Act.RESTORE_CHILD}),
        ([(Ruling.ONCE, HELD)], [], {Act.SPARE_COPIES_CHILD}),
        ([], [AccountRuling.LEAVE], {Act.NO_ACTION_CHILD}),
        ([], [AccountRuling.SUSPEND], set()),
        ([(Ruling.REMOVE, HELD)], [AccountRuling.END], {Act.END_ACCOUNT}),
    ],
)
def test_of_a_childs_case_these_acts_take_two(posts: list, accounts: list, acts: set[Act]):
    assert two_people.acts(Harm.CSAM, Tri.YES, Ruled(tuple(posts), tuple(accounts))) == acts


def test_of_other_cases_only_ending_an_account_takes_two():
    ruled = Ruled(((Ruling.KEEP, HELD),), (AccountRuling.END,))
    assert two_people.acts(Harm.NCII, Tri.NO, ruled) == {Act.END_ACCOUNT}


def test_the_shortest_time_counts_and_a_rule_left_out_of_the_data_is_an_error():
    assert two_people.lapse([Act.END_ACCOUNT, Act.RESTORE_CHILD], people.NOW) == people.NOW + timedelta(hours=24)
    with pytest.raises(BadData, match="takes two people and is named once"):
        parse("two_people.yaml", "version: 2026-11-21\nacts: []", two_people.Rules)


def childs_case():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    return item, case


@pytest.mark.django_db
def test_where_nobody_else_could_agree_a_childs_case_is_not_closed_without_action_but_removing_works():
    item, case = childs_case()
    mina = people.staff("mina")
    people.staff("ola", cleared=False)
    with pytest.raises(refusals.NobodyElse, match="staff add"):
        deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert not Decision.objects.exists()
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.REMOVED


@pytest.mark.django_db
def test_a_refusal_says_why_and_opens_the_case_for_another_decision():
    _, case = childs_case()
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    seconding.decline(decision, "She is thirteen.", tomas, people.NOW)
    decision.refresh_from_db()
    assert opening.read(decision.refusal_sealed or b"") == "She is thirteen."
    assert deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW).state == DecisionState.MADE


@pytest.mark.django_db
def test_what_nobody_answers_lapses_visibly_and_stays_hidden():
    item, case = childs_case()
    people.staff("tomas", "lead")
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    with people.clock():
        tasks.lapse_proposals()
    assert Decision.objects.get().state == DecisionState.PROPOSED
    Decision.objects.update(lapses_at=people.NOW)
    for _ in range(2):
        tasks.lapse_proposals()
    item.refresh_from_db()
    case.refresh_from_db()
    states = (Decision.objects.get().state, case.state, item.state)
    assert states == (DecisionState.LAPSED, CaseState.OPEN, ItemState.HELD)
    assert JournalEntry.objects.filter(act="decision.lapsed").count() == 1


@pytest.mark.django_db
def test_an_account_is_suspended_by_one_and_ended_by_two_and_back_by_one():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    plan = people.proposal(case, Ruling.REMOVE)
    said = (plan.rulings, plan.ground, plan.provision, plan.reasons, plan.answer, plan.statement)
    decision = deciding.decide(
        case, deciding.Proposal(*said, accounts={item.account_id: AccountRuling.END}), mina, people.NOW
    )
    assert (decision.state, decision.takes_two) == (DecisionState.PROPOSED, ["end_account"])
    with pytest.raises(refusals.SecondPersonNeeded):
        seconding.second(decision, "answer", mina, people.NOW)
    seconding.decline(decision, "A suspension will do.", tomas, people.NOW)
    deciding.decide(case, deciding.Proposal(*said, accounts={item.account_id: AccountRuling.SUSPEND}), mina, people.NOW)
    item.account.refresh_from_db()
    assert item.account.state == AccountState.SUSPENDED
    assert Order.objects.filter(account=item.account, action=Action.SUSPEND, case=case).count() == 1


@pytest.mark.django_db
def test_the_database_keeps_no_proposal_for_two_that_never_lapses():
    _, case = childs_case()
    people.staff("tomas", "lead")
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(lapses_at=None)
