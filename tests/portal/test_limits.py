"""Over the limit of an address nobody's report is refused: it costs a device some work, or a person some patience."""

import html
import json
import re
from urllib.parse import parse_qs

import altcha
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client, RequestFactory
from playwright.sync_api import Browser, Route

from staydown.cases.models import Report
from staydown.portal import limits
from staydown.portal.middleware import not_too_many
from tests.portal.test_asking import ONCE
from tests.portal.test_device_fingerprints import STATIC

pytestmark = pytest.mark.urls("staydown.portal.urls")
SAID = {"door": "me", "once": ONCE, "links": "https://elsewhere.example/a", "words": 'it is "him"\n& nobody else'}


def fields(page: str) -> dict[str, str]:
    """What the page would send again."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def proof(page: str) -> str:
    asked = json.loads(html.unescape(re.search(r'data-challenge="([^"]*)"', page)[1]))
    number = altcha.solve_challenge_v1(asked["challenge"], asked["salt"], max_number=asked["maxNumber"]).number
    names = ("algorithm", "challenge", "salt", "signature")
    return altcha.PayloadV1(**{name: asked[name] for name in names}, number=number).to_base64()


@pytest.mark.django_db
def test_a_report_over_the_limit_is_taken_once_a_device_has_worked_for_it(her: Client, settings: LazySettings):
    settings.REPORTS_PER_HOUR = 0
    asked = her.post("/en/form/me", SAID)
    page = asked.content.decode()
    assert asked.status_code == 429
    again = fields(page)
    assert {name: again[name] for name in SAID} == SAID  # nothing that was typed is lost
    solved = again | {"proof": proof(page)}
    assert her.post("/en/form/me", solved).status_code == 200
    assert Report.objects.count() == 1
    assert her.post("/en/form/me", solved).status_code == 429  # a proof is good for once
    for wrong in ("", "nonsense", "bnVsbA==", "W10=", "eyJhIjogMX0=", "[" * 9000):
        assert her.post("/en/form/me", again | {"proof": wrong}).status_code == 429


@pytest.mark.django_db
def test_without_scripts_it_is_taken_when_its_turn_has_come(
    her: Client, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    settings.REPORTS_PER_HOUR = 0
    early = fields(her.post("/en/form/me", SAID).content.decode())
    page = her.post("/en/form/me", early).content.decode()
    assert "in 1 minute" in page
    assert fields(page)["turn"] == early["turn"]  # pressed too early: the turn stays where it was
    assert her.post("/en/form/me", early, REMOTE_ADDR="192.0.2.8").status_code == 429  # and is nobody else's
    monkeypatch.setattr(limits, "STEP", 0)
    ready = fields(her.post("/en/form/me", SAID).content.decode())
    assert her.post("/en/form/me", ready).status_code == 200
    assert her.post("/en/form/me", ready).status_code == 429
    assert Report.objects.count() == 1


def test_turns_of_one_address_come_one_after_the_other_and_within_the_hour():
    hourly = limits.Hourly()
    hourly.count("192.0.2.1", 0)
    waits = [hourly.waits(hourly.turn("192.0.2.1", 10), "192.0.2.1", 10) for _ in range(3)]
    assert waits == [60, 120, 180]
    assert hourly.waits(hourly.turn("192.0.2.2", 10), "192.0.2.2", 10) == 60
    assert hourly.waits("5.1.00", "192.0.2.1", 10) is None
    assert hourly.waits("nonsense", "192.0.2.1", 10) is None


def test_who_asks_with_codes_is_refused_whatever_the_device_would_do(her: Client, settings: LazySettings):
    settings.REPORTS_PER_HOUR = 0
    page = her.post("/en/follow", {"receipt": "K7QM-3XTP-9WHD-R4VA"}).content.decode()
    assert "data-challenge" not in page


def test_a_browser_works_and_sends_the_report_by_itself(browser: Browser, her: Client, settings: LazySettings):
    settings.REPORTS_PER_HOUR = 0
    handle = not_too_many(lambda _: HttpResponse("taken"))
    sent: list[dict[str, list[str]]] = []
    page = handle(RequestFactory().post("/en/form/me", SAID)).content.decode()

    def answer(route: Route) -> None:
        if route.request.url.endswith("again.js"):
            route.fulfill(path=STATIC / "portal" / "again.js", content_type="text/javascript")
        elif route.request.method == "POST":
            sent.append(parse_qs(route.request.post_data or ""))
            route.fulfill(body="sent", content_type="text/plain")
        else:
            route.fulfill(body=page, content_type="text/html")

    tab = browser.new_page()
    tab.route("**/*", answer)
    tab.goto("http://127.0.0.1:8999/en/form/me")
    tab.get_by_text("sent", exact=True).wait_for(timeout=120_000)
    tab.close()
    (said,) = sent
    again = {name: values[0].replace("\r\n", "\n") for name, values in said.items()}
    assert {name: again[name] for name in SAID} == SAID
    assert handle(RequestFactory().post("/en/form/me", again)).content == b"taken"


def test_the_page_that_asks_for_patience_can_be_used_by_everybody(
    browser: Browser, her: Client, settings: LazySettings
):
    settings.REPORTS_PER_HOUR = 0
    tab = browser.new_page()
    tab.set_content(her.post("/en/form/me", SAID).content.decode())
    assert Axe().run(tab).response["violations"] == []
    tab.close()
