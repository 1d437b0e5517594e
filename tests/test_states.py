from enum import StrEnum

import pytest

from staydown.states import ForbiddenMove, Machine, WrongDeclaration


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"


def test_a_declared_move_is_allowed_and_another_is_not():
    machine = Machine(Door, Door.OPEN, {Door.OPEN: frozenset({Door.SHUT}), Door.SHUT: frozenset()})
    machine.check(Door.OPEN, Door.SHUT)
    with pytest.raises(ForbiddenMove):
        machine.check(Door.SHUT, Door.OPEN)


def test_a_machine_that_forgets_a_state_does_not_start():
    with pytest.raises(WrongDeclaration, match="no moves declared"):
        Machine(Door, Door.OPEN, {Door.OPEN: frozenset({Door.SHUT})})


def test_a_machine_with_a_state_that_nothing_leads_to_does_not_start():
    with pytest.raises(WrongDeclaration, match="nothing leads to"):
        Machine(Door, Door.OPEN, {Door.OPEN: frozenset(), Door.SHUT: frozenset({Door.OPEN})})
