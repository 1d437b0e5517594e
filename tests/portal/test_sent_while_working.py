"""Who presses Send while the device still works on what she chose loses nothing of it, and is kept from nothing."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from staydown.cases.models import Report
from tests.pictures import jpeg, photograph
from tests.portal.in_browser import HERE, browsing, open_all

pytestmark = [pytest.mark.django_db, pytest.mark.urls("staydown.portal.urls")]
PICTURE = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": jpeg(photograph("coffee"))}
FILM = {"name": "me.mp4", "mimeType": "video/mp4", "buffer": b"a film"}


def chosen(page: Page, *files: dict[str, object]) -> None:
    """The form with a link in it, and these files."""
    page.goto(f"{HERE}/en/form/me")
    page.locator("#id_links").fill("https://elsewhere.example/a")
    open_all(page)
    page.locator("#choose").set_input_files(files=list(files))  # type: ignore[arg-type]  # FilePayloads


def late(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(2000)
    route.fallback()


def test_a_report_waits_for_the_fingerprint_that_the_device_still_makes(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        page.route("**/worker.js", late)
        chosen(page, PICTURE)
        page.evaluate("for (const _ of '12') document.getElementById('send').click()")  # a double click
        expect(page.get_by_text("Your device is still working on it.")).to_be_visible()
        expect(page.locator("#receipt")).to_be_visible()
    assert Report.objects.get().prints.count() == 1


def test_whoever_will_not_wait_presses_again(browser: Browser, her: Client):
    with browsing(browser, her) as page:
        page.route("**/worker.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        chosen(page, PICTURE)
        page.locator("#send").click()
        page.wait_for_timeout(1500)
        page.locator("#send").click()
        expect(page.locator("#receipt")).to_be_visible()
    assert Report.objects.get().prints.count() == 0


@pytest.mark.parametrize("missing", ["worker.js", "film.js"])
def test_what_looks_at_files_and_does_not_come_is_said_and_holds_up_nothing(
    browser: Browser, her: Client, missing: str
):
    with browsing(browser, her) as page:
        page.route(f"**/{missing}", lambda route: route.abort())
        chosen(page, FILM, FILM, PICTURE)
        lines = page.locator("#prints [data-list] li")
        for number in range(2 if missing == "film.js" else 3):
            expect(lines.nth(number)).to_contain_text("could not open this file")
        page.locator("#send").click()
        expect(page.locator("#receipt")).to_be_visible()
