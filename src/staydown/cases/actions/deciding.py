"""Ruling on a case: a person's decision, and in the same transaction everything that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from staydown.banks import locks
from staydown.banks.actions import keeping, meeting, watching
from staydown.banks.models import Entry, Fingerprint, Match
from staydown.cases import rules
from staydown.cases.actions import later, unreadable
from staydown.cases.models import Answer, Case, Decision, Line
from staydown.cases.rules import CaseState, DecisionState, Ground, Ruling
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Why
from staydown.platforms.models import Check, Item
from staydown.platforms.rules import KNOWN_MATERIAL, UNREADABLE, Action, CheckState, ItemState, Label
from staydown.regimes.harms import Harm, Tri
from staydown.vault import words


class AlreadyDecided(ValueError):
    """Somebody else has decided this case meanwhile. Reload it to see what was decided."""


class NotComplete(ValueError):
    """A decision needs a ruling for every post, the provision it rests on, your reasons, and an answer to the reporter."""


class SecondPersonNeeded(ValueError):
    """A different person, cleared for it, has to agree with or decline this proposal."""


class NotCleared(ValueError):
    """Only moderators and leads decide, and only those cleared for child safety where a child is concerned."""


class SomebodyElse(ValueError):
    """A reporter contests your decision: somebody else has to decide this case now."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a moderator has written: a ruling for each item, and the words that go with it."""

    rulings: Mapping[UUID, Ruling]
    ground: Ground
    provision: str
    reasons: str
    answer: str


@action
def decide(case: Case, proposal: Proposal, by: Staff, now: datetime) -> Decision:
    """Decide a case, or propose to, where two people must agree. Raises `AlreadyDecided`, `NotComplete`, `NotCleared`."""
    locks.alone()
    case = _open_case(case, by)
    items = _complete(case, proposal)
    ruled = frozenset(proposal.rulings.values())
    decision = Decision.objects.create(
        case=case,
        ground=proposal.ground,
        provision=proposal.provision,
        reasons_sealed=words.seal(proposal.reasons, settings.WORKING_PUBLIC),
        answer_sealed=words.seal(proposal.answer, settings.WORKING_PUBLIC),
        needs_second=rules.needs_second_person(Harm(case.harm), Tri(case.minor), ruled),
        by=by,
        proposed_at=now,
    )
    for item in items:
        Line.objects.create(decision=decision, item=item, ruling=proposal.rulings[item.pk])
    note("decision.proposed", about=decision, by=by.journal_name, now=now, case=str(case.pk))
    if not decision.needs_second:
        _make(decision, proposal.answer, now)
    return decision


def _open_case(case: Case, by: Staff) -> Case:
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state != CaseState.OPEN or case.decisions.filter(state=DecisionState.PROPOSED).exists():
        raise AlreadyDecided(AlreadyDecided.__doc__)
    _may_work(case, by)
    if by.pk in later.contested_by(case):
        raise SomebodyElse(SomebodyElse.__doc__)
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
    if Item.objects.filter(subjects__case=decision.case).exclude(lines__decision=decision).exists():
        raise NotComplete(NotComplete.__doc__)  # a report joined meanwhile: decline, and decide on all of it
    Decision.objects.filter(pk=decision.pk, state=DecisionState.PROPOSED).update(second_by=by)
    decision.refresh_from_db()
    _make(decision, answer, now)
    return decision


@action
def decline(decision: Decision, by: Staff, now: datetime) -> Decision:
    """A second person does not agree: the case stays open, and what is held stays held."""
    _check_second(decision, by)
    if not decision.move(DecisionState.PROPOSED, to=DecisionState.DECLINED, second_by=by):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    note("decision.declined", about=decision, by=by.journal_name, now=now)
    return decision


def _check_second(decision: Decision, by: Staff) -> None:
    if decision.state != DecisionState.PROPOSED:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    if decision.by_id == by.pk or not by.may_second(decision.case.is_child_safety):
        raise SecondPersonNeeded(SecondPersonNeeded.__doc__)


