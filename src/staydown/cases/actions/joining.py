"""Bringing together cases that are the same, by rule (decision 3: a worker's promise) or by hand; and taking that back.

A joined case keeps its row, its evidence and the key of that; what it brought along is remembered (`models.Brought`).
"""

from datetime import datetime

from django.db.models import Q

from staydown.cases import rules
from staydown.cases.actions import belonging, claiming, moving, rising
from staydown.cases.actions.claiming import Claimed
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Item

RULES = "rules"


class NotJoined(ValueError):
    """Only two open cases about reports can be one, and none that was decided or proposed: join the other one to that."""


class NotTakenApart(ValueError):
    """This can no longer be taken apart: the case was decided since, or nothing of it came from there."""


class NotCleared(ValueError):
    """Only moderators and leads join cases and take them apart, and only those cleared where a child may be concerned."""


@action
def join(younger: Case, older: Case, now: datetime, by: str = RULES) -> bool:
    """Move everything of `younger` into `older`; False when either was decided meanwhile, or a person keeps them apart."""
    younger, older = _locked(younger, older)
    if younger.pk == older.pk or older.state != CaseState.OPEN or younger.decisions.exists():
        return False
    if by == RULES and _kept_apart(younger, older):
        return False
    where = {"joined_into": older, "joined_with": older, "joined_at": now}
    if not younger.move(CaseState.OPEN, to=CaseState.JOINED, claimed_by=None, claimed_until=None, **where):
        return False
    moving.remember(older, now)
    moving.bring(younger, older)
    Case.objects.filter(joined_into=younger).update(joined_into=older)
    moving.know(older, moving.standing(older).with_(moving.standing(younger)))
    note("case.joined", about=older, by=by, now=now, joined=str(younger.pk))
    return True


def _locked(one: Case, other: Case) -> tuple[Case, Case]:
    """Both, as they are now, locked in one order."""
    rows = {row.pk: row for row in Case.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")}
    return rows[one.pk], rows[other.pk]


def _kept_apart(one: Case, other: Case) -> bool:
    """Whether a person said of any two of what they consist of that they are not the same."""
    through = Case.apart.through.objects.filter(from_case__in=moving.branch(one), to_case__in=moving.branch(other))
    return through.exists()


@action
def join_by_hand(case: Case, into: Case, by: Staff, now: datetime) -> None:
    """Join a case to another because a person says so. Raises `NotJoined`, `NotCleared`, `Claimed`."""
    _may(by, case, into)
    case, into = _locked(case, into)
    if case.claimant(now) not in (None, by):
        raise Claimed(Claimed.__doc__)
    claiming.claim(into, by, now)
    into.refresh_from_db()
    if not case.reports.exists() or not into.reports.exists() or not join(case, into, now, by.journal_name):
        raise NotJoined(NotJoined.__doc__)
    ones, others = moving.branch(case), moving.branch(into)
    ends = Q(from_case__in=ones, to_case__in=others) | Q(from_case__in=others, to_case__in=ones)
    Case.apart.through.objects.filter(ends).delete()


@action
def take_apart(joined: Case, by: Staff, now: datetime) -> None:
    """Make a joined case one of its own again, with all it brought. Raises `NotTakenApart`, `NotCleared`, `Claimed`.

    No rule joins the two again: a person has said that they are not the same.
    """
    joined.refresh_from_db()
    if joined.joined_into is None or joined.joined_with is None:
        raise NotTakenApart(NotTakenApart.__doc__)
    _may(by, joined, joined.joined_into)
    joined, whole = _locked(joined, joined.joined_into)
    former = joined.joined_with
    if not can_be_taken_apart(joined, whole) or former is None:
        raise NotTakenApart(NotTakenApart.__doc__)
    claiming.claim(whole, by, now)
    branch = moving.branch(joined)
    joined.move(CaseState.JOINED, to=CaseState.OPEN, joined_into=None, joined_with=None, joined_at=None)
    if not moving.take_back(branch, joined):
        raise NotTakenApart(NotTakenApart.__doc__)
    Case.objects.filter(pk__in=[part.pk for part in branch[1:]]).update(joined_into=joined)
    joined.apart.add(former)
    _know_again_up(former, now)
    for case in (joined, whole):
        case.refresh_from_db()
        belonging.inherit(case, Item.objects.filter(subjects__case=case))
        rising.look_again(case)
        note("case.taken_apart", about=case, by=by.journal_name, now=now, joined=str(joined.pk), whole=str(whole.pk))


def can_be_taken_apart(joined: Case, whole: Case) -> bool:
    """Whether nothing was ruled on the whole since."""
    if joined.joined_into_id != whole.pk or whole.state != CaseState.OPEN or joined.joined_at is None:
        return False
    return not whole.decisions.filter(state__in=rules.RULED, proposed_at__gte=joined.joined_at).exists()


def _know_again_up(case: Case | None, now: datetime) -> None:
    while case:
        moving.know_again(case, now)
        case = case.joined_with


def _may(by: Staff, *cases: Case) -> None:
    if not all(by.may_decide(case.needs_clearance) for case in cases):
        raise NotCleared(NotCleared.__doc__)


@action
def escalate(case: Case, now: datetime) -> None:
    """Mark a case whose deadline has passed undecided: the lead sees it, and the reporter is told."""
    if Case.objects.filter(pk=case.pk, state=CaseState.OPEN, escalated_at=None).update(escalated_at=now):
        note("case.escalated", about=case, by="clock", now=now)
