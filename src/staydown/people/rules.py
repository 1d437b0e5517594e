"""Who of the staff may do what. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a member of the staff is there for."""

    MODERATOR = "moderator"  # decides cases
    LEAD = "lead"  # answerable for deadlines, complaints and staff; decides too
    CUSTODIAN = "custodian"  # opens sealed evidence, with a second custodian
    OPERATOR = "operator"  # runs the machine; decides nothing


DECIDERS = frozenset({Role.MODERATOR, Role.LEAD})


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff, as the rules see them. `cleared`: qualified for child-safety cases."""

    id: UUID
    role: Role
    cleared: bool
    active: bool = True


def may_see_child_safety(person: Person) -> bool:
    """Whether a child-safety case exists for this person at all."""
    return person.active and person.cleared


def may_decide(person: Person, child_safety: bool) -> bool:
    """Whether this person may rule on a case."""
    return person.active and person.role in DECIDERS and (person.cleared or not child_safety)


def may_confirm(person: Person, child_safety: bool) -> bool:
    """Whether this person's agreement counts as the second one: a lead's, or a cleared moderator's.

    For a child-safety case a lead has to be cleared as well (decision 19).
    """
    return may_decide(person, child_safety) and (person.cleared or person.role is Role.LEAD)


def may_second(person: Person, first: Person, child_safety: bool) -> bool:
    """Whether `person` may agree with what `first` proposed: a different person, whose agreement counts."""
    return person.id != first.id and may_confirm(person, child_safety)
