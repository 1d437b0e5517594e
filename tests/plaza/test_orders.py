"""An order of Staydown is carried out once, in order, and only if Staydown signed it."""

import json
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest

from .conftest import SECRET, FakeStaydown, Plaza, photograph, signature

OTHER = "whsec_b3RoZXJzZWNyZXRvdGhlcnNlY3JldA=="


@pytest.fixture
def post_id(plaza: Plaza) -> str:
    plaza.post(plaza.visitor("ada"))
    return str(plaza.newest()["id"])


def status(plaza: Plaza, address: str) -> int:
    return plaza.visitor().get(address).status_code


def test_hidden_means_not_found_for_the_page_and_for_the_picture(plaza: Plaza, post_id: str) -> None:
    for hide, show in (("order.hold", "order.release"), ("order.remove", "order.restore")):
        assert plaza.order(hide, item_id=post_id).json == {"outcome": "applied"}
        assert status(plaza, f"/posts/{post_id}") == status(plaza, f"/pictures/{post_id}") == 404
        assert post_id not in plaza.visitor().get("/").text
        assert plaza.visitor("ada").get(f"/pictures/{post_id}").status_code == 404, "for its author too"
        assert plaza.order(show, item_id=post_id).json == {"outcome": "applied"}
        assert status(plaza, f"/posts/{post_id}") == status(plaza, f"/pictures/{post_id}") == 200


def test_only_the_author_reads_that_a_post_is_held_or_removed(plaza: Plaza, post_id: str) -> None:
    for kind, words in (("order.hold", "Held for review"), ("order.remove", "Removed")):
        plaza.order(kind, item_id=post_id)
        assert words in plaza.visitor("ada").get("/people/ada").text
        assert words not in plaza.visitor("bob").get("/people/ada").text


def test_a_label_blurs_and_is_taken_off_again(plaza: Plaza, post_id: str) -> None:
    plaza.order("order.label", item_id=post_id, label="sensitive")
    assert "reveal-" in plaza.visitor().get("/").text
    plaza.order("order.unlabel", item_id=post_id)
    assert "reveal-" not in plaza.visitor().get("/").text


def test_a_label_that_overtakes_a_hold_does_not_undo_it(plaza: Plaza, post_id: str) -> None:
    assert plaza.order("order.label", item_id=post_id, label="blur", sequence=2).json == {"outcome": "applied"}
    assert plaza.order("order.hold", item_id=post_id, sequence=1).json == {"outcome": "applied"}
    assert plaza.order("order.unlabel", item_id=post_id, sequence=1).json == {"outcome": "superseded"}
    assert status(plaza, f"/posts/{post_id}") == 404


def test_an_order_that_comes_again_is_applied_once(plaza: Plaza, post_id: str) -> None:
    for _ in range(3):
        assert plaza.order("order.hold", item_id=post_id, order_id="o1", sequence=1).json == {"outcome": "applied"}
    plaza.order("order.release", item_id=post_id, order_id="o2", sequence=2)
    assert plaza.order("order.hold", item_id=post_id, order_id="o1", sequence=1).json == {"outcome": "applied"}
    assert status(plaza, f"/posts/{post_id}") == 200, "the replay of the old hold hides nothing"
    assert [tuple(row) for row in plaza.rows("SELECT order_id, outcome, times_received FROM orders")] == [
        ("o1", "applied", 4),
        ("o2", "applied", 1),
    ]


def test_a_late_order_is_superseded(plaza: Plaza, post_id: str) -> None:
    plaza.order("order.remove", item_id=post_id, sequence=5)
    assert plaza.order("order.release", item_id=post_id, sequence=4).json == {"outcome": "superseded"}
    assert status(plaza, f"/posts/{post_id}") == 404
    assert plaza.order("order.hold", item_id="unknown", sequence=1).json == {"outcome": "gone"}


def test_the_same_order_at_the_same_moment_is_applied_once(plaza: Plaza, post_id: str) -> None:
    def send() -> None:
        plaza.order("order.hold", item_id=post_id, order_id="o1", sequence=1)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [tuple(row) for row in plaza.rows("SELECT outcome, times_received FROM orders")] == [("applied", 8)]


def hold(post_id: str) -> bytes:
    return json.dumps({"type": "order.hold", "data": {"order_id": "o1", "item_id": post_id, "sequence": 1}}).encode()


def test_a_webhook_that_staydown_did_not_sign_just_now_is_refused(plaza: Plaza, post_id: str) -> None:
    now, body = datetime.now(UTC), hold(post_id)
    assert plaza.webhook(body, OTHER).status_code == 403
    assert plaza.webhook(body, at=now - timedelta(minutes=6)).status_code == 403
    assert plaza.webhook(body, at=now + timedelta(minutes=6)).status_code == 403
    for headers in ({}, signature(b"another body"), signature(body) | {"webhook-signature": "v1"}):
        assert plaza.visitor().post("/staydown/webhooks", data=body, headers=headers).status_code == 403
    assert plaza.visitor().post("/staydown/webhooks", data=b"\xff", headers=signature(body)).status_code == 403
    assert plaza.rows("SELECT 1 FROM orders") == []
    assert status(plaza, f"/posts/{post_id}") == 200
    assert plaza.webhook(body).json == {"outcome": "applied"}


