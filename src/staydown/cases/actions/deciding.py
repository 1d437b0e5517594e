"""Ruling on a case: a person's decision, and in the same transaction everything that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from staydown.banks import locks
from staydown.banks.actions import keeping, watching
from staydown.banks.models import Entry, Match
from staydown.cases import hiding, templates, two_people
from staydown.cases.actions import claiming, complaining, making, stating, unreadable
from staydown.cases.actions.making import Ruled, may_put_back, may_work, second_for_a_child
from staydown.cases.actions.refusals import (
    AlreadyDecided,
    NobodyElse,
    NoReason,
    NotCleared,
    NotComplete,
    NotExplained,
    NotOffered,
    SecondPersonNeeded,
    SomebodyElse,
)
from staydown.cases.consequences import Consequences
from staydown.cases.models import AccountLine, Case, Decision, Line
from staydown.cases.rules import AccountRuling, CaseState, DecisionState, Ground, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Why
from staydown.platforms.models import Account, Check, Item
from staydown.platforms.rules import KNOWN_MATERIAL, UNREADABLE, Action, CheckState, ItemState
from staydown.regimes.harms import Harm
from staydown.vault import words

UNDER_WAY = (DecisionState.PROPOSED, DecisionState.SETTLING)
__all__ = [
    "AlreadyDecided",
    "NoReason",
    "NobodyElse",
    "NotCleared",
    "NotComplete",
    "SecondPersonNeeded",
    "SomebodyElse",
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a moderator has written: a ruling for each item and account, and the words that go with it.

    An account that is not named is left as it is.
    """

    rulings: Mapping[UUID, Ruling]
    ground: Ground
    provision: str
    reasons: str
    answer: str
    statement: str = ""  # what the uploaders are told, where something is restricted
    accounts: Mapping[UUID, AccountRuling] = field(default_factory=dict)


@action
def foresee(case: Case, proposal: Proposal, by: Staff, now: datetime) -> Consequences:
    """What deciding so would do, by the rule that carries it out. Writes nothing; raises what `decide` raises."""
    return _foreseen(_open_case(case, by), proposal, by, now)[1]


def _foreseen(case: Case, proposal: Proposal, by: Staff, now: datetime) -> tuple[Ruled, Consequences]:
    items = _complete(case, proposal)
    if hiding.is_one_hidden(
        Harm(case.harm), [*proposal.rulings.values(), *proposal.accounts.values()], settings.HIDDEN
    ):
        raise NotOffered(NotOffered.__doc__)
    ruled = Ruled(
        proposal.ground,
        tuple((item, proposal.rulings[item.pk]) for item in items),
        tuple((one, proposal.accounts.get(one.pk, AccountRuling.LEAVE)) for one in accounts_of(case)),
    )
    follows = making.foreseen(case, ruled, now)
    if follows.takes_two:
        _somebody_else(case, by)
    else:
        for item, ruling in ruled.items:
            making.may_rule(item, ruling, by)
    if follows.statements and not proposal.statement.strip():
        raise NotExplained(NotExplained.__doc__)
    stating.check(case, proposal.statement if follows.statements else "", proposal.provision)
    return ruled, follows


def accounts_of(case: Case) -> list[Account]:
    """The accounts a case is about: those that were reported, and the authors of its posts."""
    about = {each for pair in case.subjects.values_list("account", "item__account") for each in pair if each}
    return list(Account.objects.filter(pk__in=about).select_related("platform").order_by("seen_at", "pk"))


@action
def decide(case: Case, proposal: Proposal, by: Staff, now: datetime) -> Decision:
    """Decide a case, or propose to, where two people must agree. Raises `AlreadyDecided`, `NotComplete`, `NotCleared`,
    `Claimed`, `templates.Unedited`, `complaining.NotAnswered`, and what may not be banked.
    """
    locks.alone()
    case = _open_case(case, by)
    claiming.claim(case, by, now)
    templates.check(proposal.answer)
    ruled, follows = _foreseen(case, proposal, by, now)
    decision = Decision.objects.create(
        case=case,
        ground=proposal.ground,
        provision=proposal.provision,
        reasons_sealed=words.seal(proposal.reasons, settings.WORKING_PUBLIC),
        answer_sealed=words.seal(proposal.answer, settings.WORKING_PUBLIC),
        statement_sealed=words.seal(proposal.statement, settings.WORKING_PUBLIC) if follows.statements else None,
        needs_second=bool(follows.takes_two),
        takes_two=[act.value for act in follows.takes_two],
        lapses_at=two_people.lapse(follows.takes_two, now) if follows.takes_two else None,
        by=by,
        proposed_at=now,
    )
    for item, ruling in ruled.items:
        Line.objects.create(decision=decision, item=item, ruling=ruling)
    for account, said in ruled.accounts:
        if said is not AccountRuling.LEAVE:
            AccountLine.objects.create(decision=decision, account=account, ruling=said)
    note("decision.proposed", about=decision, by=by.journal_name, now=now, case=str(case.pk))
    claiming.end(case)
    if not decision.needs_second:
        making.begin(decision, proposal.answer, now)
    return decision


def _somebody_else(case: Case, by: Staff) -> None:
    """Two people are needed: that there are two is checked before one of them proposes (decision 19)."""
    others = Staff.objects.filter(is_active=True).exclude(pk=by.pk)
    if not any(other.may_second(case.is_child_safety) for other in others):
        raise NobodyElse(NobodyElse.__doc__)


