"""False reporters, uploaders who launder a post, probers, and pages that are sent twice."""

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client, override_settings
from django.utils import timezone

from staydown.banks.actions import meeting
from staydown.banks.models import Entry
from staydown.cases import story
from staydown.cases.actions import answering, deciding
from staydown.cases.models import Case, Report
from staydown.cases.rules import Ruling
from staydown.people.models import Staff
from staydown.platforms import keys
from staydown.platforms.actions.ordering import Why, confirm, order_item
from staydown.platforms.actions.registering import Registration, item_gone
from staydown.platforms.models import Item, Order, Platform
from staydown.platforms.rules import Action, ItemState, Outcome
from staydown.regimes.harms import Harm
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db
COPY = jpeg(resized(photograph("coffee")), 70)
ONCE = "o" * 32


def removed(platform, media: bytes | None = None) -> Entry:
    """The bank entry of a picture that mina removed."""
    item = people.posted(platform, "reported", media)
    case = people.reported(item, seed="reported").case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Entry.objects.get()


def put(platform, item_id: str, check) -> Item:
    said = Registration(item_id, f"http://x.example/{item_id}", "ana", people.NOW, "everyone", check.pk)
    return meeting.admit(platform, said, people.NOW)[0]


# Uploaders who launder.


def test_deleting_the_post_before_the_decision_does_not_keep_it_out_of_the_bank():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    case = people.reported(item).case
    item_gone(item, people.NOW)
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert people.checked(platform, jpeg(photograph("coffee")), "ana").verdict == "block"


def test_a_gone_post_is_given_no_order():
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    item_gone(item, people.NOW)
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    assert list(Order.objects.values_list("action", "state")) == [("order.hold", "superseded")]


def test_a_picture_exchanged_after_a_release_is_met_again_and_the_same_one_is_not():
    platform = people.plaza()
    removed(platform)
    copy = people.posted(platform, "post-2", COPY)
    case = Case.objects.get()
    mina = Staff.objects.get()
    assert copy.state == ItemState.HELD
    answering.answer_copies(case, frozenset({copy.pk}), Action.RELEASE, mina, people.NOW)
    assert put(platform, "post-2", people.checked(platform, COPY)).state == ItemState.UP
    exchanged = put(platform, "post-2", people.checked(platform, jpeg(photograph("coffee"))))
    assert exchanged.state == ItemState.REMOVED


def test_a_released_post_that_is_registered_again_with_the_same_bytes_stays_up():
    platform = people.plaza()
    removed(platform)
    first = people.checked(platform, COPY)
    copy = put(platform, "post-2", first)
    answering.answer_copies(Case.objects.get(), frozenset({copy.pk}), Action.RELEASE, Staff.objects.get(), people.NOW)
    assert put(platform, "post-2", first).state == ItemState.UP


def test_a_picture_exchanged_for_a_banked_one_while_it_was_held_comes_not_back_up():
    platform = people.plaza()
    removed(platform)
    item = people.posted(platform, "post-2", jpeg(photograph("rocket")))
    people.reported(item, seed="two")
    put(platform, "post-2", people.checked(platform, jpeg(photograph("coffee"))))
    item.refresh_from_db()
    assert item.state == ItemState.REMOVED


def test_a_late_or_second_confirmation_changes_nothing():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    case = people.reported(item).case
    hold = Order.objects.get()
    deciding.decide(case, people.proposal(case, Ruling.KEEP), people.staff("mina"), people.NOW)
    hold.refresh_from_db()
    for outcome in (Outcome.APPLIED, Outcome.SUPERSEDED, Outcome.APPLIED):
        confirm(hold, outcome, people.NOW)
    item.refresh_from_db()
    assert (hold.state, hold.confirmed_at, item.state) == ("superseded", None, ItemState.UP)
    release = Order.objects.get(action=Action.RELEASE)
    confirm(release, Outcome.APPLIED, people.NOW)
    confirm(release, Outcome.SUPERSEDED, people.NOW)
    assert (release.state, release.outcome) == ("confirmed", "applied")


# False reporters and probers.


def test_reports_alone_bank_and_remove_nothing_however_many():
    platform = people.plaza()
    item = people.posted(platform, "post-1")
    for n in range(12):
        people.reported(item, seed=str(n), harm=list(Harm)[n % len(Harm)])
    assert not Entry.objects.exists()
    assert set(Order.objects.values_list("action", flat=True)) == {Action.HOLD}
    assert people.checked(platform, jpeg(photograph("coffee"))).verdict == "allow"


