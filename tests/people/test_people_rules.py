from uuid import UUID

import pytest

from staydown.people import rules
from staydown.people.rules import Person, Role


def person(number: int, role: Role, *, cleared: bool = False, active: bool = True) -> Person:
    return Person(UUID(int=number), role, cleared, active)


FIRST = person(1, Role.MODERATOR, cleared=True)


def test_nobody_seconds_themselves():
    lead = person(1, Role.LEAD, cleared=True)
    assert not rules.may_second(lead, lead, child_safety=False)


@pytest.mark.parametrize(
    ("role", "cleared", "ordinary", "child_safety"),
    [
        (Role.LEAD, False, True, False),
        (Role.LEAD, True, True, True),
        (Role.MODERATOR, False, False, False),
        (Role.MODERATOR, True, True, True),
        (Role.CUSTODIAN, True, False, False),
        (Role.OPERATOR, True, False, False),
    ],
)
def test_a_lead_or_a_cleared_moderator_seconds(role, cleared, ordinary, child_safety):
    second = person(2, role, cleared=cleared)
    assert rules.may_second(second, FIRST, child_safety=False) is ordinary
    assert rules.may_second(second, FIRST, child_safety=True) is child_safety


def test_who_left_sees_and_seconds_nothing():
    gone = person(2, Role.LEAD, cleared=True, active=False)
    assert not rules.may_see_child_safety(gone)
    assert not rules.may_second(gone, FIRST, child_safety=False)


def test_only_cleared_people_see_child_safety_cases():
    assert rules.may_see_child_safety(person(2, Role.MODERATOR, cleared=True))
    assert not rules.may_see_child_safety(person(2, Role.LEAD))
