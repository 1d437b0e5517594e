"""Receiving a report: one transaction writes the report, its case, the holds and the promises. Only then is it acknowledged."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q

from staydown.cases import details
from staydown.cases.actions import rising
from staydown.cases.actions.notice import REPORTER, NothingReported, Notice
from staydown.cases.holds import BRAKE_MINUTES, FLAGGERS_BRAKE, Brake, HoldsLastHour, holds_at_once, new_fact
from staydown.cases.models import Addition, Case, Print, Report, Subject
from staydown.cases.rules import CaseState
from staydown.cases.severity import flags_of, graver, surer
from staydown.journal.acting import action, note
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Why
from staydown.platforms.models import Account, Item, Order
from staydown.platforms.rules import FLAGGED, KNOWN_MATERIAL, ORDERED, Action, ItemState
from staydown.promises.actions import owe
from staydown.regimes.clocks import Facts, deadline
from staydown.regimes.harms import CHILD_HARMS, Capacity, Flag, Harm, Tri
from staydown.site import deployment
from staydown.vault import words
from staydown.vault.evidence import actions as evidence
from staydown.vault.evidence import review
from staydown.vault.evidence.rules import Kind
from staydown.vault.receipts import Keyed

NO_REPORTS = (KNOWN_MATERIAL, ORDERED)
__all__ = ["REPORTER", "NothingReported", "Notice", "receive", "receive_once"]


@action
def receive(notice: Notice, receipt: Keyed, now: datetime) -> Report:
    """Write down a report and everything that follows from it at once. Raises `NothingReported`."""
    if not notice.names_something:
        raise NothingReported(NothingReported.__doc__)
    items = locked(notice)
    case = _case_for(notice, items, now)
    inherit(case, items)
    report = _report(notice, case, receipt, now)
    note("report.received", about=report, by=notice.door, now=now, case=str(case.pk), harm=notice.harm.value)
    bring(report, case, notice, items, now)
    return report


def bring(report: Report, case: Case, notice: Notice, items: list[Item], now: datetime) -> None:
    """Make what a notice names part of the case, and hide it where the rules say so. The caller holds the locks."""
    report.subjects.add(*_subjects(case, notice, items, report.public_key, now))
    for text in notice.prints:
        Print.objects.create(report=report, print_sealed=sealed(text, report.public_key), at=now)
    if notice.prints:
        owe("staydown.banks.tasks.watch_for_prints", str(report.pk), key=f"prints:{report.pk}")
    if report.words_sealed or report.details_sealed or notice.links:
        evidence.want_words(report, now)
    for item in items:
        evidence.want(case, item, now)
        evidence.want(case, item, now, Kind.PAGE)
        _hold(item, case, notice, now)
    rising.look({item.account_id for item in items} | {account.pk for account in notice.accounts}, now)
    if report.words_sealed or items or notice.accounts:
        owe(rising.WEIGH, str(report.pk), key=f"weigh:{report.pk}")
    if items or notice.prints:
        owe("staydown.cases.tasks.join_by_media", str(report.pk), key=f"join:{report.pk}")


def sealed(text: str, public: str) -> bytes:
    """Readable with the receipt, and with the working key."""
    return words.seal(text, public, settings.WORKING_PUBLIC)


def receive_once(notice: Notice, receipt: Keyed, now: datetime) -> Report:
    """Receive a report that may arrive again (a page sent twice, a connection lost): it is written once."""
    try:
        return find(receipt) or receive(notice, receipt, now)
    except IntegrityError:
        found = find(receipt)
        if found is None:
            raise
        return found


def locked(notice: Notice) -> list[Item]:
    """The items, locked in one order, their accounts first: two reports of one thing join one case."""
    accounts = {item.account_id for item in notice.items if item.account_id} | {one.pk for one in notice.accounts}
    list(Account.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    ids = [item.pk for item in notice.items]
    return list(Item.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _case_for(notice: Notice, items: list[Item], now: datetime) -> Case:
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
    return joined(case, notice, now) or _case_for(notice, items, now)


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


def _report(notice: Notice, case: Case, receipt: Keyed, now: datetime) -> Report:
    return Report.objects.create(
        case=case,
        platform=notice.platform,
        lookup=receipt.lookup,
        public_key=receipt.public,
        words_sealed=sealed(notice.words, receipt.public) if notice.words else None,
        harm=notice.harm,
        minor=notice.minor,
        flags=sorted(flag.value for flag in notice.flags),
        language=notice.language,
        reporter_ref=notice.reporter_ref,
        received_at=now,
        door=notice.door,
        capacity=notice.capacity or "",
        details_sealed=details_sealed(notice, receipt.public),
    )


def details_sealed(notice: Notice, public: str) -> bytes | None:
    """The answers to the questions, sealed; None where there are none."""
    told = details.pack(notice.details)
    return sealed(told, public) if told else None


def _subjects(case: Case, notice: Notice, items: list[Item], public: str, now: datetime) -> list[Subject]:
    rows = [
        Subject.objects.get_or_create(case=case, item=item, defaults={"added_at": now, "views_before": item.views})[0]
        for item in items
    ]
    rows += [
        Subject.objects.get_or_create(case=case, account=account, defaults={"added_at": now})[0]
        for account in notice.accounts
    ]
    for link in notice.links:
        rows.append(Subject.objects.create(case=case, link_sealed=sealed(link, public), added_at=now))
    return rows


def _hold(item: Item, case: Case, notice: Notice, now: datetime) -> None:
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
    platforms.order_item(item, Action.HOLD, Why(case, policy, REPORTER), now)


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


@action
def add_words(report: Report, text: str, now: datetime) -> Addition:
    """Keep words a reporter adds later."""
    row = Addition.objects.create(report=report, words_sealed=sealed(text, report.public_key), at=now)
    note("report.added_to", about=report, by=REPORTER, now=now)
    evidence.want_words(report, now, row)
    owe(rising.WEIGH, str(report.pk), key=f"weigh:{report.pk}")
    return row


def find(receipt: Keyed) -> Report | None:
    """The report that a receipt opens."""
    return Report.objects.select_related("case", "case__joined_into").filter(lookup=receipt.lookup).first()
