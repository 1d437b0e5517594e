"""The portal in a real Chromium without a server: what the browser asks is answered by Django in the test itself."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

HERE = "http://portal.example"
SMALL = {"width": 320, "height": 640}  # also what 400 % of a screen of 1280 leaves
AXE = Path(AXE_FILE_PATH).read_text(encoding="utf-8")
RULES = "{resultTypes: ['violations']}"
CONTRAST = "{runOnly: ['color-contrast'], resultTypes: ['violations']}"
SETTLED = "Promise.all(document.getAnimations().map(each => each.finished.catch(() => null)))"
WIDER = """[document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > innerWidth + 1
    || each.getBoundingClientRect().left < -1).filter(each => !each.closest('.skip, .visually-hidden'))
    .map(each => each.outerHTML.slice(0, 90))]"""


def open_all(page: Page) -> None:
    """Open whatever can be opened, once all of the page is there."""
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@contextmanager
def browsing(browser: Browser, her: Client, size: dict[str, int] | None = None) -> Iterator[Page]:
    """One page; nothing it asks leaves the test."""
    context = browser.new_context(viewport=size or SMALL, bypass_csp=True)  # type: ignore[arg-type]  # a ViewportSize
    tests_own = copy_context()  # the same connection to the database as the test, in the same transaction
    context.route("**/*", lambda route: _answer(route, her, tests_own))
    context.set_default_timeout(120_000)
    page = context.new_page()
    yield page
    context.close()


def _answer(route: Route, her: Client, tests_own: Context) -> None:
    asked = urlsplit(route.request.url)
    if asked.path.startswith("/static/"):
        found = finders.find(asked.path.removeprefix("/static/"))
        if not isinstance(found, str):
            return route.fulfill(status=404)
        return route.fulfill(body=Path(found).read_bytes(), content_type=guess_type(found)[0] or "text/plain")
    path = f"{asked.path}?{asked.query}" if asked.query else asked.path
    said = route.request.post_data_buffer or b""
    kind = route.request.headers.get("content-type", "application/octet-stream")
    part = {"HX-Request": "true"} if "hx-request" in route.request.headers else {}
    answer = tests_own.run(her.generic, route.request.method, path, said, content_type=kind, headers=part)
    headers = {name: value for name, value in answer.items() if name != "Content-Security-Policy"}
    return route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


def complaints(page: Page, name: str, options: str = RULES) -> list[str]:
    """What axe finds wrong on the page as it is shown now."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    page.evaluate(SETTLED)
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [f"{name}: {each['id']}: {json.dumps([node['html'][:120] for node in each['nodes'][:3]])}" for each in found]


def beyond(page: Page, name: str) -> list[str]:
    """What makes the page wider than the screen."""
    page.wait_for_load_state()
    over, *elements = page.evaluate(WIDER)
    return [f"{name}: {over} px too wide: {elements[:3]}"] if over > 0 else []


def photographed(page: Page, name: str) -> None:
    """Keep a picture where STAYDOWN_PICTURES names a folder."""
    if folder := os.environ.get("STAYDOWN_PICTURES"):
        page.screenshot(path=Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name)}.png", full_page=True)