@pytest.mark.parametrize("body", [b"[]", b"no", b'{"type": "order.hold"}', b'{"type": "order.unheard", "data": {}}'])
def test_a_signed_webhook_that_cannot_be_read_changes_nothing(plaza: Plaza, body: bytes) -> None:
    assert plaza.webhook(body).status_code == 400
    assert plaza.rows("SELECT 1 FROM orders") == []


def test_an_account_that_may_not_post_is_told_so_and_may_again(plaza: Plaza, staydown: FakeStaydown) -> None:
    ada = plaza.visitor("ada")
    for kind in ("account.restrict", "account.suspend", "account.end"):
        assert plaza.order(kind, account_id="ada").json == {"outcome": "applied"}
        answer = plaza.post(ada)
        assert answer.status_code == 403
        assert "Your account cannot post at the moment." in answer.text
    assert status(plaza, "/people/ada") == 404
    assert plaza.order("account.suspend", account_id="ada", sequence=1).json == {"outcome": "superseded"}
    assert plaza.order("account.reinstate", account_id="ada").json == {"outcome": "applied"}
    assert plaza.post(ada).status_code == 303
    assert plaza.order("account.end", account_id="nobody").json == {"outcome": "gone"}


@pytest.mark.parametrize("kind", ["order.hold", "order.remove"])
def test_staydown_fetches_the_original_of_a_hidden_post(plaza: Plaza, post_id: str, kind: str) -> None:
    plaza.order(kind, item_id=post_id)
    for path in (f"/staydown/evidence/item/{post_id}", f"/staydown/evidence/check/{plaza.newest()['check_id']}"):
        answer = plaza.evidence(path)
        assert (answer.status_code, answer.data, answer.content_type) == (200, photograph(), "image/jpeg")
        assert answer.headers["Cache-Control"] == "no-store"
        assert plaza.evidence(path, OTHER).status_code == 403
        assert status(plaza, path) == 403
        assert plaza.visitor().get(path, headers=signature(b"/staydown/evidence/item/other")).status_code == 403
    page = plaza.evidence(f"/staydown/evidence/page/{post_id}")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert plaza.evidence(f"/staydown/evidence/page/{post_id}", OTHER).status_code == 403
    assert plaza.evidence("/staydown/evidence/item/unknown").status_code == 404
    assert plaza.evidence("/staydown/evidence/account/ada").status_code == 404


def test_the_original_is_erased_after_thirty_days(plaza: Plaza, post_id: str) -> None:
    plaza.order("order.remove", item_id=post_id)
    with sqlite3.connect(plaza.file) as db:
        db.execute("UPDATE posts SET since = ?", ((datetime.now(UTC) - timedelta(days=31)).isoformat(),))
    db.close()
    plaza.app.extensions["safety"].catch_up()
    assert plaza.evidence(f"/staydown/evidence/item/{post_id}").status_code == 404
    assert plaza.rows("SELECT 1 FROM pictures") == []
    assert plaza.order("order.restore", item_id=post_id).json == {"outcome": "gone"}


def test_the_report_button_leads_to_the_report_pages_without_an_account(
    plaza: Plaza, post_id: str, staydown: FakeStaydown
) -> None:
    answer = plaza.visitor().post(f"/posts/{post_id}/report", headers={"Accept-Language": "fr-BE, en;q=0.5"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"http://127.0.0.1:1/r/{post_id}?fr")
    staydown.down = True
    answer = plaza.visitor().post(f"/posts/{post_id}/report")
    assert answer.status_code == 503
    assert "112" in answer.text


def test_the_secret_of_the_two_sides_is_on_no_page(plaza: Plaza, post_id: str) -> None:
    for address in ("/", f"/posts/{post_id}", "/people/ada", "/sign-in"):
        assert SECRET not in plaza.visitor().get(address).text


def test_a_statement_of_reasons_is_fetched_and_only_its_account_reads_it(plaza: Plaza, post_id: str) -> None:
    plaza.order("order.remove", item_id=post_id, statement_id="s1")
    plaza.order("account.suspend", account_id="ada", statement_id="s2")
    plaza.eventually("SELECT 1 FROM (SELECT count(words) AS n FROM statements) WHERE n = 2")
    own = plaza.visitor("ada").get("/people/ada").text
    assert "A person looked at it (s1)." in own
    assert "A person looked at it (s2)." in own
    assert "A person looked at it" not in plaza.visitor("bob").get("/people/ada").text


def test_a_notice_of_an_authoritys_order_is_read_by_its_account_before_staydown_hears_so(
    plaza: Plaza, post_id: str, staydown: FakeStaydown
) -> None:
    for notice_id in ("n1", "n1", "revoked"):
        assert plaza.order("notice.uploader", item_id=post_id, account_id="ada", notice_id=notice_id).is_json
    plaza.eventually("SELECT 1 FROM (SELECT count(*) AS n, sum(given) AS g FROM notices) WHERE n = 1 AND g = 1")
    assert staydown.given == ["n1"]
    assert "A court ordered it (n1)." in plaza.visitor("ada").get("/people/ada").text
    assert "A court ordered it" not in plaza.visitor("bob").get("/people/ada").text
