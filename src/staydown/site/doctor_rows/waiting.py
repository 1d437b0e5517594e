"""What waits for a person, and whether there is one: orders, deadlines, staff, entries that stopped themselves."""

from datetime import datetime

from staydown.authority_orders.models import UploaderNotice, untold
from staydown.banks.models import Entry as BankEntry
from staydown.banks.rules import EntryState
from staydown.cases.models import Case
from staydown.cases.rules import CaseState
from staydown.people.models import Staff
from staydown.people.rules import DECIDERS
from staydown.platforms.models import Order, Platform
from staydown.platforms.rules import OrderState
from staydown.site.findings import Finding, Findings, Level, fine, wrong


def orders(_now: datetime) -> Findings:
    """Platforms do as they are told."""
    for platform in Platform.objects.filter(orders__state=OrderState.FAILING).distinct():
        count = Order.objects.filter(platform=platform, state=OrderState.FAILING).count()
        yield wrong(
            f"{count} orders to {platform.name} fail: what they hide is still seen",
            "Call the platform, and look whether its webhook answers. They are tried again for days.",
        )


def uploaders(now: datetime) -> Findings:
    """Platforms tell uploaders of authorities' orders."""
    late = UploaderNotice.objects.filter(untold(now)).order_by()
    for name in sorted(set(late.values_list("order__platform__name", flat=True))):
        count = late.filter(order__platform__name=name).count()
        yield wrong(
            f"{count} notices about authorities' orders are not given to their uploaders by {name} for more than a day",
            "Call the platform: it gives them, and confirms (docs/desk.md). They are sent on until then.",
        )


def deadlines(now: datetime) -> Findings:
    """No case waits longer than its law allows."""
    passed = Case.objects.filter(state=CaseState.OPEN, due_at__lt=now).order_by("due_at")
    if first := passed.first():
        yield wrong(
            f"{passed.count()} cases are late (first: {first.reference}, {first.due_at:%d.%m. %H:%M} UTC)",
            "A moderator decides them now; the console shows them first.",
        )
    else:
        yield fine("no case is past its deadline")


def second_person(_now: datetime) -> Findings:
    """Two cleared people exist: a child-safety case is closed without action by two only (decision 19)."""
    cleared = Staff.objects.filter(is_active=True, cleared=True, role__in=DECIDERS).count()
    if cleared < 2:
        yield wrong(
            f"{cleared} of the staff are cleared for child-safety cases, and two are needed",
            "Until then such a case can be held or removed, but not closed without action. "
            "Name a second person: `staydown staff add NAME --role lead --cleared`.",
        )
    else:
        yield fine(f"{cleared} of the staff are cleared for child-safety cases")


def platforms(_now: datetime) -> Findings:
    """Somebody is protected."""
    if not Platform.objects.exists():
        yield Finding(Level.SOON, "no platform is registered", "Register one: `staydown platform add`.")


def frozen(_now: datetime) -> Findings:
    """Entries that stopped themselves wait for a person."""
    for entry in BankEntry.objects.filter(state=EntryState.FROZEN).select_related("case"):
        yield wrong(
            f"an entry of case {entry.case.reference} hid so much that it stopped itself",
            "Look at its matches now: withdraw the entry, or thaw it. Until then only the very same bytes are held.",
        )
