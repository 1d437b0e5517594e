import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staydown.cases.models import Report
from staydown.platforms import keys
from staydown.platforms.models import ApiKey, Item, Order
from staydown.platforms.rules import Scope
from staydown.vault.receipts import Receipt
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


class Api:
    """Plaza's engineer at the keyboard."""

    def __init__(self, *scopes: Scope) -> None:
        self.platform = people.plaza()
        self.key = people.key_of(self.platform, *scopes)
        self.client = Client(headers={"Authorization": f"Bearer {self.key}"})

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method, f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    def check(self, media: bytes, **fields: str) -> Any:
        file = SimpleUploadedFile("a.jpg", media, content_type="image/jpeg")
        return self.client.post("/api/v1/uploads/check", {"media": file, **fields})

    def publish(self, item_id: str = "p1", media: bytes | None = None) -> Any:
        check_id = self.check(media or jpeg(photograph("coffee")), account_id="ana").json()["check_id"]
        return self.send("PUT", f"/items/{item_id}", self.item(item_id, check_id))

    @staticmethod
    def item(item_id: str, check_id: str | None) -> dict[str, Any]:
        return {
            "url": f"http://plaza.example/posts/{item_id}",
            "account_id": "ana",
            "posted_at": "2026-11-21T12:00:00Z",
            "check_id": check_id,
        }


def problem(response: Any, status: int) -> str:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert set(said) == {"type", "title", "status", "detail"}
    assert said["status"] == status
    return said["detail"]


def test_an_upload_is_checked_registered_and_not_registered_twice():
    api = Api()
    first = api.publish()
    assert first.status_code == 201
    assert first.json() == {"item_id": "p1", "state": "up", "sequence": 0, "views": 0}
    check_id = str(Item.objects.get().check_row_id)
    again = api.send("PUT", "/items/p1", api.item("p1", check_id))
    assert again.status_code == 200
    assert Item.objects.count() == 1


def test_a_check_may_send_a_fingerprint_instead_of_the_picture():
    api = Api()
    body = {"fingerprints": [{"kind": "pdq", "value": "AB" * 32, "quality": 80}]}
    answer = api.send("POST", "/uploads/check", body)
    assert answer.status_code == 200
    assert answer.json()["verdict"] == "allow"


