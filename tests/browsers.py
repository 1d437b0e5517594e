"""Chromium, quiet: it asks nobody on the internet anything."""

import shutil

from playwright.sync_api import Page

PATIENCE = 180.0  # seconds: what a test waits for on a page comes at once, but not on every machine that runs tests
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


def plug_in_a_key(page: Page) -> None:
    """Give the page's browser a security key that its owner always touches."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def chromium() -> str | None:
    """The system's Chromium; None for the one that Playwright brings."""
    return shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
