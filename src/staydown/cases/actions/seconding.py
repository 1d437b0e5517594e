"""The second person's word on a proposal: agreed with, declined, or not said in time."""

from datetime import datetime

from django.conf import settings

from staydown.banks import locks
from staydown.cases.actions import complaining, making
from staydown.cases.actions.refusals import AlreadyDecided, NoReason, NotComplete, SecondPersonNeeded, SomebodyElse
from staydown.cases.models import Decision
from staydown.cases.rules import DecisionState
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Item
from staydown.vault import words


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