def _open_case(case: Case, by: Staff) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state != CaseState.OPEN or case.decisions.filter(state__in=UNDER_WAY).exists():
        raise AlreadyDecided(AlreadyDecided.__doc__)
    may_work(case, by)
    if by.pk in complaining.contested_by(case):
        raise SomebodyElse(SomebodyElse.__doc__)
    complaining.ready(case)
    return case


def _complete(case: Case, proposal: Proposal) -> list[Item]:
    items = list(
        Item.objects.filter(subjects__case=case).distinct()
    )  # gone ones, too: deleting is no way past the bank
    texts = (proposal.provision, proposal.reasons, proposal.answer)
    if {item.pk for item in items} - set(proposal.rulings) or not all(text.strip() for text in texts):
        raise NotComplete(NotComplete.__doc__)
    return items


@action
def second(decision: Decision, answer: str, by: Staff, now: datetime) -> Decision:
    """A second person agrees, and the decision is made. `answer` is the opened answer to the reporters."""
    locks.alone()
    _check_second(decision, by)
    complaining.ready(decision.case)
    if Item.objects.filter(subjects__case=decision.case).exclude(lines__decision=decision).exists():
        raise NotComplete(NotComplete.__doc__)  # a report joined meanwhile: decline, and decide on all of it
    Decision.objects.filter(pk=decision.pk, state=DecisionState.PROPOSED).update(second_by=by, answered_at=now)
    decision.refresh_from_db()
    making.begin(decision, answer, now)
    return decision


@action
def decline(decision: Decision, reason: str, by: Staff, now: datetime) -> Decision:
    """A second person does not agree, and says why: the case stays open, and what is held stays held."""
    _check_second(decision, by)
    if not reason.strip():
        raise NoReason(NoReason.__doc__)
    said = {"second_by": by, "answered_at": now, "refusal_sealed": words.seal(reason, settings.WORKING_PUBLIC)}
    if not decision.move(DecisionState.PROPOSED, to=DecisionState.DECLINED, **said):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    note("decision.declined", about=decision, by=by.journal_name, now=now)
    return decision


@action
def lapse(decision: Decision, now: datetime) -> None:
    """Nobody answered a proposal in time: its case is to be decided again, and what is held stays held."""
    if decision.move(DecisionState.PROPOSED, to=DecisionState.LAPSED):
        note("decision.lapsed", about=decision, by="clock", now=now, case=str(decision.case_id))


def _check_second(decision: Decision, by: Staff) -> None:
    if decision.state != DecisionState.PROPOSED:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    if decision.by_id == by.pk or not by.may_second(decision.case.is_child_safety):
        raise SecondPersonNeeded(SecondPersonNeeded.__doc__)
    if by.pk in complaining.contested_by(decision.case):
        raise SomebodyElse(SomebodyElse.__doc__)


def copies(case: Case) -> list[Match]:
    """The items that resemble what this case banked and wait for one click, the nearest first."""
    return list(
        Match.objects.filter(entry__case=case, item__state=ItemState.HELD)
        .select_related("item", "item__account", "item__platform", "entry")
        .order_by("distance", "found_at")
    )


@action
def answer_copies(case: Case, ids: frozenset[UUID], act: Action, by: Staff, now: datetime) -> int:
    """Remove, or put back, the chosen held copies; answer how many there were."""
    may_work(case, by)
    if act is not Action.REMOVE:
        second_for_a_child(case, by)
    decision = case.decisions.filter(state=DecisionState.MADE).order_by("made_at").last()
    done = 0
    for match in copies(case):
        if match.item and match.item.pk in ids:
            if act is not Action.REMOVE:
                may_put_back(match.item.fingerprint, by)
            why = Why(case, KNOWN_MATERIAL, by.journal_name)
            order = platforms.order_item(match.item, act, why, now)
            done += order is not None
            if decision and act is Action.REMOVE:
                stating.state(order, decision, now, by_match=True)
    return done


@action
def answer_upload(check: Check, resolution: str, by: Staff, now: datetime) -> None:
    """Say of a held upload whether it may be published: "allow" or "block"."""
    if check.case is None or check.state != CheckState.PENDING:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    may_work(check.case, by)
    if resolution == "allow":
        second_for_a_child(check.case, by)
        may_put_back(check.fingerprint, by)
    policy = KNOWN_MATERIAL if check.matches.exists() else check.reasons[-1]
    if platforms.resolve_check(check, resolution, Why(check.case, policy, by.journal_name), now) is None:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    unreadable.close_when_answered(check.case, by.journal_name, now)


@action
def publish_none(case: Case, by: Staff, now: datetime) -> int:
    """Say of all unreadable uploads that wait in a case that they may not be published; answer how many there were."""
    may_work(case, by)
    done = 0
    for check in case.checks.filter(state=CheckState.PENDING, reasons=[UNREADABLE]).select_related("platform"):
        why = Why(case, UNREADABLE, by.journal_name)
        done += platforms.resolve_check(check, "block", why, now) is not None
    unreadable.close_when_answered(case, by.journal_name, now)
    return done


@action
def withdraw_entry(entry: Entry, by: Staff, now: datetime) -> None:
    """Take an entry of a case out of the bank."""
    may_work(entry.case, by)
    second_for_a_child(entry.case, by)
    keeping.withdraw(entry, by, now)


@action
def confirm_print(entry: Entry, by: Staff, now: datetime) -> None:
    """Say that what matched a fingerprint from a reporter's device is what was reported: it is kept down from now on."""
    may_work(entry.case, by)
    watching.confirm(entry, by, now)
