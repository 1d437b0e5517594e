"""The queue of what takes two people."""

import pytest
from django.conf import LazySettings

from staydown.cases.actions import deciding
from staydown.cases.models import Decision
from staydown.cases.rules import DecisionState, Ruling
from staydown.regimes.harms import Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db


def proposed() -> Decision:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    mina = people.staff("mina")
    people.staff("tomas", "lead")
    return deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)


def test_what_waits_is_in_a_queue_of_its_own_and_unknown_to_who_is_not_cleared(settings: LazySettings):
    decision = proposed()
    tomas = people.console(settings, people.Staff.objects.get(username="tomas"))
    page = tomas.get("/two-people").content.decode()
    assert decision.case.reference in page
    assert "something put back that was held as child-safety" in page
    assert "lapses on" in tomas.get(f"/cases/{decision.case.pk}").content.decode()
    ola = people.console(settings, people.staff("ola", cleared=False))
    assert decision.case.reference not in ola.get("/two-people").content.decode()


def test_a_refusal_needs_a_reason_which_the_case_then_shows(settings: LazySettings):
    decision = proposed()
    tomas = people.console(settings, people.Staff.objects.get(username="tomas"))
    tomas.post(f"/cases/{decision.case.pk}/second", {"word": "decline"})
    assert Decision.objects.get().state == DecisionState.PROPOSED
    tomas.post(f"/cases/{decision.case.pk}/second", {"word": "decline", "reason": "She is thirteen."})
    assert Decision.objects.get().state == DecisionState.DECLINED
    assert "She is thirteen." in tomas.get(f"/cases/{decision.case.pk}").content.decode()


def test_an_entry_that_one_person_banked_waits_there_for_a_second(settings: LazySettings):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    tomas = people.console(settings, people.staff("tomas", "lead"))
    assert "a bank entry raised to block" in tomas.get("/two-people").content.decode()