def _make(decision: Decision, answer: str, now: datetime) -> None:
    """Make a decision final: orders, bank entries, answers, all in the caller's transaction."""
    case = decision.case
    if not case.move(CaseState.OPEN, to=CaseState.DECIDED, decided_at=now):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    if not decision.move(DecisionState.PROPOSED, to=DecisionState.MADE, made_at=now):
        raise AlreadyDecided(AlreadyDecided.__doc__)
    by = decision.by
    for line in decision.lines.select_related("item", "item__fingerprint"):
        _carry_out(line, Why(case, case.harm, by.journal_name), by, now)
    for report in case.reports.all():
        sealed = words.seal(answer, report.public_key, settings.WORKING_PUBLIC)
        Answer.objects.create(report=report, decision=decision, words_sealed=sealed, at=now)
    note("case.decided", about=case, by=by.journal_name, now=now, decision=str(decision.pk), ground=decision.ground)


def _carry_out(line: Line, why: Why, by: Staff, now: datetime) -> None:
    if line.ruling in (Ruling.REMOVE, Ruling.ONCE):
        platforms.order_item(line.item, Action.REMOVE, why, now)
        if why.case and line.ruling == Ruling.REMOVE:
            keeping.keep_down(why.case, line.item, by, now)
        return
    if line.item.state != ItemState.UP and line.decision.second_by_id is None:
        _may_put_back(line.item.fingerprint, by)
    platforms.order_item(line.item, _way_back(line.item), why, now)
    if line.ruling == Ruling.LABEL:
        platforms.order_item(line.item, Action.LABEL, why, now, Label(line.label or Label.SENSITIVE))


def _way_back(item: Item) -> Action:
    """A held item is released; a removed one restored. Orders on an item that is up are not written at all."""
    return Action.RESTORE if item.state == ItemState.REMOVED else Action.RELEASE


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
    _may_work(case, by)
    if act is not Action.REMOVE:
        _second_for_a_child(case, by)
    done = 0
    for match in copies(case):
        if match.item and match.item.pk in ids:
            if act is not Action.REMOVE:
                _may_put_back(match.item.fingerprint, by)
            why = Why(case, KNOWN_MATERIAL, by.journal_name)
            done += platforms.order_item(match.item, act, why, now) is not None
    return done


@action
def answer_upload(check: Check, resolution: str, by: Staff, now: datetime) -> None:
    """Say of a held upload whether it may be published: "allow" or "block"."""
    if check.case is None or check.state != CheckState.PENDING:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    _may_work(check.case, by)
    if resolution == "allow":
        _second_for_a_child(check.case, by)
        _may_put_back(check.fingerprint, by)
    policy = KNOWN_MATERIAL if check.matches.exists() else UNREADABLE
    if platforms.resolve_check(check, resolution, Why(check.case, policy, by.journal_name), now) is None:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    unreadable.close_when_answered(check.case, by.journal_name, now)


@action
def publish_none(case: Case, by: Staff, now: datetime) -> int:
    """Say of all unreadable uploads that wait in a case that they may not be published; answer how many there were."""
    _may_work(case, by)
    done = 0
    for check in case.checks.filter(state=CheckState.PENDING, reasons=[UNREADABLE]).select_related("platform"):
        why = Why(case, UNREADABLE, by.journal_name)
        done += platforms.resolve_check(check, "block", why, now) is not None
    unreadable.close_when_answered(case, by.journal_name, now)
    return done


@action
def withdraw_entry(entry: Entry, by: Staff, now: datetime) -> None:
    """Take an entry of a case out of the bank."""
    _may_work(entry.case, by)
    _second_for_a_child(entry.case, by)
    keeping.withdraw(entry, by, now)


@action
def confirm_print(entry: Entry, by: Staff, now: datetime) -> None:
    """Say that what matched a fingerprint from a reporter's device is what was reported: it is kept down from now on."""
    _may_work(entry.case, by)
    watching.confirm(entry, by, now)


def _second_for_a_child(case: Case, by: Staff) -> None:
    """Where a child is concerned, whoever decided the removal lets nothing of it back alone (decision 19)."""
    if not case.is_child_safety:
        return
    deciders = case.decisions.filter(state=DecisionState.MADE).values_list("by_id", flat=True)
    if by.pk in set(deciders) or not by.may_second(child_safety=True):
        raise SecondPersonNeeded(SecondPersonNeeded.__doc__)


def _may_put_back(picture: Fingerprint | None, by: Staff) -> None:
    """What a child's case banked is that case's, through whatever other case somebody lets it back."""
    for case in meeting.cases_of_like(picture):
        _may_work(case, by)
        _second_for_a_child(case, by)


def _may_work(case: Case, by: Staff) -> None:
    if not by.may_decide(case.needs_clearance):
        raise NotCleared(NotCleared.__doc__)
