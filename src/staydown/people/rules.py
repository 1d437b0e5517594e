"""Who of the staff may do what. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a member of the staff is there for."""

    INTAKE = "intake"  # reads what came in and hands it on; sees no picture, decides nothing
    MODERATOR = "moderator"  # decides cases
    SENIOR = "senior"  # decides, and agrees as the second person
    LEAD = "lead"  # answerable for deadlines, complaints and staff; decides too
    CUSTODIAN = "custodian"  # opens sealed evidence, with a second custodian
    BANKER = "banker"  # looks after the bank; decides no case, sees no picture
    AUDITOR = "auditor"  # reads all, changes nothing, sees no picture
    OPERATOR = "operator"  # runs the machine; has no content
    OFFICER = "officer"  # from outside: an authority's, who has the desk and nothing of the console
    FLAGGER = "flagger"  # from outside: a trusted flagger's; the same


class Act(StrEnum):
    """What pages of the console are for."""

    READ = "read"  # cases, the bank, orders: words and facts
    CLAIM = "claim"  # take a case, hand it over
    LOOK = "look"  # at pictures
    DECIDE = "decide"
    BANK = "bank"  # raise, lower, withdraw entries; say what is never held
    KEEP = "keep"  # set and lift legal holds
    READ_EVIDENCE = "read_evidence"  # what is sealed; never what is in it
    RELEASE = "release"  # sealed evidence, to its custodians
    OVERSEE = "oversee"  # the board
    OWN = "own"  # her own account, her own ledger


_DECIDING = frozenset({Act.READ, Act.CLAIM, Act.LOOK, Act.DECIDE, Act.BANK, Act.READ_EVIDENCE, Act.RELEASE, Act.OWN})
MAY: dict[Role, frozenset[Act]] = {
    Role.INTAKE: frozenset({Act.READ, Act.CLAIM, Act.OWN}),
    Role.MODERATOR: _DECIDING,
    Role.SENIOR: _DECIDING,
    Role.LEAD: _DECIDING | {Act.KEEP, Act.OVERSEE},
    Role.CUSTODIAN: frozenset({Act.KEEP, Act.READ_EVIDENCE, Act.RELEASE, Act.OWN}),
    Role.BANKER: frozenset({Act.READ, Act.BANK, Act.OWN}),
    Role.AUDITOR: frozenset({Act.READ, Act.READ_EVIDENCE, Act.OVERSEE, Act.OWN}),
    Role.OPERATOR: frozenset({Act.OWN}),
    Role.OFFICER: frozenset(),
    Role.FLAGGER: frozenset(),
}
OUTSIDE = frozenset({Role.OFFICER, Role.FLAGGER})  # admitted by two of the staff (`organisations`), and no staff
DECIDERS = frozenset(role for role in Role if Act.DECIDE in MAY[role])
SENIORS = frozenset({Role.SENIOR, Role.LEAD})  # whose agreement counts as the second one


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the staff, as the rules see them. `cleared`: qualified for child-safety cases."""

    id: UUID
    role: Role
    cleared: bool
    active: bool = True


def may(person: Person, act: Act) -> bool:
    """Whether the role of this person has such an act at all; what of a child takes clearance besides."""
    return person.active and act in MAY[person.role]


def may_see_child_safety(person: Person) -> bool:
    """Whether a child-safety case exists for this person at all."""
    return person.active and person.cleared


def may_decide(person: Person, child_safety: bool) -> bool:
    """Whether this person may rule on a case."""
    return person.active and person.role in DECIDERS and (person.cleared or not child_safety)


def may_confirm(person: Person, child_safety: bool) -> bool:
    """Whether this person's agreement counts as the second one: a senior's, a lead's, or a cleared moderator's.

    For a child-safety case seniors and leads have to be cleared as well (decision 19).
    """
    return may_decide(person, child_safety) and (person.cleared or person.role in SENIORS)


def may_second(person: Person, first: Person, child_safety: bool) -> bool:
    """Whether `person` may agree with what `first` proposed: a different person, whose agreement counts."""
    return person.id != first.id and may_confirm(person, child_safety)
