"""A real browser, a real house, and eyes: every page that a story visits is looked at (axe) and photographed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests import house, postgres

PICTURES = Path(os.environ.get("STAYDOWN_PICTURES", Path(__file__).parents[1] / "pictures" / "out"))
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


class Eyes:
    """Looks at a page as a person who needs it accessible would, and keeps a photograph."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def look(self, page: Page, name: str) -> None:
        page.wait_for_load_state()
        found = Axe().run(page)
        for violation in found.response["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            self.complaints.append(f"{name}: {violation['id']}: {violation['help']}: {nodes}")
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


@pytest.fixture
def eyes() -> Iterator[Eyes]:
    seeing = Eyes()
    yield seeing
    assert not seeing.complaints, "\n".join(seeing.complaints)


ON_POSTGRESQL_AT_LENGTH = pytest.mark.parametrize(
    "a_house", ["sqlite", pytest.param("postgres", marks=pytest.mark.soak)], indirect=True
)


@pytest.fixture(params=["sqlite", "postgres"])
def a_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[house.House]:
    """The whole house, on each database."""
    if request.param == "sqlite":
        with house.running(tmp_path / "house") as running:
            yield running
        return
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    with postgres.server() as address, house.running(tmp_path / "house", address) as running:
        yield running


def somebody(browser: Browser, size: dict[str, int], language: str = "en-GB") -> BrowserContext:
    """A person with a browser of their own."""
    return browser.new_context(viewport=size, locale=language)  # type: ignore[arg-type]  # a ViewportSize by another name
