"""Chromium, quiet: it asks nobody on the internet anything."""

import shutil

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def chromium() -> str | None:
    """The system's Chromium; None for the one that Playwright brings."""
    return shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
