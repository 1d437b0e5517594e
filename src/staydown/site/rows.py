"""What every row of the database shares: a time-ordered id, and moves that are one conditional UPDATE."""

import os
import time
import uuid
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, Self

from django.db import connection, models

from staydown.states import Machine


def uuid7() -> uuid.UUID:
    """A time-ordered identifier (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return uuid.UUID(int=value)


class Row(models.Model):
    """A row whose id is a UUIDv7, so that ids sort by age and cannot be guessed from one another."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Moving(models.Model):
    """A row with a declared state machine in `machine` and its state in the column `state`."""

    machine: ClassVar[Machine[Any]]
    state: Any

    class Meta:
        abstract = True

    def move(self, now: StrEnum, *, to: StrEnum, **also: Any) -> bool:
        """Move from `now` to `to` in one conditional UPDATE; False when somebody else was first.

        `also` sets further columns in the same UPDATE. Raises `states.ForbiddenMove` for a move that is not declared.
        """
        self.machine.check(now, to)
        mine = type(self)._default_manager.filter(pk=self.pk, state=now)  # type: ignore[misc]  # the column is the child's
        moved = mine.update(state=to, **also)  # type: ignore[misc]  # the same
        if moved:
            self.refresh_from_db()
        return bool(moved)

    def move_from_any(self, nows: tuple[StrEnum, ...], *, to: StrEnum, **also: Any) -> Self | None:
        """Move from whichever of `nows` the row is in; None when it is in none of them."""
        return next((self for now in nows if self.move(now, to=to, **also)), None)


def insert[R: models.Model](row: R) -> R:
    """Write a new row as `save` does, by a statement that is put together once; the database gives it its number, if any.

    For what is written at every request: `save` takes twice as long. It sends no signals, and raises what the database
    raises.
    """
    statement = _insertion(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in statement.columns]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        if statement.numbered:
            (row.pk,) = cursor.fetchone()
    row._state.adding, row._state.db = False, connection.alias
    return row


@dataclass(frozen=True, slots=True)
class _Insertion:
    """How a row is written. `columns` are those of which it says itself what is in them, `numbered` says that its key is not."""

    sql: str
    columns: tuple[Any, ...]  # fields: Django's stubs know no type of all that have a column
    numbered: bool


@cache
def _insertion(kind: type[models.Model]) -> _Insertion:
    quoted, fields = connection.ops.quote_name, kind._meta.concrete_fields
    columns = tuple(field for field in fields if not isinstance(field, models.AutoField))
    numbered = len(columns) < len(fields)
    names, places = ", ".join(quoted(str(field.column)) for field in columns), ", ".join(["%s"] * len(columns))
    given = f" RETURNING {quoted(str(kind._meta.pk.column))}" if numbered else ""
    sql = f"INSERT INTO {quoted(kind._meta.db_table)} ({names}) VALUES ({places}){given}"  # noqa: S608  our own names
    return _Insertion(sql, columns, numbered)


def states_constraint(name: str, states: type[StrEnum]) -> models.CheckConstraint:
    """The database refuses a state that is not declared."""
    return models.CheckConstraint(condition=models.Q(state__in=[s.value for s in states]), name=name)


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The words of an enumeration as Django's field choices."""
    return [(word.value, word.value) for word in words]
