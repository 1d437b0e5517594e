"""What every test may use."""

import pytest

from staydown.banks import following
from tests.journal.emptying import emptying_lifts_the_guards

__all__ = ["emptying_lifts_the_guards", "fresh_indexes"]


@pytest.fixture(autouse=True)
def fresh_indexes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a database of its own, so each has indexes of its own."""
    from staydown.banks import actions, tasks

    monkeypatch.setattr(following, "bank", following.BankIndex())
    monkeypatch.setattr(following, "catalogue", following.CatalogueIndex())
    monkeypatch.setattr(actions, "bank", following.bank)
    monkeypatch.setattr(tasks, "catalogue", following.catalogue)
