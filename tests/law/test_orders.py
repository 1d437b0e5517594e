"""Orders of authorities and trusted flaggers' notices, article by article: R12, R34, R44 of docs/law/rows.md."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from staydown.authority_orders import rules
from staydown.authority_orders.rules import AUTHORITY_ORDER, BINDING, Element, Kind, OrderState, Said
from staydown.cases.holds import FLAGGERS_BRAKE, Claim, holds_at_once
from staydown.cases.rules import Record
from staydown.organisations.rules import LONGEST, may_admit, may_propose
from staydown.people.rules import MAY, OUTSIDE, Person, Role
from staydown.regimes.clocks import deadline, owed
from staydown.regimes.duties import Act, Event
from staydown.regimes.harms import Harm, Tri
from tests.law.facts import FLAGGER, NOON, facts, order

NIL = UUID(int=1)
OURS = frozenset({"en", "fr"})
WHOLE = Said(
    legal_basis="Judicial Code, art. 584",
    reasons="Criminal Code, art. 136",
    authority="President of the court",
    places=("https://plaza.example/1",),
    redress="Opposition",
    recipient="registry@court.example",
    territory="Belgium",
    language="fr",
)
EMPTY = {"places": ()}


@pytest.mark.parametrize("element", list(Element))
def test_r12_art_9_2_each_element_of_a_removal_order_is_missed_by_its_name(element: Element):
    field = {Element.PLACE: "places"}.get(element, element.value)
    lacking = replace(WHOLE, **{field: EMPTY.get(field, "")})
    assert rules.missing(Kind.REMOVAL, lacking, OURS) == (element,)
    assert rules.missing(Kind.REMOVAL, WHOLE, OURS) == ()


def test_r12_art_9_2_a_iv_a_name_is_no_exact_address_but_a_fingerprint_is_exact():
    assert rules.missing(Kind.REMOVAL, replace(WHOLE, places=("@ana",)), OURS) == (Element.PLACE,)
    assert rules.missing(Kind.REMOVAL, replace(WHOLE, places=(), prints=("{}",)), OURS) == ()


def test_r12_art_9_2_c_the_language_is_one_that_was_declared():
    assert rules.missing(Kind.REMOVAL, replace(WHOLE, language="sv"), OURS) == (Element.LANGUAGE,)


def test_r12_art_10_2_an_order_for_information_needs_no_territory_and_may_keep_its_purpose_secret():
    asked = replace(WHOLE, places=("@ana",), territory="", reasons="")
    assert rules.missing(Kind.INFORMATION, asked, OURS) == (Element.REASONS,)
    assert rules.missing(Kind.INFORMATION, replace(asked, secret=True), OURS) == ()
    assert rules.missing(Kind.REMOVAL, replace(WHOLE, reasons="", secret=True), OURS) == (Element.REASONS,)


def test_r12_art_9_1_what_is_incomplete_does_not_bind_and_is_never_carried_out():
    assert OrderState.INCOMPLETE not in BINDING
    assert OrderState.EXECUTED not in AUTHORITY_ORDER.moves[OrderState.INCOMPLETE]


def test_r12_art_9_1_the_authority_is_told_the_effect_and_art_9_5_the_uploader_when_it_is_given():
    effect = owed(facts(event=Event.EFFECT), NOON)
    assert effect.first(frozenset({Act.REPLY})).at == NOON + timedelta(hours=1)  # type: ignore[union-attr]
    later = owed(facts(event=Event.EFFECT, stated=NOON + timedelta(days=5)), NOON)
    assert later.first(frozenset({Act.EXPLAIN})).at == NOON + timedelta(days=5)  # type: ignore[union-attr]


def test_r12_directive_2024_1385_art_23_every_order_can_be_taken_back():
    for state in (OrderState.INCOMPLETE, *BINDING):
        assert {OrderState.REVOKED, OrderState.IMPOSTOR} <= AUTHORITY_ORDER.moves[state]


def test_r44_disclosing_takes_somebody_whose_agreement_counts():
    moderator, lead = Person(NIL, Role.MODERATOR, cleared=False), Person(NIL, Role.LEAD, cleared=True)
    assert not rules.may_agree(moderator, child=False) and rules.may_agree(lead, child=True)
    assert not rules.may_agree(Person(NIL, Role.LEAD, cleared=False), child=True)


def test_r44_from_outside_nobody_has_an_act_of_the_console_nor_lets_anybody_in():
    for role in OUTSIDE:
        person = Person(NIL, role, cleared=True)
        assert not MAY[role] and not may_propose(person) and not may_admit(person)
        assert not rules.may_execute(person, child=False) and not rules.may_agree(person, child=False)
    assert timedelta(days=367) > LONGEST


def test_r44_an_emergency_order_is_answered_within_eight_hours_which_receipt_and_keeping_satisfy():
    asked = order("eu_epoc_emergency", event=Event.INFORMATION_ORDER)
    assert owed(asked, NOON).first(frozenset({Act.REPLY})).at == NOON + timedelta(hours=8)  # type: ignore[union-attr]


def test_art_22_a_trusted_flaggers_notice_has_priority_and_hides_at_once():
    assert deadline(facts(capacity=FLAGGER), NOON).duty.id == "eu_dsa_22_flagger"
    assert holds_at_once(Claim(Harm.NCII, Tri.NO, from_person_shown=False, trusted_flagger=True))
    assert FLAGGERS_BRAKE.platform == 1000


def test_r34_art_23_3_by_numbers_and_proportion_a_person_may_suspend_and_warns_first():
    assert not Record(unfounded=2, of=2, since_warning=0).may_be_warned  # too few
    assert not Record(unfounded=3, of=30, since_warning=1).may_be_warned  # of too many
    assert Record(unfounded=3, of=6, since_warning=0).may_be_warned
    assert not Record(unfounded=3, of=6, since_warning=0).may_be_slowed  # nothing since the warning
    assert Record(unfounded=4, of=7, since_warning=1).may_be_slowed
