"""Every page that somebody of the staff can open, in a real browser, with an ordinary case and a child's: axe finds nothing."""

from collections.abc import Iterator

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Browser

from staydown.outside.http import Answer
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.console import addresses, known
from tests.portal.in_browser import HERE, browsing, complaints, open_all, photographed

pytestmark = pytest.mark.django_db
DESK = {"width": 1280, "height": 900}
LEAST = 18  # pages; fewer would mean that this test no longer finds them


def opened(client: Client, ids: dict[str, list[object]]) -> Iterator[str]:
    """The path of each page that opens; of each address the last that does, a child's where there is one."""
    pages: dict[str, str] = {}
    ours = addresses.ours()
    for address in addresses.every(ids):
        if address.name not in ours:  # signing in has a story of its own
            continue
        answer = client.get(address.path)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            pages[address.name] = address.path
    yield from pages.values()


def test_every_page_of_the_console_is_accessible(
    browser: Browser, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("staydown.outside.http.get", lambda *_, **__: Answer(200, {}, known.COFFEE))
    wrong: list[str] = []
    with time_machine.travel(people.later(hours=3)):
        there = known.ordinary()
        known.childs(there, Harm.NCII, Tri.YES)
        client = people.console(settings, people.staff("eva", "lead", cleared=True))
        paths = list(opened(client, there.ids))
        with browsing(browser, client, DESK) as page:
            for path in paths:
                page.goto(f"{HERE}{path}")
                open_all(page)
                wrong += complaints(page, path)
                photographed(page, path)
    assert len(paths) >= LEAST
    assert not wrong, "\n".join(wrong)
