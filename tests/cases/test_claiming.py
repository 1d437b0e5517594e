"""One case, one person at a time: claimed, renewed, taken over, handed over, and free again when she is gone."""

import pytest
from django.db import IntegrityError, transaction

from staydown.cases.actions import claiming, deciding, seconding
from staydown.cases.actions.claiming import LEASE, Claimed
from staydown.cases.models import Case
from staydown.cases.rules import CaseState, Ruling
from staydown.journal.models import Entry
from staydown.people.models import Staff
from staydown.regimes.harms import Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def tomas() -> Staff:
    return people.staff("tomas", "lead")


@pytest.fixture
def case() -> Case:
    return people.reported(people.posted(people.plaza(), "post-1")).case


def claimant(case: Case, **after: float) -> Staff | None:
    case.refresh_from_db()
    return case.claimant(people.later(**after))


def acts() -> list[str]:
    said = Entry.objects.filter(act__in=["case.claimed", "case.taken_over", "case.handed_over"])
    return list(said.order_by("index").values_list("act", flat=True))


def test_who_claims_a_case_has_it_for_an_hour_and_is_named(case: Case, mina: Staff) -> None:
    assert claimant(case) is None
    claiming.claim(case, mina, people.NOW)
    assert claimant(case, minutes=59) == mina
    assert claimant(case, minutes=60) is None
    assert acts() == ["case.claimed"]


def test_claiming_again_lasts_longer_and_is_no_news(case: Case, mina: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    claiming.claim(case, mina, people.later(minutes=50))
    assert claimant(case, minutes=100) == mina
    assert acts() == ["case.claimed"]


def test_two_people_do_not_have_one_case(case: Case, mina: Staff, tomas: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    with pytest.raises(Claimed):
        claiming.claim(case, tomas, people.later(minutes=30))
    assert claimant(case) == mina


def test_a_case_whose_moderator_crashed_is_free_after_the_hour(case: Case, mina: Staff, tomas: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    claiming.claim(case, tomas, people.NOW + LEASE)
    assert claimant(case, minutes=61) == tomas
    assert acts() == ["case.claimed", "case.claimed"]


def test_a_case_is_taken_over_at_once_and_that_is_in_the_journal(case: Case, mina: Staff, tomas: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    claiming.take_over(case, tomas, people.later(minutes=5))
    assert claimant(case, minutes=5) == tomas
    with pytest.raises(Claimed):
        claiming.claim(case, mina, people.later(minutes=6))
    assert acts() == ["case.claimed", "case.taken_over"]
    assert mina.journal_name in str(Entry.objects.get(act="case.taken_over").facts)


@pytest.mark.parametrize("after", [0, 61])
def test_taking_over_what_nobody_has_is_claiming_it(case: Case, mina: Staff, tomas: Staff, after: int) -> None:
    if after:
        claiming.claim(case, mina, people.NOW)
    claiming.take_over(case, tomas, people.later(minutes=after))
    assert claimant(case, minutes=after) == tomas
    assert "case.taken_over" not in acts()


def test_a_case_is_handed_over_without_a_question_by_who_has_it_only(case: Case, mina: Staff, tomas: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    claiming.hand_over(case, tomas, people.NOW)
    assert claimant(case) == mina
    claiming.hand_over(case, mina, people.NOW)
    assert claimant(case) is None
    assert acts() == ["case.claimed", "case.handed_over"]


def test_nobody_decides_what_somebody_else_works_on(case: Case, mina: Staff, tomas: Staff) -> None:
    claiming.claim(case, mina, people.NOW)
    with pytest.raises(Claimed):
        deciding.decide(case, people.proposal(case, Ruling.REMOVE), tomas, people.NOW)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert not case.decisions.exists()
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    assert claimant(case) is None
    assert Case.objects.get(pk=case.pk).state == CaseState.DECIDED


def test_a_proposal_frees_the_case_for_the_second_person(mina: Staff, tomas: Staff) -> None:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES).case
    claiming.claim(case, mina, people.NOW)
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    assert claimant(case) is None
    seconding.second(decision, "answer", tomas, people.NOW)
    case.refresh_from_db()
    assert case.state == CaseState.DECIDED


def test_the_database_knows_no_claim_without_an_end(case: Case, mina: Staff) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(claimed_by=mina)