def test_an_uploader_who_reports_his_own_post_does_not_learn_that_somebody_did_before():
    item = people.posted(people.plaza(), "post-1")
    people.reported(item, harm=Harm.CSAM, shown=False)
    order_item(item, Action.RELEASE, Why(None, "test", "test"), people.NOW)
    probe = people.reported(item, seed="probe", harm=Harm.UNSPECIFIED, shown=False, now=people.later(hours=3))
    alone = people.reported(
        people.posted(Platform.objects.get(), "post-2", jpeg(photograph("rocket")), "bob"),
        seed="alone",
        harm=Harm.UNSPECIFIED,
        shown=False,
        now=people.later(hours=3),
    )
    at = people.later(hours=4)
    assert [(step.kind, step.due) for step in story.steps(probe, at)] == [
        (step.kind, step.due) for step in story.steps(alone, at)
    ]


def test_a_platform_that_registers_anothers_address_does_not_take_its_reports():
    plaza = people.plaza()
    item = people.posted(plaza, "post-1")
    thief = keys.add_platform("Thief", "thief", by="test", now=people.NOW, working_public=configured.WORKING_PUBLIC)
    said = Registration("mine", item.url, "t", people.NOW, "everyone", None)
    meeting.admit(thief, said, people.NOW)
    report(links=item.url)
    item.refresh_from_db()
    assert item.state == ItemState.HELD


def test_one_platform_confirms_changes_and_reports_nothing_of_another():
    plaza = people.plaza()
    item = people.posted(plaza, "post-1")
    check = people.checked(plaza, COPY)
    people.reported(item)
    order = Order.objects.get()
    other = keys.add_platform("Other", "other", by="test", now=people.NOW, working_public=configured.WORKING_PUBLIC)
    client = Client(headers={"Authorization": f"Bearer {people.key_of(other)}"})

    def send(method: str, path: str, body: object = None) -> int:
        answer = client.generic(method, f"/api/v1{path}", json.dumps(body), content_type="application/json")
        return answer.status_code

    assert send("POST", f"/orders/{order.pk}/confirm", {"outcome": "gone"}) == 404
    assert send("DELETE", "/items/post-1") == 404
    assert send("PATCH", "/items/post-1", {"views": 9}) == 404
    assert send("POST", "/reports", {"item_ids": ["post-1"]}) == 404
    assert send("POST", "/reports", {"account_ids": ["ana"]}) == 404
    assert send("POST", "/report-links", {"item_id": "post-1"}) == 404
    body = {"url": "http://o.example/1", "posted_at": "2026-11-21T12:00:00Z", "check_id": str(check.pk)}
    assert send("PUT", "/items/1", body) == 404
    assert client.get("/api/v1/orders").json() == {"orders": []}
    item.refresh_from_db()
    assert (item.state, item.views) == (ItemState.HELD, 0)


# The report page.


@override_settings(ROOT_URLCONF="staydown.portal.urls")
def report(door: str = "me", once: str = ONCE, path: str = "/en/report", **fields: str) -> str:
    """Send the report page; answer the receipt."""
    page = Client().post(path, {"door": door, "once": once, **fields}).content.decode()
    found = re.search(r'name="receipt" value="([^"]+)"', page)
    assert found, page
    return found[1]


def test_a_page_sent_twice_gives_one_report_and_one_receipt():
    item = people.posted(people.plaza(), "post-1")
    assert report(links=item.url) == report(links=item.url)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "second",
    [{"links": "https://elsewhere.example/two"}, {"words": "and there is more"}, {"door": "child"}],
    ids=["another link", "more words", "another door"],
)
def test_a_page_changed_and_sent_again_is_acknowledged_only_as_what_it_says(second: dict[str, str]):
    first = {"door": "saw", "links": "https://elsewhere.example/one", "words": "first"}
    one, two = report(**first), report(**(first | second))
    assert one != two
    assert Report.objects.count() == 2


def test_links_with_tricks_in_them_stay_words_on_the_page():
    report(links="https://x.example/<script>alert(1)</script> javascript:alert(1) https://y.example/\r\nSet-Cookie:a=b")
    sealed = [row.link_sealed for row in Report.objects.get().subjects.all()]
    from staydown.vault import opening

    assert sorted(opening.read(link) for link in sealed if link) == ["https://x.example/", "https://y.example/"]


def test_a_report_link_of_another_key_time_or_item_opens_nothing():
    from staydown.platforms import links

    item = people.posted(people.plaza(), "post-1")
    now = timezone.now()
    good = links.sign(item.pk, now + timedelta(days=1), configured.LINK_KEY)
    stale = links.sign(item.pk, now - timedelta(seconds=1), configured.LINK_KEY)
    forged = links.sign(item.pk, now + timedelta(days=1), b"x" * 32)
    with override_settings(ROOT_URLCONF="staydown.portal.urls"):
        client = Client()
        assert client.get(f"/en/report/{good}").status_code == 200
        for bad in (stale, forged, good[:-4] + "____", "A" * 500, "..", "%00", "%2e%2e%2f"):
            assert client.get(f"/en/report/{bad}").status_code == 404, bad
