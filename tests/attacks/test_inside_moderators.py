"""An inside moderator, alone or with a false report of their own, wants something of a child's case back up, or a look."""

import re
from contextlib import suppress
from urllib.parse import urlencode

import pytest
from django.test import Client

from staydown.banks import tasks as bank_tasks
from staydown.banks.actions import keeping
from staydown.banks.models import Entry
from staydown.cases import seeing
from staydown.cases.actions import answering, deciding, refusals, seconding
from staydown.cases.models import Case
from staydown.cases.rules import CaseState, DecisionState, Ruling
from staydown.console import not_shown, reading, reviewing
from staydown.console.forms import RulingForm
from staydown.console.grades import Grade
from staydown.journal.models import Entry as JournalEntry
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, CheckState, ItemState
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db
COPY = jpeg(resized(photograph("coffee")), 70)


def removed_childs_item():
    """A child's picture, removed by mina; its copy by another account is hidden and waits."""
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    copy = people.posted(platform, "post-2", COPY, account="bob")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    mina = people.staff("mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    entry = Entry.objects.get()
    bank_tasks.sweep(str(entry.pk))
    for row in (item, copy, case):
        row.refresh_from_db()
    assert (item.state, copy.state) == (ItemState.REMOVED, ItemState.HELD)
    return platform, item, copy, case, mina


def keep_alone(case: Case, by) -> None:
    """Rule "no action" on everything, alone, if that is let through."""
    with suppress(refusals.NotCleared, refusals.SecondPersonNeeded, refusals.AlreadyDecided, refusals.NobodyElse):
        deciding.decide(case, people.proposal(case, Ruling.KEEP), by, people.NOW)


@pytest.mark.parametrize("which", ["removed", "copy"])
def test_a_false_witness_report_gives_nobody_uncleared_a_childs_picture_back(which: str):
    _, item, copy, _, mina = removed_childs_item()
    target = item if which == "removed" else copy
    before = target.state
    again = people.reported(target, seed="mine", harm=Harm.UNSPECIFIED, shown=False, now=people.later(hours=1)).case
    ola = people.staff("ola", cleared=False)
    assert again not in seeing.visible(ola)
    with pytest.raises(not_shown.NotShown):
        reviewing.asked(reviewing.Look(again, target, ola), Grade.GREY, None, people.NOW)
    keep_alone(again, ola)
    keep_alone(again, mina)
    target.refresh_from_db()
    assert target.state == before


def test_two_people_may_still_put_back_what_was_reported_again():
    _, item, _, _, mina = removed_childs_item()
    again = people.reported(item, seed="again", harm=Harm.NCII, shown=True, now=people.later(hours=1)).case
    tomas = people.staff("tomas", "lead")
    decision = deciding.decide(again, people.proposal(again, Ruling.KEEP), mina, people.NOW)
    assert decision.state == DecisionState.PROPOSED
    seconding.second(decision, "answer", tomas, people.NOW)
    item.refresh_from_db()
    assert item.state == ItemState.UP


def test_a_copy_held_in_an_ordinary_case_goes_not_back_up_once_a_childs_case_banked_it():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    copy = people.posted(platform, "post-2", COPY, account="bob")
    ordinary = people.reported(copy, seed="other").case
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False, now=people.later(minutes=1)).case
    assert ordinary != case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    bank_tasks.sweep(str(Entry.objects.get().pk))
    keep_alone(ordinary, people.staff("ola", cleared=False))
    copy.refresh_from_db()
    assert copy.state == ItemState.HELD


