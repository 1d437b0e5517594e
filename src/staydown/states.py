"""Declared state machines: the states a row may be in and the moves between them, checked when imported.

Pure: no database here. `site.rows.Moving` turns one declared move into one conditional UPDATE.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class WrongDeclaration(TypeError):
    """A state machine is declared wrongly: the program must not start with it."""


class ForbiddenMove(ValueError):
    """The state machine does not allow this move. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Machine[S: StrEnum]:
    """The allowed moves of one kind of row, for example an item's up → held → removed.

    `moves` maps every state to the states that may follow it; a state that nothing may follow maps to the
    empty set. Every state but `start` must be reachable from `start`.
    """

    states: type[S]
    start: S
    moves: Mapping[S, frozenset[S]]

    def __post_init__(self) -> None:
        everything = set(self.states)
        if missing := everything - set(self.moves):
            raise WrongDeclaration(f"{self.states.__name__}: no moves declared for {sorted(missing)}")
        if unreachable := everything - self._reachable():
            raise WrongDeclaration(f"{self.states.__name__}: nothing leads to {sorted(unreachable)}")

    def _reachable(self) -> set[S]:
        seen, frontier = {self.start}, [self.start]
        while frontier:
            fresh = self.moves[frontier.pop()] - seen
            seen |= fresh
            frontier.extend(fresh)
        return seen

    def check(self, now: S, to: S) -> None:
        """Raise `ForbiddenMove` unless a row in state `now` may move to state `to`."""
        if to not in self.moves[now]:
            raise ForbiddenMove(f"{self.states.__name__}: {now} may not become {to}")