def test_a_truncated_jpeg_is_still_checked():
    media = jpeg(photograph("coffee"))
    assert Api().check(media[: len(media) // 2]).json()["verdict"] == "allow"


def test_a_key_that_is_missing_wrong_revoked_or_too_narrow_opens_nothing():
    api = Api(Scope.CHECK)
    problem(Client().post("/api/v1/uploads/check"), 401)
    problem(Client(headers={"Authorization": "Bearer sd_live_nonsense"}).get("/api/v1/orders"), 401)
    assert "orders" in problem(api.send("GET", "/orders"), 403)
    keys.revoke(ApiKey.objects.get(), by="test", now=people.NOW)
    problem(api.check(b"x"), 401)


def test_a_key_is_not_stored():
    api = Api()
    row = ApiKey.objects.get()
    assert api.key.encode() not in bytes(row.digest)
    assert len(row.hint) < 16


def test_one_platform_does_not_see_the_others_items():
    api = Api()
    api.publish()
    other = keys.add_platform(
        "Other", "other", by="test", now=people.NOW, working_public=people.settings.WORKING_PUBLIC
    )
    stranger = Client(headers={"Authorization": f"Bearer {people.key_of(other)}"})
    problem(stranger.delete("/api/v1/items/p1"), 404)


def test_a_report_through_the_platforms_button_answers_a_receipt_that_opens_the_report(settings):
    api = Api()
    api.publish()
    answer = api.send(
        "POST", "/reports", {"item_ids": ["p1"], "harm": "NCII", "flags": ["person_shown"], "words": "me"}
    )
    assert answer.status_code == 201
    receipt = Receipt.typed(answer.json()["receipt"], settings.RECEIPT_SALT)
    report = Report.objects.get(lookup=receipt.lookup)
    assert receipt.read(report.words_sealed) == "me"
    assert answer.json()["follow_url"].endswith("/en/follow")
    assert Item.objects.get().state == "held"


def test_the_same_idempotency_key_changes_nothing_and_another_request_under_it_is_refused():
    api = Api()
    api.publish()
    body = {"item_ids": ["p1"], "harm": "NCII"}
    key = {"Idempotency-Key": "abc"}
    first = api.send("POST", "/reports", body, **key)
    assert api.send("POST", "/reports", body, **key).json() == first.json()
    assert Report.objects.count() == 1
    problem(api.send("POST", "/reports", body | {"harm": "CSAM"}, **key), 409)


def test_a_report_about_nothing_or_about_something_unknown_is_refused():
    api = Api()
    problem(api.send("POST", "/reports", {"harm": "NCII"}), 422)
    problem(api.send("POST", "/reports", {"item_ids": ["nope"]}), 404)
    assert not Report.objects.exists()


def test_a_report_link_opens_the_item_and_a_changed_one_does_not(settings):
    from datetime import timedelta

    from django.utils import timezone

    from staydown.platforms import links

    api = Api()
    api.publish()
    url = api.send("POST", "/report-links", {"item_id": "p1", "language": "fr"}).json()["url"]
    token = url.rsplit("/", 1)[1]
    assert "/fr/report/" in url
    assert links.read(token, settings.LINK_PUBLIC, timezone.now()) == Item.objects.get().pk
    for bad in (token[:-1], token[:-2] + "__", "", "x" * 2000, "é"):
        with pytest.raises(links.BadLink):
            links.read(bad, settings.LINK_PUBLIC, timezone.now())
    with pytest.raises(links.BadLink):
        links.read(token, settings.LINK_PUBLIC, timezone.now() + timedelta(days=8))


def test_a_platform_that_polls_reads_its_orders_and_confirms_them_once():
    api = Api()
    api.publish()
    api.send("POST", "/reports", {"item_ids": ["p1"], "harm": "NCII", "flags": ["person_shown"]})
    (order,) = api.send("GET", "/orders").json()["orders"]
    assert (order["action"], order["item_id"], order["sequence"]) == ("order.hold", "p1", 1)
    for _ in range(2):
        said = api.send("POST", f"/orders/{order['order_id']}/confirm", {"outcome": "applied"})
        assert (said.status_code, said.json()["state"]) == (200, "confirmed")
    assert api.send("GET", "/orders").json() == {"orders": []}
    problem(api.send("POST", f"/orders/{Report.objects.get().pk}/confirm", {"outcome": "applied"}), 404)


def test_nothing_about_what_is_banked_is_in_an_answer():
    api = Api()
    answer = api.check(jpeg(photograph("coffee"))).json()
    assert set(answer) == {"check_id", "verdict", "reasons", "labels"}


def test_views_only_grow():
    api = Api()
    api.publish()
    api.send("PATCH", "/items/p1", {"views": 10})
    assert api.send("PATCH", "/items/p1", {"views": 3}).json()["views"] == 10


def test_an_item_that_is_gone_ends_its_orders():
    api = Api()
    api.publish()
    api.send("POST", "/reports", {"item_ids": ["p1"], "harm": "NCII", "flags": ["person_shown"]})
    assert api.send("DELETE", "/items/p1").status_code == 204
    assert api.send("DELETE", "/items/p1").status_code == 204
    assert Order.objects.get().state == "superseded"


@pytest.mark.parametrize(
    "body", [{"url": "ftp://x"}, {"posted_at": "yesterday"}, {"posted_at": "0001-01-01T00:00:00+23:00"}]
)
def test_an_item_that_makes_no_sense_is_refused_and_nothing_is_kept(body: dict[str, str]):
    api = Api()
    problem(api.send("PUT", "/items/p1", api.item("p1", None) | body), 422)
    assert not Item.objects.exists()


def test_text_no_database_can_hold_is_refused():
    api = Api()
    api.publish()
    for words in ("\x00", "\ud800"):
        problem(api.send("POST", "/reports", {"item_ids": ["p1"], "words": words}), 422)


def test_too_large_an_upload_is_refused_before_it_is_read():
    api = Api()
    answer = api.client.generic(
        "POST", "/api/v1/uploads/check", b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH="99999999"
    )
    problem(answer, 413)


def test_an_id_that_was_gone_is_not_used_again():
    api = Api()
    api.publish()
    api.send("DELETE", "/items/p1")
    assert "id of its own" in problem(api.publish(), 409)


def test_what_is_banked_is_what_a_person_saw_not_what_a_platform_said(monkeypatch: pytest.MonkeyPatch):
    from staydown.banks import tasks
    from staydown.banks.models import Entry
    from staydown.cases.actions import deciding
    from staydown.cases.rules import Ruling
    from staydown.promises.models import Promise

    api = Api()
    body = {"fingerprints": [{"kind": "pdq", "value": "AB" * 32, "quality": 100}], "account_id": "ana"}
    check_id = api.send("POST", "/uploads/check", body).json()["check_id"]
    api.send("PUT", "/items/p1", api.item("p1", check_id))
    case = people.reported(Item.objects.get()).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    assert not Entry.objects.exists()
    owed = Promise.objects.get(task="staydown.banks.tasks.bank_from_evidence")
    monkeypatch.setattr(tasks.evidence, "fetch", lambda *_: jpeg(photograph("rocket")))
    tasks.bank_from_evidence(*owed.args)
    assert api.check(jpeg(photograph("rocket"))).json()["verdict"] == "block"
    assert api.send("POST", "/uploads/check", body).json()["verdict"] == "allow"


def test_who_published_an_item_contests_its_removal_and_reads_the_answer():
    from staydown.cases.actions import complaining, deciding
    from staydown.cases.models import Complaint
    from staydown.cases.rules import Ruling

    api, mina, tomas = Api(), people.staff("mina"), people.staff("tomas")
    api.publish()
    report = people.reported(Item.objects.get())
    said = {"item_id": "p1", "account_id": "ana", "words": "my cat", "language": "fr"}
    assert "can be contested" in problem(api.send("POST", "/complaints", said), 409)
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), mina, people.NOW)
    problem(api.send("POST", "/complaints", said | {"account_id": "eve"}), 404)
    problem(api.send("POST", "/complaints", said | {"item_id": "p2"}), 404)
    first = api.send("POST", "/complaints", said, **{"Idempotency-Key": "k"})
    assert first.status_code == 201
    assert api.send("POST", "/complaints", said, **{"Idempotency-Key": "k"}).json() == first.json()
    row = Complaint.objects.get()
    assert first.json()["complaint_id"] == str(row.pk)
    complaining.answer(row, "It stays so.", tomas, people.NOW)
    path = f"/complaints/{row.pk}"
    assert (api.send("GET", path).json()["state"], api.send("GET", path).json()["answer"]) == ("open", None)
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), tomas, people.NOW)
    assert api.send("GET", path).json()["answer"] == "It stays so."
    assert api.send("GET", path).json()["state"] == "upheld"
    problem(api.send("GET", f"/complaints/{report.pk}"), 404)
