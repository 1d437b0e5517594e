"""What every row of the database shares: a time-ordered id, and moves that are one conditional UPDATE."""

import os
import time
import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models

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


def states_constraint(name: str, states: type[StrEnum]) -> models.CheckConstraint:
    """The database refuses a state that is not declared."""
    return models.CheckConstraint(condition=models.Q(state__in=[s.value for s in states]), name=name)


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The words of an enumeration as Django's field choices."""
    return [(word.value, word.value) for word in words]
