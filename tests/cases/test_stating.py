"""The statement of reasons: with each order that restricts, in the decision's transaction, silent about who reported."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from staydown.banks import tasks as bank_tasks
from staydown.banks.models import Entry
from staydown.cases import statements
from staydown.cases.actions import answering, deciding, refusals, stating
from staydown.cases.models import Decision, Statement
from staydown.cases.rules import AccountRuling, Ruling
from staydown.cases.statements import Found
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, Label
from staydown.platforms.tasks import payload
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph, resized

WORDS = "he posted it after we broke up in march"


@pytest.mark.parametrize(
    ("found", "source"),
    [
        (Found(frozenset({"self"})), "SOURCE_ARTICLE_16"),
        (Found(frozenset({"self", "trusted_flagger"})), "SOURCE_TRUSTED_FLAGGER"),
        (Found(frozenset()), "SOURCE_VOLUNTARY"),
        (Found(frozenset({"self"}), by_match=True), "SOURCE_VOLUNTARY"),
    ],
)
def test_what_only_a_match_found_was_found_on_ones_own_initiative(found: Found, source: str):
    assert found.source == source


def test_a_label_by_age_is_said_as_such():
    assert statements.visibility(Action.LABEL, Label.AGE_RESTRICTED) == ["DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED"]


def decided(ruling: Ruling = Ruling.REMOVE, **also: Any):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, words=WORDS).case
    mina = people.staff("mina")
    plan = replace(people.proposal(case, ruling), **also)
    deciding.decide(case, plan, mina, people.NOW)
    return item, case, mina


@pytest.mark.django_db
def test_a_removal_and_a_suspension_are_explained_each_by_a_row_of_its_own():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, words=WORDS).case
    plan = replace(people.proposal(case, Ruling.REMOVE), accounts={item.account_id: AccountRuling.SUSPEND})
    deciding.decide(case, plan, people.staff("mina"), people.NOW)
    removal, suspension = Statement.objects.order_by("at", "id")
    assert removal.decision_visibility == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    assert suspension.decision_account == "DECISION_ACCOUNT_SUSPENDED"
    for row in (removal, suspension):
        assert row.decision_ground == "DECISION_GROUND_ILLEGAL_CONTENT"
        assert row.legal_ground == plan.provision
        assert row.source_type == "SOURCE_ARTICLE_16"
        assert (row.automated_detection, row.automated_decision) == (False, "AUTOMATED_DECISION_NOT_AUTOMATED")
        assert row.contest_until >= people.later(days=180)
        assert payload(row.order)["data"]["statement_id"] == str(row.pk)  # type: ignore[index]  # a mapping
    assert removal.puid != removal.pk


@pytest.mark.django_db
def test_what_restricts_nobody_is_not_explained_and_what_does_must_be():
    decided(Ruling.KEEP, statement="")
    assert not Statement.objects.exists()
    other = people.reported(
        people.posted(people.Platform.objects.get(), "post-2", jpeg(photograph("rocket"))), seed="2"
    )
    plan = replace(people.proposal(other.case, Ruling.REMOVE), statement=" ")
    with pytest.raises(refusals.NotExplained):
        deciding.decide(other.case, plan, people.staff("tom"), people.NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [f"She said {WORDS}.", "See www.plaza.example", "Because [why]."])
def test_words_that_point_to_the_reporter_stop_the_decision(text: str):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, words=WORDS).case
    with pytest.raises(stating.NotToBeSent) as refused:
        deciding.decide(
            case, replace(people.proposal(case, Ruling.REMOVE), statement=text), people.staff("m"), people.NOW
        )
    assert refused.value.found
    assert not Decision.objects.exists()


@pytest.mark.django_db
def test_a_provision_that_looks_personal_is_refused_for_it_is_published():
    case = people.reported(people.posted(people.plaza(), "post-1")).case
    plan = replace(people.proposal(case, Ruling.KEEP), provision="rule 4, see lena@home.example")
    with pytest.raises(stating.NotToBeSent):
        deciding.decide(case, plan, people.staff("mina"), people.NOW)


@pytest.mark.django_db
def test_a_removed_copy_is_explained_as_found_by_a_match():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    copy = people.posted(platform, "post-2", jpeg(resized(photograph("coffee")), 70), account="bob")
    case = people.reported(item).case
    mina = people.staff("mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    bank_tasks.sweep(str(Entry.objects.get().pk))
    answering.answer_copies(case, frozenset({copy.pk}), Action.REMOVE, mina, people.NOW)
    row = Statement.objects.get(order__item=copy)
    assert (row.source_type, row.automated_detection) == ("SOURCE_VOLUNTARY", True)


@pytest.mark.django_db
def test_the_platform_fetches_it_and_no_other_platform_does():
    item, _, _ = decided()
    row = Statement.objects.get()
    ours = {"authorization": f"Bearer {people.key_of(item.platform)}"}
    answer = Client().get(f"/api/v1/statements/{row.pk}", headers=ours).json()
    assert answer["words"].startswith("A person looked at your post.")
    assert (answer["item_id"], answer["account_id"]) == ("post-1", None)
    assert WORDS not in str(answer)
    order = Order.objects.get(action=Action.REMOVE)
    orders = Client().get("/api/v1/orders", headers=ours).json()["orders"]
    assert {each["statement_id"] for each in orders if each["order_id"] == str(order.pk)} == {str(row.pk)}
    from staydown.platforms import keys

    other = keys.add_platform("Other", "other", by="t", now=people.NOW, working_public=deciding.settings.WORKING_PUBLIC)
    theirs = {"authorization": f"Bearer {people.key_of(other)}"}
    assert Client().get(f"/api/v1/statements/{row.pk}", headers=theirs).status_code == 404


@pytest.mark.django_db
def test_a_childs_statement_uses_the_keywords_of_minors():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.NCII, minor=Tri.YES).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    row = Statement.objects.get()
    assert row.category_specification == ["KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"]
