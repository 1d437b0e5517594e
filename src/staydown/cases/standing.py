"""How accounts stand: their strikes, read from the removals that people decided, and what the rules propose."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Min

from staydown.cases import seeing, strikes
from staydown.cases.models import Case
from staydown.cases.rules import AccountRuling
from staydown.cases.strikes import Strike
from staydown.people.models import Staff
from staydown.platforms.models import Account, Order
from staydown.platforms.rules import Action, ItemState
from staydown.regimes.harms import Harm

DOWN = (ItemState.REMOVED, ItemState.GONE)  # what was put back again strikes nobody


def histories(accounts: Iterable[Account] | None = None, staff: Staff | None = None) -> dict[UUID, list[Strike]]:
    """{account: strikes, the earliest first} of these accounts, or of all: one for each case that removed a post of it.

    Of all cases, or of those that one of the staff may know of.
    """
    removals = Order.objects.filter(action=Action.REMOVE, case__isnull=False, item__state__in=DOWN)
    removals = removals.filter(item__account__isnull=False)
    if accounts is not None:
        removals = removals.filter(item__account__in=accounts)
    if staff is not None:
        removals = removals.filter(seeing.may_know(staff, "case__"))
    rows = removals.values_list("item__account_id", "case_id", "case__harm").annotate(at=Min("written_at"))
    found: dict[UUID, list[Strike]] = defaultdict(list)
    for account, case, harm, at in rows.order_by("at"):
        found[account].append(Strike(at, Harm(harm), case))
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account stands: its points, those it has once something of this case is removed, and what is then proposed."""

    strikes: int
    points: int
    points_then: int
    proposed: AccountRuling


def of_case(case: Case, accounts: list[Account], staff: Staff, now: datetime) -> dict[UUID, Standing]:
    """{account: standing}, by what this person may know of; nothing where strikes are not switched on."""
    policy = settings.STRIKES
    if policy is None:
        return {}
    known = histories(accounts, staff)
    return {account.pk: _standing(known.get(account.pk, []), policy, case, now) for account in accounts}


def _standing(known: list[Strike], policy: strikes.Policy, case: Case, now: datetime) -> Standing:
    new = [] if any(each.case == case.pk for each in known) else [Strike(now, Harm(case.harm), case.pk)]
    then = strikes.points(known + new, policy, now)
    return Standing(len(known), strikes.points(known, policy, now), then, strikes.proposed(then, policy))
