"""What every test may use."""

import os
from collections.abc import Callable, Iterator
from functools import wraps

import hypothesis
import pytest
from django.utils import translation
from hypothesis import HealthCheck
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from staydown.banks import catalogue, following
from tests.browsers import FLAGS, PATIENCE, chromium
from tests.journal.emptying import emptying_lifts_the_guards

# The browser's own event loop runs in the tests' thread; Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
expect.set_options(timeout=PATIENCE * 1000)
hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("unhurried")  # no test is of a speed: another job on the machine fails none
__all__ = ["emptying_lifts_the_guards", "fresh_indexes"]


@pytest.fixture(autouse=True)
def own_language() -> None:
    """Each test begins in the house's own language, whatever a reader of the test before it chose."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def fresh_indexes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a database of its own, so each has indexes of its own."""
    from staydown.banks import tasks
    from staydown.banks.actions import checking, importing, meeting

    monkeypatch.setattr(following, "bank", following.BankIndex())
    monkeypatch.setattr(catalogue, "catalogue", catalogue.CatalogueIndex())
    monkeypatch.setattr(meeting, "bank", following.bank)
    monkeypatch.setattr(checking, "bank", following.bank)
    monkeypatch.setattr(importing, "bank", following.bank)
    monkeypatch.setattr(tasks, "bank", following.bank)
    monkeypatch.setattr(tasks, "catalogue", catalogue.catalogue)


def patiently[**P, R: (BrowserContext, Page)](make: Callable[P, R]) -> Callable[P, R]:
    """The same, waiting for whatever a test does in it as long as `expect` does."""

    @wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        found = make(*args, **kwargs)
        found.set_default_timeout(PATIENCE * 1000)
        return found

    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright runs once in a thread."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        launched.new_context, launched.new_page = map(patiently, (launched.new_context, launched.new_page))
        yield launched
        launched.close()
