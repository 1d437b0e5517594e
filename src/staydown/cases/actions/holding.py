"""Hiding at once what a report names, where the rules say so."""

from datetime import datetime, timedelta

from staydown.cases.actions.notice import REPORTER, Notice
from staydown.cases.holds import BRAKE_MINUTES, FLAGGERS_BRAKE, Brake, HoldsLastHour, holds_at_once, new_fact
from staydown.cases.models import Case
from staydown.journal.acting import note
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import FLAGGED, KNOWN_MATERIAL, ORDERED, Action, ItemState
from staydown.regimes.harms import Harm

NO_REPORTS = (KNOWN_MATERIAL, ORDERED)


def hold(item: Item, case: Case, notice: Notice, now: datetime) -> None:
    """Hide the item at once when the rules say so; where the brake is on, a person looks within minutes instead."""
    if item.state != ItemState.UP or not holds_at_once(notice.claim) or not _is_new(item, notice.harm):
        return
    policy = FLAGGED if notice.claim.trusted_flagger else notice.harm.value
    brake = FLAGGERS_BRAKE if policy == FLAGGED else Brake()
    if brake.on(_holds_last_hour(item, policy == FLAGGED, now)):
        soon = now + timedelta(minutes=BRAKE_MINUTES)
        Case.objects.filter(pk=case.pk).update(braked=True, due_at=min(case.due_at, soon))
        note("hold.braked", about=item, by="rules", now=now, case=str(case.pk))
        return
    order_item(item, Action.HOLD, Why(case, policy, REPORTER), now)


def _is_new(item: Item, harm: Harm) -> bool:
    """Whether the report says something that no person has yet decided about this item."""
    if item.released_at is None:
        return True
    decided = Case.objects.filter(subjects__item=item, decided_at__isnull=False).values_list("harm", flat=True)
    return new_fact(harm, frozenset(decided))


def _holds_last_hour(item: Item, flagged: bool, now: datetime) -> HoldsLastHour:
    """Those that reports made; those of trusted flaggers' lists apart, so that a list never slows what a person reports."""
    holds = Order.objects.filter(
        action=Action.HOLD, platform=item.platform_id, written_at__gt=now - timedelta(hours=1)
    ).exclude(
        policy__in=NO_REPORTS
    )  # copies of what a person decided on, and orders: the brake guards against false reports
    holds = holds.filter(policy=FLAGGED) if flagged else holds.exclude(policy=FLAGGED)
    return HoldsLastHour(
        item=holds.filter(item=item).count(),
        account=holds.filter(item__account=item.account_id).count() if item.account_id else 0,
        platform=holds.count(),
    )
