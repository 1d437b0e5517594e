"""The short way of a hash check: the same answers as the whole way, of which it leaves out what such a call does not need."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections

from staydown.banks.models import Fingerprint
from staydown.platforms import keys, shortly
from staydown.platforms.models import ApiKey, Check
from staydown.platforms.shortly import Shortly
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.platforms.test_api import Api
from tests.platforms.test_hashes import OTHER, hashed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_tests_own_connection_stays_open(monkeypatch):
    """As Django's test client sees to: within a test's transaction every connection looks as if it must be closed."""
    monkeypatch.setattr(shortly, "close_old_connections", lambda: None)
    both = signals.request_started, signals.request_finished
    for each in both:
        each.disconnect(close_old_connections)
    yield
    for each in both:
        each.connect(close_old_connections)


class Ways:
    """One call both ways: what each answers (status, headers, body), and whether the short one was enough."""

    def __init__(self) -> None:
        self.gone_whole = 0
        self._whole = WSGIHandler()
        self._short = Shortly(self._counted)

    def _counted(self, environ: dict[str, Any], start: Any) -> Any:
        self.gone_whole += 1
        return self._whole(environ, start)

    def ask(self, key: str, body: Any, **also: str) -> tuple[int, dict[str, Any]]:
        said = [_called(way, key, json.dumps(body).encode(), also) for way in (self._whole, self._short)]
        assert said[0] == said[1]
        status, _, answer = said[1]
        return int(status.split()[0]), json.loads(answer)


def _called(application: Any, key: str, body: bytes, also: dict[str, str]) -> tuple[str, dict[str, str], bytes]:
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/api/v1/hashes/check", "SCRIPT_NAME": "", "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body),
        "HTTP_AUTHORIZATION": f"Bearer {key}", **also,
    }  # fmt: skip
    said: list[Any] = []
    answer = application(environ, lambda status, headers, *_: said.extend((status, dict(headers))))
    content = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return said[0], said[1], content


def test_what_resembles_nothing_is_answered_the_short_way_in_the_very_same_words():
    ways, api = Ways(), Api()
    banked(api.platform)
    for many in (1, 2, 20):
        status, said = ways.ask(api.key, {"hashes": [OTHER] * many})
        assert (status, len(said["answers"])) == (200, many)
    assert ways.gone_whole == 0


def test_what_resembles_something_goes_the_whole_way_and_is_held():
    ways, api = Ways(), Api()
    entry = banked(api.platform)
    rows = Fingerprint.objects.count()
    body = json.dumps({"hashes": [OTHER, hashed(COPY)]}).encode()
    status, _, said = _called(ways._short, api.key, body, {})
    first, held = json.loads(said)["answers"]
    assert (status, first["verdict"], held["verdict"]) == ("200 OK", "allow", "hold")
    assert Check.objects.get(pk=held["check_id"]).matches.get().entry == entry
    assert Fingerprint.objects.count() == rows + 1
    assert ways.gone_whole == 1


def test_every_refusal_is_the_whole_ways():
    ways, api = Ways(), Api()
    for body in ({"hashes": []}, {"hashes": [OTHER | {"pdq": "zz" * 32}]}, {"hash": OTHER}, []):
        assert ways.ask(api.key, body)[0] == 422
    assert ways.ask("sd_live_nobodys", {"hashes": [OTHER]})[0] == 401
    assert ways.ask("", {"hashes": [OTHER]}, HTTP_AUTHORIZATION="")[0] == 401
    assert ways.ask(api.key, {"hashes": [OTHER] * 1001})[0] == 422
    assert ways.gone_whole == 7


def test_a_key_is_narrowed_and_revoked_from_the_next_call_on():
    ways, api = Ways(), Api()
    assert ways.ask(api.key, {"hashes": [OTHER]})[0] == 200
    ApiKey.objects.update(scopes=["items"])
    assert ways.ask(api.key, {"hashes": [OTHER]})[0] == 403
    ApiKey.objects.update(scopes=["check"])
    assert ways.ask(api.key, {"hashes": [OTHER]})[0] == 200
    keys.revoke(ApiKey.objects.get(), by="test", now=people.NOW)
    assert ways.ask(api.key, {"hashes": [OTHER]})[0] == 401


def test_an_entry_banked_a_moment_ago_is_met_by_the_next_call():
    ways, api = Ways(), Api()
    copy = {"hashes": [hashed(COPY)]}
    assert ways.ask(api.key, copy)[1]["answers"][0]["verdict"] == "allow"
    banked(api.platform)
    said = json.loads(_called(ways._short, api.key, json.dumps(copy).encode(), {})[2])
    assert said["answers"][0]["verdict"] == "hold"


def test_a_fault_is_met_again_the_whole_way_where_it_is_written_down(monkeypatch, caplog):
    from staydown.banks import following

    def broken(*_: object) -> list[int]:
        raise RuntimeError("the index is away")

    ways, api = Ways(), Api()
    monkeypatch.setattr(following.bank, "resembled", broken)
    assert _called(ways._short, api.key, json.dumps({"hashes": [OTHER]}).encode(), {})[0].startswith("500")
    assert "the index is away" in caplog.text
    assert ways.gone_whole == 1
