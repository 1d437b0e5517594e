"""What an order that lacks nothing does by itself: its case, what it keeps, and what it hides before anybody has looked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from staydown.authority_orders import clocks, rules, saying
from staydown.authority_orders.errors import NotYours
from staydown.authority_orders.models import AuthorityOrder, OrderedItem
from staydown.authority_orders.rules import Kind, OrderState, Said
from staydown.cases.actions import intake
from staydown.cases.models import Case, Report
from staydown.cases.rules import CaseState
from staydown.journal.acting import note
from staydown.people.models import Staff
from staydown.platforms import places
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.models import Account, Item
from staydown.platforms.models import Order as Ordered
from staydown.platforms.rules import ORDERED, Action, ItemState
from staydown.regimes.harms import Harm, Tri
from staydown.vault.receipts import NoCode
from staydown.vault.retention import holding


def bind(row: AuthorityOrder, said: Said, by: str, now: datetime) -> None:
    """It binds from now on: its case, what it keeps, and what it hides before anybody has looked."""
    found = places.find(said.places)
    row.report = _reported(row, said, found, now)
    row.due_at, row.clock = clocks.deadline(row, now)
    row.save(update_fields=["report", "due_at", "clock"])
    _hurry(row)
    for item in found.items:
        OrderedItem.objects.create(authority_order=row, item=item)
    row.move(OrderState.INCOMPLETE, to=OrderState.RECEIVED, completed_at=now)
    note("authority_order.completed", about=row, by=by, now=now, case=str(row.report.case_id))
    if row.kind != Kind.REMOVAL:
        preserve(row, found.items, found.accounts, now)
    elif row.verified_at:
        hide(row, by, now)


def _hurry(row: AuthorityOrder) -> None:
    """Its case is looked at by the order's deadline, where that is the earlier one: the queue and its alerts go by it."""
    earlier = Case.objects.filter(reports__authority_order=row, state=CaseState.OPEN, due_at__gt=row.due_at)
    if row.clock and row.kind == Kind.REMOVAL:
        Case.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(
            due_at=row.due_at, clock=row.clock
        )


def _reported(row: AuthorityOrder, said: Said, found: places.Found, now: datetime) -> Report:
    """What an order is about comes to the team like what anybody reports, with its fingerprints only watched for."""
    notice = intake.Notice(
        harm=Harm(row.harm),
        minor=Tri(row.minor),
        words="\n".join(each for each in (said.authority, row.number, said.legal_basis, said.reasons) if each),
        language=said.language if said.language in saying.languages() else settings.LANGUAGE_CODE,
        items=found.items,
        accounts=found.accounts,
        links=found.others,
        prints=said.prints,
        door="desk",
    )
    return intake.receive(notice, NoCode.of(row.pk.bytes), now)


def hide(row: AuthorityOrder, by: str, now: datetime) -> None:
    """Hide what a verified order wants removed: at once, reversibly, before a person carries it out.

    Beyond a thousand posts of a platform in an hour a person looks first: a stolen key empties no platform.
    """
    case = row.report.case if row.report else None
    for line in row.items.select_related("item"):
        if line.item.state == ItemState.UP and not _braked(line, row, now):
            line.hidden = order_item(line.item, Action.HOLD, Why(case, ORDERED, by), now)
            line.save(update_fields=["hidden"])


def _braked(line: OrderedItem, row: AuthorityOrder, now: datetime) -> bool:
    hour = Ordered.objects.filter(policy=ORDERED, action=Action.HOLD, written_at__gt=now - timedelta(hours=1))
    if hour.filter(platform=line.item.platform_id).count() < rules.BRAKE:
        return False
    note("hold.braked", about=line.item, by="rules", now=now, authority_order=str(row.pk))
    return True


def preserve(row: AuthorityOrder, items: tuple[Item, ...], accounts: tuple[Account, ...], now: datetime) -> None:
    """Keep every case about it, whatever the schedule says. That is all an order for information does by itself."""
    actor = row.entered_by or (row.officer.staff if row.officer else None) or _admitter(row)
    about = (
        Q(subjects__item__in=items)
        | Q(subjects__account__in=accounts)
        | Q(pk=row.report.case_id if row.report else None)
    )
    until = clocks.kept_until(row)
    for case in Case.objects.filter(about).distinct().order_by("pk"):
        holding.by_law(case, f"authority order {row.reference}", actor, now, until)
    row.move(OrderState.RECEIVED, to=OrderState.EXECUTED, executed_at=now, effect_at=now, reply_due_at=row.due_at)
    note("authority_order.preserved", about=row, by=actor.journal_name, now=now, until=until.isoformat())


def _admitter(row: AuthorityOrder) -> Staff:
    """Who of the staff stands for an organisation whose program sends."""
    if row.organisation is None or row.organisation.admitted_by is None:
        raise NotYours(NotYours.__doc__)
    return row.organisation.admitted_by
