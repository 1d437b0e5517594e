"""Requests nobody sends by accident, to the platform API and the report pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from staydown.platforms import tasks
from staydown.platforms.models import Order
from staydown.portal.middleware import address_of
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return Client(headers={"Authorization": f"Bearer {people.key_of(people.plaza())}"}, raise_request_exception=False)


ITEM = {"url": "http://x.example/1", "posted_at": "2026-11-21T12:00:00Z"}
BODIES = {
    "deep": b"[" * 100_000,
    "deep in a field": b'{"item_ids": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "digits": b'{"views": ' + b"9" * 10_000 + b"}",
    "not utf-8": b'{"words": "\xff\xfe"}',
    "utf-16": '{"item_ids": ["a"]}'.encode("utf-16"),
    "nan": b'{"views": NaN}',
    "a number": b"1",
    "nothing": b"",
    "repeated keys": b'{"item_ids": ["a"], "item_ids": ["b"]}',
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_request_is_refused_as_a_problem(client: Client, name: str):
    for method, path in (
        ("POST", "/reports"),
        ("PUT", "/items/p"),
        ("PATCH", "/items/p"),
        ("POST", "/uploads/check"),
        ("POST", "/report-links"),
    ):
        answer = client.generic(method, f"/api/v1{path}", BODIES[name], content_type="application/json")
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        assert answer["Content-Type"] == "application/problem+json", path


@pytest.mark.parametrize("item_id", ["%00", "%ff%fe", "%ed%a0%80", "a" * 201, "%0d%0aX-Evil:%201"])
def test_item_ids_in_the_address_break_nothing(client: Client, item_id: str):
    answer = client.put(f"/api/v1/items/{item_id}", json.dumps(ITEM), content_type="application/json")
    assert answer.status_code in (201, 422)
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "bearer x", "Basic eDp5", "Bearer \x00", "Bearer " + "x" * 10_000, "Bearer é"]
)
def test_a_strange_authorization_is_no_key(header: str):
    answer = Client(raise_request_exception=False).get("/api/v1/orders", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", "é", "a\x00b"])
def test_a_strange_idempotency_key_is_refused(client: Client, key: str):
    answer = client.post("/api/v1/reports", "{}", content_type="application/json", headers={"Idempotency-Key": key})
    assert answer.status_code in (400, 422)


def test_multipart_that_is_none_is_refused(client: Client):
    for content_type, body in (
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=media\r\n\r\n"),
        ("multipart/form-data; boundary=b; charset=utf-16", b"--b--\r\n"),
        ("image/jpeg", jpeg(photograph("coffee"))),
        ("", b""),
    ):
        answer = client.generic("POST", "/api/v1/uploads/check", body, content_type=content_type)
        assert answer.status_code in (400, 415, 422), content_type


def test_an_upload_that_is_no_picture_whatever_it_is_called(client: Client):
    for body in (b"<svg onload=alert(1)>", b"<?php system('id');", b"PK\x03\x04" + b"\x00" * 100, b"\xff\xd8\xff" * 50):
        file = SimpleUploadedFile("../../etc/passwd", body, content_type="image/jpeg")
        answer = client.post("/api/v1/uploads/check", {"media": file}).json()
        assert (answer["verdict"], answer["reasons"]) == ("hold", ["unreadable"])


@pytest.mark.parametrize("program", ["app", "portal"])
def test_no_stranger_writes_a_file_on_the_disk(program: str, monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A file field nobody asked for, larger than what stays in memory, must not fill the disk."""
    import tempfile

    from django.core.files import uploadhandler

    made: list[str] = []
    monkeypatch.setattr(uploadhandler, "TemporaryUploadedFile", lambda name, *_: made.append(name))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path, urls = {
        "app": ("/account/login/", "staydown.site.app_urls"),
        "portal": ("/en/report", "staydown.portal.urls"),
    }[program]
    with override_settings(ROOT_URLCONF=urls, FILE_UPLOAD_MAX_MEMORY_SIZE=10_000):
        file = SimpleUploadedFile("x.bin", b"x" * 50_000)
        answer = Client(raise_request_exception=False).post(path, {"file": file, "door": "saw"})
    assert answer.status_code < 500
    assert not made


@pytest.mark.parametrize(
    "body", [b"[" * 60_000, b'{"outcome": []}', b'{"outcome": {"a": 1}}', b"\xff", b'"gone"', b"7"]
)
def test_a_webhook_answer_that_is_nonsense_confirms_nothing_and_breaks_nothing(body: bytes):
    assert tasks._outcome(body) is None


def test_an_order_to_a_platform_that_answers_nonsense_is_seen_as_failing(monkeypatch: pytest.MonkeyPatch):
    from staydown.outside import http
    from staydown.promises.errors import Later

    people.reported(people.posted(people.plaza("http://127.0.0.1:9/hooks"), "post-1"))
    order = Order.objects.get()
    monkeypatch.setattr(http, "post", lambda *_, **__: http.Answer(200, {}, b"[" * 60_000))
    for _ in range(6):
        with pytest.raises(Later):
            tasks.deliver(str(order.pk))
    order.refresh_from_db()
    assert order.state == "failing"


def test_one_ipv6_household_counts_as_one_sender(rf, settings):
    settings.PROXIES = 0
    senders = {address_of(rf.post("/", REMOTE_ADDR=f"2001:db8:1:2::{n:x}")) for n in range(1, 50)}
    assert len(senders) == 1
    assert address_of(rf.post("/", REMOTE_ADDR="2001:db8:1:3::1")) not in senders
    assert address_of(rf.post("/", REMOTE_ADDR="203.0.113.7")) != address_of(rf.post("/", REMOTE_ADDR="203.0.113.8"))


def test_a_forwarded_header_of_a_strangers_own_is_not_believed(rf, settings):
    settings.PROXIES = 0
    assert address_of(rf.post("/", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR="198.51.100.1")) == "203.0.113.7"
    settings.PROXIES = 1
    forged = rf.post("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 203.0.113.7")
    assert address_of(forged) == "203.0.113.7"


@override_settings(ROOT_URLCONF="staydown.portal.urls")
@pytest.mark.parametrize(
    "path", ["//evil.example/report", "/\\evil.example", "/en//evil.example/", "/%2f%2fevil.example", "/fr/../../x"]
)
def test_no_address_of_the_report_pages_leads_elsewhere(path: str):
    answer = Client(raise_request_exception=False).get(path)
    where = answer.headers.get("Location", "/en/")
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))
    assert b'href="//evil' not in answer.content


@override_settings(ROOT_URLCONF="staydown.portal.urls")
def test_pages_take_strange_forms_without_breaking():
    for body, kind in (
        (b"door=me&once=%00%00", "application/x-www-form-urlencoded"),
        (b"door=me&once=" + b"a" * 30 + b"&links=%ff%fe%ed%a0%80", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b"\x00" * 1000, "application/x-www-form-urlencoded; charset=utf-7"),
        (b"{}", "application/json"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
    ):
        for path in ("/en/report", "/fr/follow"):
            answer = Client(raise_request_exception=False).generic("POST", path, body, content_type=kind)
            assert 400 <= answer.status_code < 500, (path, kind, answer.status_code)
            assert not answer.cookies
