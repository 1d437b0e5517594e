import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from standardwebhooks import Webhook

from staydown.platforms import tasks
from staydown.platforms.actions.ordering import Why, confirm, order_account, order_item
from staydown.platforms.models import Order
from staydown.platforms.rules import Action, Outcome
from staydown.promises.errors import Later
from staydown.promises.models import Promise
from tests import people

pytestmark = pytest.mark.django_db


class Receiver:
    """A platform's webhook address, on loopback."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.got: list[dict] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                Webhook(people.SECRET).verify(body, dict(self.headers))
                receiver.got.append(json.loads(body))
                status, answer = receiver.answers.pop(0) if receiver.answers else (200, b'{"outcome": "applied"}')
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()


def held(receiver: Receiver) -> Order:
    people.reported(people.posted(people.plaza(receiver.url), "post-1"))
    return Order.objects.get()


def test_an_order_is_signed_thin_and_confirmed_by_the_answer(receiver: Receiver):
    order = held(receiver)
    tasks.deliver(str(order.pk))
    order.refresh_from_db()
    assert order.state == "confirmed"
    (got,) = receiver.got
    assert got["type"] == "order.hold"
    assert set(got["data"]) == {
        "order_id", "item_id", "account_id", "check_id", "sequence", "deadline", "policy", "label", "resolution",
        "statement_id",
    }  # fmt: skip
    assert "127.0.0.1:9" not in json.dumps(got)  # no address of a picture or post


def test_the_promise_to_deliver_is_written_with_the_order(receiver: Receiver):
    order = held(receiver)
    assert Promise.objects.get(key=f"deliver:{order.pk}").args == [str(order.pk)]


def test_an_order_that_is_not_confirmed_is_sent_again_later_and_shown_as_failing(receiver: Receiver):
    order = held(receiver)
    receiver.answers = [(500, b""), (200, b""), (404, b"no")] + [(503, b"")] * 10
    waits = []
    for _ in range(8):
        with pytest.raises(Later) as again:
            tasks.deliver(str(order.pk))
        waits.append(again.value.seconds)
        order.refresh_from_db()
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    assert order.state == "failing"
    receiver.answers = []
    tasks.deliver(str(order.pk))
    order.refresh_from_db()
    assert order.state == "confirmed"


def test_an_answer_without_an_outcome_is_delivered_but_not_yet_confirmed(receiver: Receiver):
    order = held(receiver)
    receiver.answers = [(200, b"ok")]
    with pytest.raises(Later):
        tasks.deliver(str(order.pk))
    order.refresh_from_db()
    assert order.state == "delivered"
    confirm(order, Outcome.APPLIED, people.NOW)
    tasks.deliver(str(order.pk))
    assert len(receiver.got) == 1


def test_a_platform_that_cannot_be_reached_loses_no_order():
    people.reported(people.posted(people.plaza("http://127.0.0.1:1/hooks"), "post-1"))
    order = Order.objects.get()
    with pytest.raises(Later):
        tasks.deliver(str(order.pk))
    order.refresh_from_db()
    assert (order.state, order.attempts) == ("due", 1)


def test_a_late_order_is_superseded_never_sent(receiver: Receiver):
    hold = held(receiver)
    order_item(hold.item, Action.REMOVE, Why(hold.case, "NCII", "test"), people.NOW)
    tasks.deliver(str(hold.pk))
    hold.refresh_from_db()
    assert hold.state == "superseded"
    assert receiver.got == []


def test_accounts_are_restricted_suspended_and_reinstated_in_order(receiver: Receiver):
    account = people.posted(people.plaza(receiver.url), "post-1").account
    for act in (Action.RESTRICT, Action.SUSPEND, Action.REINSTATE):
        order = order_account(account, act, Why(None, "strikes", "test"), people.NOW)
        tasks.deliver(str(order.pk))
    assert [got["type"] for got in receiver.got] == ["account.restrict", "account.suspend", "account.reinstate"]
    assert [got["data"]["sequence"] for got in receiver.got] == [1, 2, 3]
    assert order_account(account, Action.REINSTATE, Why(None, "strikes", "test"), people.NOW) is None


def test_a_webhook_is_sent_nowhere_but_where_the_guard_allows(settings):
    settings.OUTSIDE_ALLOW = ""
    people.reported(people.posted(people.plaza("http://169.254.169.254/hooks"), "post-1"))
    order = Order.objects.get()
    with pytest.raises(Later):
        tasks.deliver(str(order.pk))
