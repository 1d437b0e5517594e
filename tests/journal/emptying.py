"""Tests that commit empty their database afterwards; the journal's triggers would refuse that.

`tests/conftest.py` imports the fixture `emptying_lifts_the_guards`: around Django's own flush, and nowhere else, the
triggers are dropped and put back. Every test so runs with them in place, and nothing in the product knows of tests.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from staydown.journal import guards


def lifted(act: Callable[[], Any]) -> None:
    """Do something with the triggers dropped."""
    vendor = connection.vendor
    with transaction.atomic(), connection.cursor() as cursor:
        guards.lift(cursor, vendor)
        act()
        guards.put(cursor, vendor)


@pytest.fixture(autouse=True, scope="session")
def emptying_lifts_the_guards() -> Iterator[None]:
    operations = type(connection.ops)
    flush = operations.execute_sql_flush
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", lambda self, sql: lifted(lambda: flush(self, sql)))
        yield
