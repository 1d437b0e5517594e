"""What is seen in the console can be hidden at once, whatever still comes."""

import pytest
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser, Route, expect

from staydown.cases.models import Case
from staydown.outside.http import Answer
from tests import people
from tests.pictures import jpeg, photograph
from tests.portal.in_browser import HERE, browsing

pytestmark = pytest.mark.django_db
DESK = {"width": 1280, "height": 900}
ESCAPE = "document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))"
AWAY = "window.dispatchEvent(new Event('blur'))"


@pytest.fixture
def case(monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: Answer(200, {}, jpeg(photograph("coffee"))))
    return people.reported(people.posted(people.plaza(), "post-1")).case


@pytest.fixture
def hers(case: Case, settings: LazySettings) -> Client:
    return people.console(settings, people.staff("mina"))


@pytest.mark.parametrize("hide", [ESCAPE, AWAY])
def test_a_picture_that_was_asked_for_before_all_were_hidden_does_not_come_afterwards(
    browser: Browser, hers: Client, case: Case, hide: str
):
    with browsing(browser, hers, DESK) as page:
        page.goto(f"{HERE}/cases/{case.pk}")
        ask, picture = page.get_by_role("button", name="Show it tiny and grey"), page.locator("figure.look img")
        page.route("**/media/**", later)
        with page.expect_request("**/media/**"):
            ask.click()
        page.evaluate(hide)
        page.wait_for_timeout(3000)
        assert picture.count() == 0
        ask.click()  # what she asks for now comes
        expect(picture).to_have_js_property("naturalWidth", 64)


def test_who_presses_escape_twice_while_the_page_still_comes_sees_nothing_of_it(
    browser: Browser, hers: Client, case: Case
):
    with browsing(browser, hers, DESK) as page:
        page.route("**/*.js", later)
        page.goto(f"{HERE}/cases/{case.pk}", wait_until="commit")
        expect(page.locator("h1")).to_be_visible()
        page.evaluate(f"{ESCAPE}; {ESCAPE}")
        expect(page.locator("h1")).to_be_hidden()
        page.wait_for_load_state()
        expect(page.locator("h1")).to_be_hidden()


def later(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(1000)
    route.fallback()
