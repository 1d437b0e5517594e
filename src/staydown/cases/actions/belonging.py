"""Which case a report belongs to: the open one about the same thing, where its graver word then stands; else a new one."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from staydown.cases.actions.notice import Notice
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.cases.severity import flags_of, graver, surer
from staydown.journal.acting import note
from staydown.platforms.models import Account, Item
from staydown.platforms.rules import ItemState
from staydown.regimes.clocks import Facts, deadline
from staydown.regimes.harms import CHILD_HARMS, Capacity, Flag, Harm, Tri
from staydown.site import deployment
from staydown.vault.evidence import review


def locked(notice: Notice) -> list[Item]:
    """The items, locked in one order, their accounts first: two reports of one thing join one case."""
    accounts = {item.account_id for item in notice.items if item.account_id} | {one.pk for one in notice.accounts}
    list(Account.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    ids = [item.pk for item in notice.items]
    return list(Item.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def case_for(notice: Notice, items: list[Item], now: datetime) -> Case:
    """The open case about the same item, or the same account with the same harm; else a new one."""
    open_cases = Case.objects.filter(state=CaseState.OPEN).order_by("opened_at")
    case = open_cases.filter(subjects__item__in=items).first()
    if case is None:
        accounts = [item.account_id for item in items if item.account_id] + [one.pk for one in notice.accounts]
        of_account = open_cases.filter(harm=notice.harm).exclude(harm=Harm.UNSPECIFIED)
        case = (
            of_account.filter(subjects__account__in=accounts).first()
            or of_account.filter(subjects__item__account__in=accounts).first()
        )
    if case is None:
        return _opened(notice, now)
    return joined(case, notice, now) or case_for(notice, items, now)


def inherit(case: Case, items: Iterable[Item]) -> None:
    """What a child's case took down stays a child's, whatever a later report of it says or leaves out."""
    down = [item for item in items if item.state in (ItemState.HELD, ItemState.REMOVED)]
    about = Case.objects.filter(Q(subjects__item__in=down) | Q(entries__matches__item__in=down))
    if not case.is_child_safety and about.filter(Q(harm__in=CHILD_HARMS) | Q(minor=Tri.YES)).exists():
        case.minor = Tri.YES
        case.save(update_fields=["minor"])
        review.forget(case)


def _facts(harm: Harm, minor: Tri, flags: frozenset[Flag], capacity: Capacity | None) -> Facts:
    return Facts(harm, minor, flags, deployment.here(), capacity=capacity)


def _opened(notice: Notice, now: datetime) -> Case:
    due = deadline(_facts(notice.harm, notice.minor, notice.flags, notice.capacity), now)
    case = Case.objects.create(
        harm=notice.harm,
        minor=notice.minor,
        flags=sorted(flag.value for flag in notice.flags),
        opened_at=now,
        due_at=due.at,
        clock=due.duty.id,
    )
    note("case.opened", about=case, by=notice.door, now=now, harm=notice.harm.value, clock=due.duty.id)
    return case


def joined(found: Case, notice: Notice, now: datetime) -> Case | None:
    """Add what a further report says: the gravest harm stands, the earliest deadline stands.

    None when the case was decided, or joined to another, while we waited for it.
    """
    case = Case.objects.select_for_update().filter(pk=found.pk, state=CaseState.OPEN).first()
    if case is None:
        return None
    harm = graver(Harm(case.harm), notice.harm)
    minor = surer(Tri(case.minor), notice.minor)
    flags = flags_of(case.flags) | notice.flags
    due = deadline(_facts(harm, minor, flags, notice.capacity), now)
    case.harm, case.minor, case.flags = harm, minor, sorted(flag.value for flag in flags)
    if due.at < case.due_at:
        case.due_at, case.clock = due.at, due.duty.id
    case.save(update_fields=["harm", "minor", "flags", "due_at", "clock"])
    if case.needs_clearance:
        review.forget(case)
    return case
