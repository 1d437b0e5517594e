"""A passkey in a real browser, under the policy that the console is served with."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browsers import plug_in_a_key

from staydown.people import actions

PASSWORD = "seven grey horses on a boat"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    plug_in_a_key(page)
    yield page
    page.close()


@pytest.fixture
def link(noor, now) -> str:
    """The path of a link; made before the browser starts, whose event loop would hide this thread's connection."""
    cache.clear()
    return f"/enter/{actions.invite(noor, now, timedelta(hours=1))}"


@pytest.fixture
def address(live_server) -> str:
    return f"http://localhost:{live_server.thread.port}"


def test_a_passkey_is_added_and_signs_in_under_the_strict_policy(link, address, page):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(address + link)
    assert answer.status == 200, answer.text()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page.get_by_role("button", name="Come in").click()
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Keep this password").click()
    page.get_by_role("link", name="A passkey or security key").click()
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="I have kept them").click()
    for verb, title in (("Rename", "Rename this key"), ("Remove", "Remove this key?")):
        page.goto(f"{address}/account/2fa/webauthn/")
        page.get_by_role("link", name=verb).click()
        page.get_by_role("heading", name=title).wait_for()
    page.goto(f"{address}/")
    assert page.text_content("body") == "the console"
    page.context.clear_cookies()
    page.goto(f"{address}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{address}/")
    assert page.text_content("body") == "the console"
    assert [line for line in said if "Content Security Policy" in line or "Error" in line] == []


def test_a_button_that_asks_for_a_key_waits_for_the_scripts_that_ask(address, page):
    """Pressed before, it would do nothing, or send a form without a key."""
    page.route("**/*.js", lambda route: (page.wait_for_timeout(500), route.continue_()))
    page.goto(f"{address}/account/login/", wait_until="commit")
    button = page.get_by_role("button", name="Sign in with a passkey")
    expect(button).to_be_visible()
    assert button.is_disabled()
    with page.expect_request("**/webauthn/**"):
        button.click()
