"""The story of an order: something is missing, it is completed, carried out in time, answered, and the uploader told."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client, RequestFactory

from staydown.authority_orders import rules, tasks
from staydown.authority_orders.actions import executing, undoing
from staydown.authority_orders.models import AuthorityOrder, UploaderNotice
from staydown.authority_orders.rules import OrderState
from staydown.banks import models as bank
from staydown.banks import tasks as bank_tasks
from staydown.cases.actions import deciding, refusals
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry
from staydown.organisations import actions
from staydown.organisations.models import Officer
from staydown.platforms import tasks as platform_tasks
from staydown.platforms import webhooks
from staydown.platforms.models import Item
from staydown.platforms.rules import OPEN_ORDER
from staydown.promises.errors import Later
from staydown.promises.models import Promise
from staydown.site.doctor_rows import waiting
from tests import people
from tests.desk.outside import NUMBER, SAID, admitted, desk, officer, team
from tests.platforms.test_delivery import Receiver, receiver

__all__ = ["receiver"]  # a fixture

pytestmark = pytest.mark.django_db


def sent(client: Client, **said: str) -> AuthorityOrder:
    answer = client.post("/desk/orders/new", {"kind": "removal", "harm": "NCII", "minor": "no", **SAID, **said})
    assert answer.status_code == 302, answer.content.decode()
    return AuthorityOrder.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def test_an_order_is_completed_carried_out_in_time_answered_and_the_uploader_is_told(
    settings: LazySettings, receiver: Receiver
):
    platform = people.plaza(receiver.url)
    post = people.posted(platform, "post-1")
    registered = officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        clerk = desk(settings, registered)
        order = sent(clerk, redress="", places="see the annex")
        assert order.missing == ["place", "redress"]
        page = clerk.get(f"/desk/orders/{order.pk}").content.decode()
        assert "art. 9(2)(a)(iv)" in page and "art. 9(2)(a)(v)" in page
        assert "21 Nov 2026 18:00" not in page and "Reckoned once nothing is missing" in page
        assert order.due_at == people.later(hours=6)  # a Belgian court's, from its service: once it binds
        people_up(post, "up")
    with time_machine.travel(people.later(hours=1), tick=False):
        clerk = desk(settings, registered)
        clerk.post(f"/desk/orders/{order.pk}", {**SAID, "places": post.url})
        order.refresh_from_db()
        assert (order.state, order.due_at) == (OrderState.RECEIVED, people.later(hours=6))
        people_up(post, "held")  # hidden before anybody has looked
        assert "21 Nov 2026 18:00" in clerk.get(f"/desk/orders/{order.pk}").content.decode()
        assert order.report.case.due_at == order.due_at  # the queue and its alerts go by it
        mina = people.console(settings, team()[0])
        assert order.reference in mina.get("/authority-orders").content.decode()
        done = {"act": "execute", "said": "A court ordered your post removed."}
        mina.post(f"/authority-orders/{order.pk}", done)
        people_up(post, "removed")
        tasks.watch()
        order.refresh_from_db()
        assert (order.state, order.effect_at) == (OrderState.EXECUTED, None)  # no platform has confirmed yet
    with time_machine.travel(people.later(hours=1, minutes=1), tick=False):
        for each in platform.orders.filter(state__in=OPEN_ORDER):
            platform_tasks.deliver(str(each.pk))  # signed, and its answer confirms it
    with time_machine.travel(people.later(hours=1, minutes=2), tick=False):
        assert tasks.watch() == 1
        order.refresh_from_db()
        assert (order.state, order.late_at) == (OrderState.ANSWERED, None)
        assert order.effect_at and order.effect_at < order.due_at
        page = clerk.get(f"/desk/orders/{order.pk}").content.decode()
        assert "1 of 1 posts" in page and "Effect given" in page
        pushed(UploaderNotice.objects.get())
        assert [got["type"] for got in receiver.got] == ["order.remove", "notice.uploader"]
        told = Client().get("/api/v1/notices", headers=bearer(platform)).json()["notices"]
        assert [(each["item_id"], each["words"]) for each in told] == [("post-1", "A court ordered your post removed.")]
        Client().post(f"/api/v1/notices/{told[0]['notice_id']}/confirm", headers=bearer(platform))
        assert Client().get("/api/v1/notices", headers=bearer(platform)).json()["notices"] == []
    assert UploaderNotice.objects.get().told_at == people.later(hours=1, minutes=2)
    assert acts_of(order) == [
        "received", "added_to", "completed", "uploader_notice", "executed", "effect", "answered", "uploader_told",
    ]  # fmt: skip


def test_an_incomplete_order_is_due_at_no_time_until_nothing_is_missing():
    post = people.posted(people.plaza(), "post-1")
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(admitted(issuer='fr_ofac'), team()[1], people.NOW)}"}
        lacking = {"kind": "removal", "harm": "CSAM", "minor": "yes", "said": {**SAID, "redress": ""}}
        order = Client().post("/api/v1/desk/orders", lacking, "application/json", headers=key).json()
        assert (order["missing"], order["due_at"]) == (["place", "redress"], None)
    with time_machine.travel(people.later(hours=30), tick=False):
        assert tasks.watch() == 0  # nothing is late that does not bind: the authority was told
        told = SAID | {"places": [post.url]}
        address = f"/api/v1/desk/orders/{order['order_id']}/said"
        whole = Client().put(address, told, "application/json", headers=key).json()
        assert whole["state"] == "received"
        assert whole["due_at"] == "2026-11-23T18:00:00Z"  # 24 hours, and the 30 that it stood still


def test_what_a_letter_lacks_is_told_by_a_person_and_added_when_the_authority_wrote_again(settings: LazySettings):
    post, office = people.posted(people.plaza(), "post-1"), admitted(issuer="fr_ofac")
    with time_machine.travel(people.NOW, tick=False):
        mina = people.console(settings, team()[0])
        lacking = {"kind": "removal", "harm": "NCII", "minor": "no", "redress": "", "places": post.url}
        order = entered(mina, SAID | lacking)
        address = f"/authority-orders/{order.pk}"
        mina.post(address, {"act": "attribute", "said": str(office.pk)})
        page = mina.get(address).content.decode()
        assert "Tell the authority what is missing" in page and "no time runs" not in page
        assert "due 2" not in page and order.pauses.count() == 0  # nobody told the authority yet
        assert "counts from the service, whatever is missing: until 22 Nov 2026 12:00 UTC" in page
    with time_machine.travel(people.later(hours=25), tick=False):
        assert tasks.watch() == 1  # and so it is called out
        mina = people.console(settings, team()[0])
        mina.post(address, {"act": "arrived"})
        assert "The authority was told what is missing" in mina.get(address).content.decode()
        wrong = mina.post(address, {**SAID, "act": "complete", "prints": "sha256:no", "places": post.url})
        assert wrong.status_code == 422 and "sha256:" in wrong.content.decode()
        mina.post(address, {**SAID, "act": "complete", "places": post.url})
        order.refresh_from_db()
        assert (order.state, order.missing, order.named) == (OrderState.RECEIVED, [], 1)
        assert order.acknowledged_at == people.later(hours=25)
        people_up(post, "up")  # nobody was called back


def test_the_six_hours_of_a_belgian_letter_run_from_its_service_while_something_is_missing(settings: LazySettings):
    post, court = people.posted(people.plaza(), "post-1"), admitted()
    with time_machine.travel(people.NOW, tick=False):
        mina = people.console(settings, team()[0])
        letter = {"kind": "removal", "harm": "NCII", "minor": "no", "redress": "", "places": post.url}
        order = entered(mina, SAID | letter | {"served_at": "2026-11-21T10:00"})
        address = f"/authority-orders/{order.pk}"
        mina.post(address, {"act": "attribute", "said": str(court.pk)})
        assert "whatever is missing: until 21 Nov 2026 16:00 UTC" in mina.get(address).content.decode()
    with time_machine.travel(people.later(hours=5), tick=False):
        people.console(settings, team()[0]).post(address, {**SAID, "act": "complete", "places": post.url})
        order.refresh_from_db()
        assert (order.clock, order.due_at) == ("be_cj_584", people.later(hours=4))  # over, and it is said
        assert tasks.watch() == 1


def people_up(post: Item, state: str) -> None:
    post.refresh_from_db()
    assert post.state == state


def bearer(platform) -> dict[str, str]:
    return {"Authorization": f"Bearer {people.key_of(platform)}"}


def test_where_the_order_says_so_the_uploader_is_told_later_by_what_is_fetched_and_by_what_is_sent(
    settings: LazySettings, receiver: Receiver
):
    platform = people.plaza(receiver.url)
    post = people.posted(platform, "post-1")
    registered = officer(admitted(issuer="fr_ofac"))
    with time_machine.travel(people.NOW, tick=False):
        clerk = desk(settings, registered)
        order = sent(clerk, places=post.url, silent_until="2026-12-10T09:00")
        mina = people.console(settings, team()[0])
        mina.post(f"/authority-orders/{order.pk}", {"act": "execute", "said": "An authority ordered it removed."})
        assert Client().get("/api/v1/notices", headers=bearer(platform)).json()["notices"] == []
        notice = UploaderNotice.objects.get()
        promise = Promise.objects.get(key=f"notice:{notice.pk}")
        assert promise.run_at == notice.tell_from == datetime(2026, 12, 10, 9, tzinfo=UTC)
        with pytest.raises(Later):
            tasks.push_notice(str(notice.pk))  # whoever starts it too early
        one = f"/api/v1/notices/{notice.pk}"
        assert Client().get(one, headers=bearer(platform)).status_code == 404
        assert receiver.got == []
    with time_machine.travel(people.NOW + timedelta(days=19), tick=False):
        assert len(Client().get("/api/v1/notices", headers=bearer(platform)).json()["notices"]) == 1
        receiver.answers = [(500, b"")]
        waits = [pushed(notice) for _ in range(2)]
        assert waits[1] >= waits[0] > 0  # sent again until the platform says that the account was told
        assert [got["type"] for got in receiver.got] == ["notice.uploader"] * 2
        assert receiver.got[0]["data"] == {
            "notice_id": str(notice.pk), "order_id": str(notice.order_id), "item_id": "post-1", "account_id": "ana"
        }  # fmt: skip
        assert Client().get(one, headers=bearer(platform)).json()["words"] == "An authority ordered it removed."
        assert Client().post(f"{one}/confirm", headers=bearer(platform)).status_code == 204
        tasks.push_notice(str(notice.pk))
        assert len(receiver.got) == 2


def test_a_notice_that_no_platform_confirms_is_seen_by_people_and_sent_on_until_it_is(
    settings: LazySettings, receiver: Receiver
):
    platform = people.plaza(receiver.url)
    post, registered = people.posted(platform, "post-1"), officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), places=post.url)
        executing.execute(order, "An authority ordered it removed.", team()[0], people.NOW)
        for each in platform.orders.filter(state__in=OPEN_ORDER):
            platform_tasks.deliver(str(each.pk))
        assert tasks.watch() == 1  # answered
        notice = order.notices.get()
    with time_machine.travel(people.later(hours=23), tick=False):
        assert tasks.watch() == 0 and list(waiting.uploaders(people.later(hours=23))) == []
    late = people.later(hours=25)
    with time_machine.travel(late, tick=False):
        assert (tasks.watch(), tasks.watch()) == (1, 0)
        (finding,) = waiting.uploaders(late)
        assert finding.what.startswith("1 notices") and "Plaza" in finding.what
        mina = people.console(settings, team()[0])
        assert "uploader not told" in mina.get("/authority-orders").content.decode()
        assert order.reference not in mina.get("/authority-orders?done=1").content.decode()
        assert "It is sent on until then" in mina.get(f"/authority-orders/{order.pk}").content.decode()
        assert 0 < pushed(notice) <= webhooks.LONGEST_WAIT
        executing.uploader_told(notice, late)
        assert list(waiting.uploaders(late)) == []
        assert order.reference not in mina.get("/authority-orders").content.decode()
    assert [act for act in acts_of(order) if act.startswith("uploader_")] == [
        "uploader_notice", "uploader_untold", "uploader_told",
    ]  # fmt: skip


def acts_of(order: AuthorityOrder) -> list[str]:
    acts = Entry.objects.filter(about=f"authority_orders.authorityorder:{order.pk}").order_by("index")
    return [act.removeprefix("authority_order.") for act in acts.values_list("act", flat=True)]


def pushed(notice: UploaderNotice) -> float:
    with pytest.raises(Later) as again:
        tasks.push_notice(str(notice.pk))
    return again.value.seconds


def test_of_an_order_that_was_taken_back_no_uploader_is_told(settings: LazySettings, receiver: Receiver):
    post = people.posted(people.plaza(receiver.url), "post-1")
    registered = officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), places=post.url, silent_until="2026-12-10T09:00")
        executing.execute(order, "An authority ordered it removed.", team()[0], people.NOW)
        notice = order.notices.get()
        undoing.revoke(order, "test", people.NOW)
    tasks.push_notice(str(notice.pk))
    assert receiver.got == []


def test_an_impostor_is_called_back_at_the_registers_number_gets_nothing_and_what_it_did_is_undone(
    settings: LazySettings,
):
    post = people.posted(people.plaza(), "post-1")
    court = admitted()
    with time_machine.travel(people.NOW, tick=False):
        mina = people.console(settings, team()[0])
        tomas = people.console(settings, team()[1])
        wanted = {
            **SAID,
            "authority": "Court; call us at +32 9 999",
            "places": f"{post.url} @ana",
            "harm": "NCII",
            "minor": "no",
        }
        removal = entered(mina, wanted | {"kind": "removal"})
        asked = entered(mina, wanted | {"kind": "information"})
        people_up(post, "up")  # a letterhead alone hides nothing
        assert (asked.state, asked.report.case.holds.count()) == (OrderState.EXECUTED, 1)  # received, and kept
        for order in (removal, asked):
            mina.post(f"/authority-orders/{order.pk}", {"act": "attribute", "said": str(court.pk)})
        for person in (mina, tomas):
            said = person.post(f"/authority-orders/{asked.pk}", {"act": "disclose"}, follow=True).content.decode()
            assert "called back at its own number" in said
        mina.post(f"/authority-orders/{removal.pk}", {"act": "execute", "said": "An authority ordered it removed."})
        people_up(post, "removed")  # it can be taken back
        page = mina.get(f"/authority-orders/{removal.pk}").content.decode()
        assert NUMBER in page
        for order in (removal, asked):
            mina.post(f"/authority-orders/{order.pk}", {"act": "denied"})
            order.refresh_from_db()
            assert (order.state, order.calls.get().number) == (OrderState.IMPOSTOR, NUMBER)
        people_up(post, "up")
        assert "kept still: a lead lifts that" in mina.get(f"/authority-orders/{asked.pk}").content.decode()
    assert asked.disclosure_by is None
    assert UploaderNotice.objects.filter(told_at=None).count() == 0


def entered(client: Client, said: dict[str, str]) -> AuthorityOrder:
    answer = client.post("/authority-orders/new", said)
    assert answer.status_code == 302, answer.content.decode()
    return AuthorityOrder.objects.get(pk=answer["Location"].rsplit("/", 1)[1])


def test_disclosing_takes_a_call_back_and_two_people_and_even_then_nothing_leaves(settings: LazySettings):
    post = people.posted(people.plaza(), "post-1")
    registered = officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), kind="information", places=post.url)
        mina, tomas = (people.console(settings, each) for each in team())
        mina.post(f"/authority-orders/{order.pk}", {"act": "disclose"})
        mina.post(f"/authority-orders/{order.pk}", {"act": "confirmed"})
        for _ in range(2):
            mina.post(f"/authority-orders/{order.pk}", {"act": "disclose"})
        order.refresh_from_db()
        assert (order.disclosure_by, order.disclosure_second_by) == (team()[0], None)
        tomas.post(f"/authority-orders/{order.pk}", {"act": "disclose"})
        order.refresh_from_db()
        assert order.disclosure_second_by == team()[1]
        assert order.report.case.releases.count() == 0


def test_an_order_by_a_program_hides_at_once_and_revoked_it_comes_back():
    post = people.posted(people.plaza(), "post-1")
    court = admitted()
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(court, team()[1], people.NOW)}"}
        body = {"kind": "removal", "harm": "NCII", "minor": "no", "said": SAID | {"places": [post.url]}}
        order = Client().post("/api/v1/desk/orders", body, "application/json", headers=key).json()
        assert (order["state"], order["missing"], order["effect"]) == ("received", [], {post.url: True})
        people_up(post, "held")
        assert Client().get("/api/v1/desk/lists/" + order["order_id"], headers=key).status_code == 403
        assert Client().delete(f"/api/v1/desk/orders/{order['order_id']}", headers=key).json()["state"] == "revoked"
        people_up(post, "up")
        actions.end(court, team()[0], people.NOW)
        assert Client().get(f"/api/v1/desk/orders/{order['order_id']}", headers=key).status_code == 401


def test_a_stolen_key_of_an_authority_puts_back_no_crowd(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "BACK", 1)
    platform, court = people.plaza(), admitted()
    posts = [people.posted(platform, f"post-{number}", account=f"account-{number}") for number in range(2)]
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(court, team()[1], people.NOW)}"}
        said = SAID | {"places": [each.url for each in posts]}
        body = {"kind": "removal", "harm": "NCII", "minor": "no", "said": said}
        order = Client().post("/api/v1/desk/orders", body, "application/json", headers=key).json()
        assert Client().delete(f"/api/v1/desk/orders/{order['order_id']}", headers=key).json()["state"] == "revoked"
    assert sorted(Item.objects.values_list("state", flat=True)) == ["held", "up"]
    assert Entry.objects.filter(act="put_back.braked").count() == 1
    assert AuthorityOrder.objects.get().report.case.state == "open"  # for a person


def test_what_is_no_text_is_refused_and_nothing_breaks():
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(admitted(), team()[1], people.NOW)}"}
        for wrong in ("https://plaza.example/\x00", "https://plaza.example/\ud800"):
            body = {"kind": "removal", "said": SAID | {"places": [wrong]}}
            answer = Client().post("/api/v1/desk/orders", json.dumps(body), "application/json", headers=key)
            assert (answer.status_code, AuthorityOrder.objects.count()) == (422, 0)


def test_no_decision_of_ours_puts_back_what_an_order_that_stands_removed(settings: LazySettings):
    post = people.posted(people.plaza(), "post-1")
    registered = officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), places=post.url)
        executing.execute(order, "An authority ordered it removed.", team()[0], people.NOW)
        with pytest.raises(refusals.OrderedDown):
            deciding.decide(order.report.case, people.proposal(order.report.case, Ruling.KEEP), team()[1], people.NOW)
        undoing.revoke(order, "test", people.NOW)
        people_up(post, "up")


def test_fingerprints_that_come_with_an_order_are_watched_for_until_a_person_confirms(settings: LazySettings):
    registered = officer(admitted(issuer="it_garante"))
    with time_machine.travel(people.NOW, tick=False):
        clerk = desk(settings, registered)
        order = sent(clerk, prints="sha256:" + "ab" * 32 + "\npdq:" + "f0e1d2c3" * 8, territory="")
        clerk.post(f"/desk/orders/{order.pk}", SAID)
        order.refresh_from_db()
        assert order.state == OrderState.RECEIVED  # a fingerprint says what it is about as well as an address does
        bank_tasks.watch_for_prints(str(order.report_id))
        entries = bank.Entry.objects.filter(prints__report__authority_order=order)
        assert [each.state for each in entries] == ["proposed", "proposed"]


def test_the_desk_is_for_registered_officers_with_a_passkey_and_for_nobody_else(settings: LazySettings):
    registered, other = officer(admitted()), officer(admitted(name="Another court"), "other")
    post = people.posted(people.plaza(), "post-1")
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), places=post.url)
        assert desk(settings, other).get(f"/desk/orders/{order.pk}").status_code == 404
        assert people.console(settings, team()[1]).get("/desk/").status_code == 404
        assert desk(settings, registered).get("/desk/lists/new").status_code == 404
        assert desk(settings, registered).get("/").status_code == 403
        settings.DEMO = False
        client = Client()
        client.force_login(registered.staff, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get("/desk/").status_code == 302  # no second factor yet
        for kind in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
            Authenticator.objects.create(user=registered.staff, type=kind, data={})
        code = begun_with(Authenticator.Type.TOTP, registered).get("/desk/")
        assert code.status_code == 403 and "Use a passkey or security key" in code.content.decode()
        assert begun_with(Authenticator.Type.WEBAUTHN, registered).get("/desk/").status_code == 200
        settings.DEMO = True
        Officer.objects.filter(pk=registered.pk).update(until=people.NOW)
        page = desk(settings, registered).get("/desk/")
        assert (page.status_code, "not in the register" in page.content.decode().lower()) == (403, True)


def begun_with(kind: str, row: Officer) -> Client:
    """A session that this second factor began."""
    client, request = Client(), RequestFactory().get("/")
    client.force_login(row.staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session = client.session
    record_authentication(request, row.staff, "mfa", type=kind)
    request.session.save()
    return client


def test_whoever_is_not_cleared_finds_no_order_in_which_a_child_may_be_concerned(settings: LazySettings):
    post = people.posted(people.plaza(), "post-1")
    registered = officer(admitted())
    with time_machine.travel(people.NOW, tick=False):
        order = sent(desk(settings, registered), places=post.url, minor="unknown")
        una = people.console(settings, people.staff("una", "lead", cleared=False))
        assert order.reference not in una.get("/authority-orders").content.decode()
        assert una.get(f"/authority-orders/{order.pk}").status_code == 404
        assert una.post(f"/authority-orders/{order.pk}", {"act": "refuse", "said": "no"}).status_code == 404


def test_an_order_whose_answer_was_lost_is_the_same_order_when_it_is_sent_again(settings: LazySettings):
    post, court = people.posted(people.plaza(), "post-1"), admitted()
    with time_machine.travel(people.NOW, tick=False):
        key = {"Authorization": f"Bearer {actions.make_key(court, team()[1], people.NOW)}"}
        body = {"kind": "removal", "harm": "NCII", "minor": "no", "said": SAID | {"places": [post.url]}, "number": "7"}

        def order(**also: str) -> str:
            return Client().post("/api/v1/desk/orders", body | also, "application/json", headers=key).json()["order_id"]

        first = order()
        assert order() == first
        assert order(number="8") != first
        undoing.revoke(AuthorityOrder.objects.get(pk=first), "test", people.NOW)
        assert order() != first  # ordered anew
    with time_machine.travel(people.later(days=2), tick=False):
        assert AuthorityOrder.objects.count() == 3
        order()
        assert AuthorityOrder.objects.count() == 4
