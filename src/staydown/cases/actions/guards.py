"""Who may work on a case, and what nobody puts back alone."""

from staydown.banks.actions import meeting
from staydown.banks.models import Fingerprint
from staydown.cases.actions.refusals import DecideFirst, NotCleared, NotPutBack, SecondPersonNeeded
from staydown.cases.models import Case
from staydown.cases.rules import STANDS, Ruling
from staydown.people.models import Staff
from staydown.platforms.models import Item
from staydown.platforms.rules import ItemState


def second_for_a_child(case: Case, by: Staff) -> None:
    """Where a child is concerned, nobody lets anything of it back alone: not whoever decided the removal, nor, of what only
    a reporter's device knew, anybody before two people decided (decision 19). Raises `SecondPersonNeeded`, `DecideFirst`.
    """
    if not case.is_child_safety:
        return
    deciders = set(case.decisions.filter(state__in=STANDS).values_list("by_id", flat=True))
    if not deciders:
        raise DecideFirst(DecideFirst.__doc__)
    if by.pk in deciders or not by.may_second(child_safety=True):
        raise SecondPersonNeeded(SecondPersonNeeded.__doc__)


def may_rule(item: Item, ruling: Ruling, by: Staff) -> None:
    """Raises `NotPutBack`, `SecondPersonNeeded` where one person would put back what another case holds for a child."""
    if ruling in (Ruling.KEEP, Ruling.LABEL) and item.state != ItemState.UP:
        may_put_back(item.fingerprint, by)


def may_put_back(picture: Fingerprint | None, by: Staff) -> None:
    """What a child's case banked is that case's, through whatever other case somebody lets it back.

    Raises `SecondPersonNeeded`, and `NotPutBack`, which tells whoever must not know of that case nothing of it.
    """
    for case in meeting.cases_of_like(picture):
        if not by.may_decide(case.needs_clearance):
            raise NotPutBack(NotPutBack.__doc__)
        second_for_a_child(case, by)


def may_work(case: Case, by: Staff) -> None:
    """Raises `NotCleared` for whoever may not decide this case."""
    if not by.may_decide(case.needs_clearance):
        raise NotCleared(NotCleared.__doc__)
