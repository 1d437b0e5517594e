"""What a decision does: foreseen before it is made; hidden at once; the rest after a few seconds in which it can be undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from staydown.authorities import actions as referrals
from staydown.authority_orders.standing import ordered_down
from staydown.banks import locks
from staydown.banks.actions import keeping, meeting
from staydown.banks.models import Fingerprint
from staydown.cases import consequences, two_people
from staydown.cases.actions import claiming, complaining, stating
from staydown.cases.actions.refusals import (
    AlreadyDecided,
    DecideFirst,
    NotCleared,
    NotPutBack,
    OrderedDown,
    SecondPersonNeeded,
    TooLate,
)
from staydown.cases.consequences import AccountStep, Consequences, Post, Step
from staydown.cases.models import AccountLine, Answer, Case, Decision, Line
from staydown.cases.rules import STANDS, AccountRuling, CaseState, DecisionState, Ground, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Why
from staydown.platforms.models import Account, Item
from staydown.platforms.rules import AccountState, Action, ItemState, Label
from staydown.promises.actions import owe, withdraw
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.lawful import may_bank_child_safety
from staydown.site import deployment
from staydown.vault import words
from staydown.vault.evidence import review


def post_of(item: Item) -> Post:
    """An item as the rule of consequences sees it."""
    media = item.fingerprint.seq if item.fingerprint else None
    return Post(item.external_id, ItemState(item.state), media, tuple(item.labels))


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is decided of each item, and of each account."""

    ground: Ground
    items: tuple[tuple[Item, Ruling], ...]
    accounts: tuple[tuple[Account, AccountRuling], ...] = ()

    def takes_two(self, case: Case) -> frozenset[two_people.Act]:
        """Which acts of it nobody does alone."""
        posts = tuple((ruling, ItemState(item.state)) for item, ruling in self.items)
        accounts = tuple(ruling for _, ruling in self.accounts)
        return two_people.acts(Harm(case.harm), Tri(case.minor), two_people.Ruled(posts, accounts))


def foreseen(case: Case, what: Ruled, now: datetime) -> Consequences:
    """Everything that a decision would do. Raises `NotLawfulHere`, `TooCommon` for what may not be banked, `OrderedDown`."""
    if any(
        Step.PUT_BACK in consequences.of_item(ruling, post_of(item), Label.SENSITIVE) and ordered_down(item)
        for item, ruling in what.items
    ):
        raise OrderedDown(OrderedDown.__doc__)
    ruled = [(item, consequences.of_item(ruling, post_of(item), Label.SENSITIVE)) for item, ruling in what.items]
    banked = {item.fingerprint_id: item.fingerprint for item, steps in ruled if Step.BANK in steps}
    for fingerprint in banked.values():
        _may_bank(case, fingerprint)
    accounts = [(one, consequences.of_account(ruling, AccountState(one.state))) for one, ruling in what.accounts]
    taken_down = any(ruling in referrals.TAKEN_DOWN for _, ruling in what.items)
    taken_down |= any(ruling in referrals.LIMITING for _, ruling in what.accounts)
    told = referrals.due(case, now) if taken_down and what.ground is Ground.LAW else []
    return Consequences(
        items=tuple((item.external_id, steps) for item, steps in ruled),
        entries=len(banked),
        answers=case.reports.count(),
        statements=_statements(ruled, accounts),
        accounts=tuple((one.external_id, step) for one, step in accounts if step),
        referrals=tuple(route.authority.name for route in told),
        takes_two=tuple(sorted(what.takes_two(case))),
    )


def _statements(items: list[tuple[Item, tuple[Step, ...]]], accounts: list[tuple[Account, AccountStep | None]]) -> int:
    """How many uploaders' restrictions are to be explained."""
    restricted = sum(bool({Step.REMOVE, Step.LABEL} & set(steps)) for _, steps in items)
    return restricted + sum(step not in (None, AccountStep.REINSTATE) for _, step in accounts)


def _may_bank(case: Case, fingerprint: Fingerprint | None) -> None:
    if case.needs_clearance and not may_bank_child_safety(deployment.here()):
        raise keeping.NotLawfulHere(keeping.NotLawfulHere.__doc__)
    if fingerprint and fingerprint.exact is not None:
        keeping.not_common(fingerprint)


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
            platforms.order_item(line.item, Action.HOLD, Why(case, case.harm, by), now)
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
    stating.state(platforms.order_item(line.item, Action.REMOVE, why, now), line.decision, now)


def _put_back(line: Line, why: Why, now: datetime) -> None:
    """A held item is released; a removed one restored."""
    act = Action.RESTORE if line.item.state == ItemState.REMOVED else Action.RELEASE
    platforms.order_item(line.item, act, why, now)


def _label(line: Line, why: Why, now: datetime) -> None:
    order = platforms.order_item(line.item, Action.LABEL, why, now, Label(line.label or Label.SENSITIVE))
    stating.state(order, line.decision, now)


def _carry_out_account(line: AccountLine, why: Why, now: datetime) -> None:
    step = consequences.of_account(AccountRuling(line.ruling), AccountState(line.account.state))
    if step:
        order = platforms.order_account(line.account, Action(f"account.{step.value}"), why, now)
        stating.state(order, line.decision, now)


DO: dict[Step, Callable[[Line, Why, datetime], None]] = {
    Step.REMOVE: _remove,
    Step.BANK: _bank,
    Step.PUT_BACK: _put_back,
    Step.LABEL: _label,
}


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
