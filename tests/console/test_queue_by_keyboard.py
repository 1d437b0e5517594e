"""The queue is drawn anew every ten seconds, and takes no keyboard's place away."""

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page

from tests import people
from tests.portal.in_browser import HERE, browsing

pytestmark = pytest.mark.django_db


def test_the_queue_that_is_drawn_anew_leaves_the_focus_where_it_is(browser: Browser, settings: LazySettings):
    case = people.reported(people.posted(people.plaza(), "post-1")).case
    hers = people.console(settings, people.staff("mina"))
    with browsing(browser, hers, {"width": 1280, "height": 900}) as page:
        page.clock.install()
        page.goto(f"{HERE}/")
        page.locator("table.queue tbody a").focus()
        assert focused(page) == f"/cases/{case.pk}"
        page.evaluate("window.drawn = document.activeElement")
        page.clock.fast_forward("00:11")
        page.wait_for_function("!window.drawn.isConnected")
        page.wait_for_function("document.activeElement.matches('table.queue a')")
        assert focused(page) == f"/cases/{case.pk}"


def focused(page: Page) -> str | None:
    """Where what has the focus leads."""
    found: str | None = page.evaluate("document.activeElement.getAttribute('href')")
    return found
