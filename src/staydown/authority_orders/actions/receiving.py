"""An order arrives, and is completed: what is missing is named at once, what lacks nothing binds (`binding`)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from staydown.authority_orders import clocks, rules, saying
from staydown.authority_orders.actions import binding
from staydown.authority_orders.actions.pausing import run_again, stand_still
from staydown.authority_orders.errors import NotYours, TooLate, WentOn
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import BINDING, BY_CHANNEL, LONGEST_SILENCE, Channel, Kind, OrderState, Said
from staydown.journal.acting import action, note
from staydown.organisations.models import Officer, Organisation
from staydown.people.models import Staff
from staydown.regimes.duties import PauseReason
from staydown.regimes.harms import Harm, Tri, may_be_a_child

LIVE = (OrderState.INCOMPLETE, *BINDING)
SAME = ("kind", "number", "harm", "minor", "served_at", "stated_at", "silent_until", "keep_until")


@dataclass(frozen=True, slots=True)
class Order:
    """What is told of an order besides its words. `number`: the authority's own; the times as the order has them."""

    kind: Kind
    said: Said
    number: str = ""
    harm: Harm = Harm.UNSPECIFIED
    minor: Tri = Tri.UNKNOWN
    served_at: datetime | None = None  # None: now
    stated_at: datetime | None = None
    silent_until: datetime | None = None
    keep_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends it: an officer by the desk, an organisation's program by its key, or one of the staff by hand."""

    organisation: Organisation | None = None
    officer: Officer | None = None
    staff: Staff | None = None

    @property
    def channel(self) -> Channel:
        return Channel.HAND if self.staff else Channel.DESK if self.officer else Channel.KEY

    @property
    def journal_name(self) -> str:
        person = self.staff or (self.officer.staff if self.officer else None)
        return person.journal_name if person else f"organisation:{self.organisation.pk if self.organisation else ''}"


@action
def receive(told: Order, sender: Sender, now: datetime) -> AuthorityOrder:
    """Write an order down. What it lacks is in `missing`; what lacks nothing takes effect. Raises `NotYours`, `TooLate`.

    The same order of the same organisation within a day (an answer that was lost, a page sent twice) is the one that is there.
    """
    if sender.staff and not rules.may_execute(sender.staff.person, child=may_be_a_child(told.harm, told.minor)):
        raise NotYours(NotYours.__doc__)
    _future(told, now)
    digest = saying.digest(told.said, *(getattr(told, name) for name in SAME))
    if sender.organisation and (before := _sent_before(sender.organisation, digest, now)):
        return before
    verified = BY_CHANNEL.get(sender.channel)
    row = AuthorityOrder(
        kind=told.kind,
        channel=sender.channel,
        organisation=sender.organisation,
        officer=sender.officer,
        entered_by=sender.staff,
        number=told.number[:120],
        harm=told.harm,
        minor=told.minor,
        said_sealed=saying.seal(told.said),
        digest=digest if sender.organisation else None,
        served_at=min(told.served_at or now, now),
        received_at=now,
        acknowledged_at=now if verified else None,
        named=told.said.named,
        stated_at=told.stated_at,
        silent_until=told.silent_until,
        keep_until=told.keep_until,
        verified_how=verified or "",
        verified_at=now if verified else None,
    )
    row.due_at, row.clock = clocks.deadline(row, now)
    row.missing = [each.value for each in rules.missing(told.kind, told.said, saying.languages())]
    row.save(force_insert=True)
    facts = {"kind": row.kind, "channel": row.channel, "clock": row.clock, "missing": row.missing}
    facts["served"] = row.served_at.isoformat()
    note("authority_order.received", about=row, by=sender.journal_name, now=now, **facts)
    if row.missing:
        _pause(row, now)
    else:
        binding.bind(row, told.said, sender.journal_name, now)
    return row


def _sent_before(organisation: Organisation, digest: bytes, now: datetime) -> AuthorityOrder | None:
    """Locks the organisation: the same order twice at once is one order, too."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    mine = AuthorityOrder.objects.filter(organisation=organisation, digest=digest, state__in=LIVE)
    return mine.filter(received_at__gt=now - timedelta(days=1)).order_by("received_at").first()


def _future(told: Order, now: datetime) -> None:
    """No silence that is over, or longer than a year; nothing kept until a day that has passed."""
    silent, keep = told.silent_until, told.keep_until
    if (silent and not now < silent <= now + LONGEST_SILENCE) or (
        keep and not now < keep <= now + timedelta(days=3660)
    ):
        raise TooLate(TooLate.__doc__)


def _pause(row: AuthorityOrder, now: datetime) -> None:
    """Where its law says so, the clock stands still until what is missing is there: the desk told the authority at once.

    Whoever wrote an order down by hand tells the authority first, and says so.
    """
    if row.channel != Channel.HAND and clocks.pausable(row, PauseReason.MANIFEST_ERROR):
        stand_still(row, PauseReason.MANIFEST_ERROR, None, now)


@action
def complete(row: AuthorityOrder, said: Said, by: str, now: datetime) -> AuthorityOrder:
    """Its words again, with what was missing; fingerprints that were sent before stay. Names what still is missing.

    Raises `WentOn` for an order that lacks nothing any more.
    """
    row = AuthorityOrder.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)
    if row.state != OrderState.INCOMPLETE:
        raise WentOn(WentOn.__doc__)
    said = replace(said, prints=said.prints or saying.read(row).prints)
    row.said_sealed = saying.seal(said)
    row.missing = [each.value for each in rules.missing(Kind(row.kind), said, saying.languages())]
    row.named = said.named
    row.save(update_fields=["said_sealed", "missing", "named"])
    note("authority_order.added_to", about=row, by=by, now=now, missing=row.missing)
    if not row.missing:
        run_again(row, by, now)
        binding.bind(row, said, by, now)
    return row


@action
def complete_by_hand(row: AuthorityOrder, said: Said, by: Staff, now: datetime) -> AuthorityOrder:
    """As `complete`, of what one of the staff wrote down: the authority wrote or telephoned again. Raises `NotYours`, too."""
    if row.channel != Channel.HAND or not rules.may_execute(by.person, child=row.needs_clearance):
        raise NotYours(NotYours.__doc__)
    return complete(row, said, by.journal_name, now)