def in_two_cases():
    """One picture in the bank twice: from an ordinary case, and from a child's."""
    platform = people.plaza()
    first = people.posted(platform, "post-1")
    ordinary = people.reported(first, minor=Tri.NO).case
    deciding.decide(ordinary, people.proposal(ordinary, Ruling.REMOVE), people.staff("mina"), people.NOW)
    second = people.posted(platform, "post-2", COPY, account="bob")
    childs = people.reported(second, seed="two", harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    deciding.decide(childs, people.proposal(childs, Ruling.REMOVE), people.staff("tomas", "lead"), people.NOW)
    assert Entry.objects.count() == 2
    return platform, ordinary, childs


def test_a_copy_of_a_childs_picture_is_not_put_back_through_an_ordinary_case():
    platform, ordinary, childs = in_two_cases()
    copy = people.posted(platform, "post-3", jpeg(resized(photograph("coffee"), 0.5), 60), account="eve")
    ola = people.staff("ola", cleared=False)
    assert copy.state == ItemState.HELD
    with pytest.raises(refusals.NotCleared) as refused:
        answering.answer_copies(ordinary, frozenset({copy.pk}), Action.RELEASE, ola, people.NOW)
    assert "child" not in str(refused.value) and "cleared" not in str(refused.value)
    keeping.raise_to_block(Entry.objects.get(case=childs), people.staff("uma", "lead"), people.NOW)
    with pytest.raises(not_shown.NotForYou):  # in words that tell her nothing, whatever two others confirmed
        reviewing.asked(reviewing.Look(ordinary, copy, ola), Grade.GREY, None, people.NOW)
    copy.refresh_from_db()
    assert copy.state == ItemState.HELD
    assert answering.answer_copies(ordinary, frozenset({copy.pk}), Action.REMOVE, ola, people.NOW) == 1


def test_an_upload_of_a_childs_picture_is_not_let_pass_through_an_ordinary_case():
    platform, ordinary, _ = in_two_cases()
    held = people.checked(platform, jpeg(resized(photograph("coffee"), 0.99), 92), "eve")
    assert held.state == CheckState.PENDING
    held.case = ordinary
    held.save()
    with pytest.raises((refusals.NotCleared, refusals.SecondPersonNeeded)):
        answering.answer_upload(held, "allow", people.staff("ola", cleared=False), people.NOW)


def test_a_report_that_joins_while_a_proposal_waits_is_not_decided_unread():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    case = people.reported(item, harm=Harm.CSAM, minor=Tri.YES, shown=False).case
    tomas = people.staff("tomas", "lead")
    decision = deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    other = people.posted(platform, "post-2", jpeg(photograph("rocket")))
    joined = people.reported(other, seed="two", harm=Harm.CSAM, minor=Tri.YES, shown=False)
    assert joined.case == case
    with pytest.raises(refusals.NotComplete):
        seconding.second(decision, "answer", tomas, people.NOW)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    assert not joined.answers.exists()


def test_a_removed_picture_is_not_shown_again_because_somebody_reports_it_again():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    case = people.reported(item).case
    mina = people.staff("mina")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    again = people.reported(item, seed="mine", now=people.later(hours=1)).case
    item.refresh_from_db()
    with pytest.raises(not_shown.DecidedAlready):
        reviewing.asked(reviewing.Look(again, item, mina), Grade.GREY, None, people.NOW)


def test_the_very_picture_that_was_decided_is_not_shown_again_from_another_post():
    platform, mina = people.plaza(), people.staff("mina")
    item, twin = people.posted(platform, "post-1"), people.posted(platform, "post-2", account="bob")
    case = people.reported(item, minor=Tri.NO).case
    other = people.reported(twin, seed="two", minor=Tri.NO).case
    assert case != other
    look = reviewing.Look(other, twin, mina)
    assert reviewing.asked(look, Grade.GREY, None, people.NOW)
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    twin.refresh_from_db()
    assert twin.state == ItemState.HELD
    with pytest.raises(not_shown.DecidedAlready):
        reviewing.asked(look, Grade.GREY, None, people.NOW)


# The console's pages, with forms nobody gave them.


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def console(person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_no_page_of_a_childs_case_answers_an_uncleared_moderator(demo):
    _, _, copy, case, _ = removed_childs_item()
    entry = Entry.objects.get()
    client = console(people.staff("ola", cleared=False))
    before = JournalEntry.objects.count()
    assert client.get(f"/cases/{case.pk}").status_code == 404
    assert (
        client.get(f"/cases/{case.pk}/media/item/{copy.pk}").status_code == 405
    )  # of whatever case: pictures are asked for
    posts = {
        "/decide": {},
        "/second": {"word": "agree"},
        "/copies": {"act": "release", "copy": copy.pk},
        f"/entries/{entry.pk}": {"word": "withdraw"},
        f"/media/item/{copy.pk}": {"grade": "grey"},
    }
    for path, body in posts.items():
        assert client.post(f"/cases/{case.pk}{path}", body).status_code == 404
    for page in ("/", "/bank", "/orders"):
        said = client.get(page).content.decode()
        assert str(case.pk) not in said
        assert case.reference not in said
        assert copy.external_id not in said
    assert JournalEntry.objects.count() == before


def test_an_ordinary_case_does_not_open_the_rows_of_a_childs_case(demo):
    platform, _, copy, case, _ = removed_childs_item()
    entry = Entry.objects.get()
    held = people.checked(platform, COPY, "zoe")
    own = people.reported(
        people.posted(platform, "mine", jpeg(photograph("rocket")), "ola"), seed="o", minor=Tri.NO
    ).case
    client = console(people.staff("ola", cleared=False))
    assert client.post(f"/cases/{own.pk}/uploads/{held.pk}", {"word": "allow"}).status_code == 404
    assert client.post(f"/cases/{own.pk}/entries/{entry.pk}", {"word": "withdraw"}).status_code == 404
    for media in (f"item/{copy.pk}", f"check/{held.pk}"):
        assert client.post(f"/cases/{own.pk}/media/{media}", {"grade": "grey"}).status_code == 404
    client.post(f"/cases/{own.pk}/copies", {"act": "release", "copy": copy.pk})
    copy.refresh_from_db()
    held.refresh_from_db()
    entry.refresh_from_db()
    assert (copy.state, held.state, entry.state) == (ItemState.HELD, CheckState.PENDING, "holding")
    assert case.pk != own.pk


def decide(client: Client, case: Case, body: dict[str, str]):
    """Send the form, look at what follows, and decide."""
    form = {"content_type": "application/x-www-form-urlencoded"}
    shown = client.post(f"/cases/{case.pk}/decide", urlencode(body), **form).content.decode()
    seen = dict(re.findall(r'name="(seen)" value="([0-9a-f]+)"', shown))
    return client.post(f"/cases/{case.pk}/decide", urlencode(body | seen), **form)


def test_a_decision_form_rules_on_its_own_cases_items_only(demo):
    platform = people.plaza()
    own = people.posted(platform, "post-1", jpeg(photograph("rocket")))
    foreign = people.posted(platform, "post-2", jpeg(photograph("cat")), account="bob")
    case = people.reported(own).case
    body = {"ground": "law", "provision": "x", "reasons": "x", "answer": "x", f"item-{own.pk}": "keep"}
    client = console(people.staff("mina"))
    decide(client, case, body | {f"item-{foreign.pk}": "remove"})
    foreign.refresh_from_db()
    case.refresh_from_db()
    assert (foreign.state, case.state) == (ItemState.UP, CaseState.DECIDED)
    assert not Order.objects.filter(item=foreign).exists()


def test_a_form_sent_twice_or_late_decides_once(demo):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    body = {"ground": "law", "provision": "x", "reasons": "x", "answer": "x", f"item-{item.pk}": "keep"}
    client = console(people.staff("mina"))
    for _ in range(2):
        assert decide(client, case, body).status_code == 302
    assert decide(client, case, body | {f"item-{item.pk}": "remove"}).status_code == 302
    assert case.decisions.count() == 1
    assert Order.objects.filter(item=item).count() == 2


def test_no_count_tells_an_uncleared_moderator_of_a_childs_case():
    platform = people.plaza()
    people.reported(people.posted(platform, "post-1"), seed="child", harm=Harm.CSAM, minor=Tri.YES)
    own = people.reported(people.posted(platform, "post-2", jpeg(photograph("rocket"))), seed="own", minor=Tri.NO).case
    form = RulingForm(reading.items(own), deciding.accounts_of(own), frozenset())
    told = {
        name: reading.whole(own, form, people.staff(name, cleared=cleared), people.NOW)["accounts"][0].reports
        for name, cleared in (("ola", False), ("mina", True))
    }
    assert told == {"ola": 1, "mina": 2}


@pytest.mark.parametrize("role", ["custodian", "operator"])
def test_who_decides_nothing_sees_no_case_whatever_the_clearance(demo, role: str):
    case = people.reported(people.posted(people.plaza(), "post-1")).case
    client = console(people.staff("someone", role))
    there, not_there = (client.get(f"/cases/{pk}") for pk in (case.pk, "0191e7c0-0000-7000-8000-000000000000"))
    assert there.status_code == not_there.status_code == 403
    assert case.reference not in there.content.decode()
    assert case.reference not in client.get("/").content.decode()


def test_the_console_takes_no_form_without_its_token(demo):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.staff("mina"), backend="allauth.account.auth_backends.AuthenticationBackend")
    body = {"ground": "law", "provision": "x", "reasons": "x", "answer": "x", f"item-{item.pk}": "remove"}
    assert client.post(f"/cases/{case.pk}/decide", body).status_code == 403
    case.refresh_from_db()
    assert case.state == CaseState.OPEN


def test_a_case_that_was_flooded_with_posts_can_still_be_decided(demo):
    platform = people.plaza()
    media = people.checked(platform, jpeg(photograph("rocket")))
    items = [people.posted(platform, "post-0")]
    for n in range(1, 260):
        items.append(platform.items.create(**row(f"post-{n}", items[0], media)))
    for start in range(0, 260, 100):
        people.reported(*items[start : start + 100], seed=str(start))
    case = Case.objects.get()
    body = {"ground": "law", "provision": "x", "reasons": "x", "answer": "x", "statement": "x"}
    body |= {f"item-{item.pk}": "keep" for item in items}
    answer = decide(console(people.staff("mina")), case, body)
    case.refresh_from_db()
    assert (answer.status_code, case.state) == (302, CaseState.DECIDED)


def row(item_id: str, like, check) -> dict[str, object]:
    return {
        "external_id": item_id,
        "account": like.account,
        "check_row": check,
        "fingerprint": check.fingerprint,
        "url": f"http://127.0.0.1:9/posts/{item_id}",
        "posted_at": people.NOW,
        "registered_at": people.NOW,
    }
