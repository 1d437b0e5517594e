"""Answering what is held beside a decision: copies that the bank found, and uploads that wait."""

from datetime import datetime
from uuid import UUID

from staydown.banks.models import Match
from staydown.cases.actions import stating, unreadable
from staydown.cases.actions.guards import may_put_back, may_work, second_for_a_child
from staydown.cases.actions.refusals import AlreadyDecided
from staydown.cases.models import Case
from staydown.cases.rules import DecisionState
from staydown.journal.acting import action
from staydown.people.models import Staff
from staydown.platforms.actions.ordering import Why, order_item, resolve_check
from staydown.platforms.models import Check
from staydown.platforms.rules import KNOWN_MATERIAL, UNREADABLE, Action, CheckState, ItemState


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
            order = order_item(match.item, act, why, now)
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
    if resolve_check(check, resolution, Why(check.case, policy, by.journal_name), now) is None:
        raise AlreadyDecided(AlreadyDecided.__doc__)
    unreadable.close_when_answered(check.case, by.journal_name, now)


@action
def publish_none(case: Case, by: Staff, now: datetime) -> int:
    """Say of all unreadable uploads that wait in a case that they may not be published; answer how many there were."""
    may_work(case, by)
    done = 0
    for check in case.checks.filter(state=CheckState.PENDING, reasons=[UNREADABLE]).select_related("platform"):
        why = Why(case, UNREADABLE, by.journal_name)
        done += resolve_check(check, "block", why, now) is not None
    unreadable.close_when_answered(case, by.journal_name, now)
    return done
