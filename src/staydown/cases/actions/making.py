"""A decision is made: what it takes down is hidden at once, the rest comes after a few seconds in which it can be undone."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from staydown.authorities import actions as referrals
from staydown.banks import locks
from staydown.banks.actions import keeping
from staydown.cases import consequences
from staydown.cases.actions import claiming, complaining, stating
from staydown.cases.actions.foreseeing import post_of
from staydown.cases.actions.guards import may_rule
from staydown.cases.actions.refusals import AlreadyDecided, NotCleared, TooLate
from staydown.cases.consequences import Step
from staydown.cases.models import AccountLine, Answer, Decision, Line
from staydown.cases.rules import AccountRuling, CaseState, DecisionState, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.actions.ordering import Why, order_account, order_item
from staydown.platforms.rules import AccountState, Action, ItemState, Label
from staydown.promises.actions import owe, withdraw
from staydown.vault import words
from staydown.vault.evidence import review


def begin(decision: Decision, answer: str, now: datetime) -> None:
    """The decision stands. Without a time to undo it, all of it is carried out in the caller's transaction."""
    case = decision.case
    if not case.move(CaseState.OPEN, to=CaseState.DECIDED, decided_at=now):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    until = now + settings.UNDO
    if not decision.move(DecisionState.PROPOSED, to=DecisionState.SETTLING, settles_at=until):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    by = decision.by.journal_name
    note("case.decided", about=case, by=by, now=now, decision=str(decision.pk), ground=decision.ground)
    if not settings.UNDO:
        settle(decision, answer, now)
        return
    for line in _lines(decision):
        if consequences.hides_at_once(Ruling(line.ruling), post_of(line.item)):
            order_item(line.item, Action.HOLD, Why(case, case.harm, by), now)
    owe("staydown.cases.tasks.settle", str(decision.pk), key=_key(decision), run_after=until, priority=5)


@action
def settle(decision: Decision, answer: str, now: datetime) -> None:
    """Carry a decision out: orders, bank entries, answers. Nothing where it was undone, or carried out already."""
    locks.alone()
    if not decision.move(DecisionState.SETTLING, to=DecisionState.MADE, made_at=now):
        return
    for line in _lines(decision):
        _carry_out(line, Why(decision.case, decision.case.harm, decision.by.journal_name), now)
    for account_line in decision.account_lines.select_related("account"):
        _carry_out_account(account_line, Why(decision.case, decision.case.harm, decision.by.journal_name), now)
    complaining.settle(decision, now)
    review.forget(decision.case)
    referrals.prepare(decision, now)
    for report in decision.case.reports.all():
        sealed = words.seal(answer, report.public_key, settings.WORKING_PUBLIC)
        Answer.objects.create(report=report, decision=decision, words_sealed=sealed, at=now)
    if settings.UNDO:
        note("decision.settled", about=decision, by=decision.by.journal_name, now=now, case=str(decision.case_id))


@action
def undo(decision: Decision, by: Staff, now: datetime) -> None:
    """Take a decision back that is not carried out yet; what is hidden stays hidden. Raises `TooLate`, `NotCleared`."""
    if by.pk not in (decision.by_id, decision.second_by_id) or not by.may_decide(decision.case.needs_clearance):
        raise NotCleared(NotCleared.__doc__)
    if not _take_back(decision, by.journal_name, now):
        raise TooLate(TooLate.__doc__)
    withdraw(_key(decision))
    if decision.case.claimant(now) is None:
        claiming.claim(decision.case, by, now)


@action
def reopen(decision: Decision, now: datetime) -> None:
    """Take back a decision that may no longer be carried out: its case is to be decided again, by people."""
    _take_back(decision, "rules", now)


def _take_back(decision: Decision, by: str, now: datetime) -> bool:
    if not decision.move(DecisionState.SETTLING, to=DecisionState.UNDONE):
        return False
    decision.case.refresh_from_db()
    decision.case.move(CaseState.DECIDED, to=CaseState.OPEN, decided_at=None)
    note("decision.undone", about=decision, by=by, now=now, case=str(decision.case_id))
    return True


def _key(decision: Decision) -> str:
    return f"settle:{decision.pk}"


def _lines(decision: Decision) -> list[Line]:
    return list(decision.lines.select_related("item", "item__fingerprint", "item__platform"))


def _carry_out(line: Line, why: Why, now: datetime) -> None:
    ruling = Ruling(line.ruling)
    if line.decision.second_by_id is None:
        may_rule(line.item, ruling, line.decision.by)
    label = Label(line.label or Label.SENSITIVE)
    for step in consequences.of_item(ruling, post_of(line.item), label):
        DO[step](line, why, now)


def _bank(line: Line, why: Why, now: datetime) -> None:
    if why.case:
        keeping.keep_down(why.case, line.item, line.decision.by, now)


def _remove(line: Line, why: Why, now: datetime) -> None:
    stating.state(order_item(line.item, Action.REMOVE, why, now), line.decision, now)


def _put_back(line: Line, why: Why, now: datetime) -> None:
    """A held item is released; a removed one restored."""
    act = Action.RESTORE if line.item.state == ItemState.REMOVED else Action.RELEASE
    order_item(line.item, act, why, now)


def _label(line: Line, why: Why, now: datetime) -> None:
    order = order_item(line.item, Action.LABEL, why, now, Label(line.label or Label.SENSITIVE))
    stating.state(order, line.decision, now)


def _carry_out_account(line: AccountLine, why: Why, now: datetime) -> None:
    step = consequences.of_account(AccountRuling(line.ruling), AccountState(line.account.state))
    if step:
        order = order_account(line.account, Action(f"account.{step.value}"), why, now)
        stating.state(order, line.decision, now)


DO: dict[Step, Callable[[Line, Why, datetime], None]] = {
    Step.REMOVE: _remove,
    Step.BANK: _bank,
    Step.PUT_BACK: _put_back,
    Step.LABEL: _label,
}
