"""A journal to write into, and hands that write past it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from staydown.journal import actions, guards
from staydown.journal.models import Entry

START = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def record(number: int = 0, act: str = "case.decided", **facts: object) -> Entry:
    """An entry about some row, at a time of its own."""
    about = ContentType(pk=number)
    with transaction.atomic():
        return actions.record(act, about=about, by="worker", now=START + timedelta(seconds=number), **facts)


def sql(statement: str, *parameters: Any) -> None:
    """Somebody with the database's password."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.fixture
def unguarded(db: None) -> Iterator[None]:
    """The triggers are dropped: what follows is done by a hand that could drop them."""
    with connection.cursor() as cursor:
        guards.lift(cursor, connection.vendor)
    yield
    with connection.cursor() as cursor:
        guards.put(cursor, connection.vendor)


@pytest.fixture
def outside(tmp_path: Path) -> Callable[[], Path]:
    """Take the latest head off the machine."""
    from staydown.journal import heads

    def take() -> Path:
        heads.export_head(tmp_path / "head.json")
        return tmp_path / "head.json"

    return take
