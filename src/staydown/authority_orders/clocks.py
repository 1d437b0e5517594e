"""By when an order is to be carried out, until when it has something kept, and when its authority is to be told."""

from datetime import datetime

from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import EVENT, KEPT, OURS, Kind
from staydown.regimes.clocks import DECIDING, Deadline, Facts, Owed, Pause, owed
from staydown.regimes.duties import Act, Bound, Event, PauseReason
from staydown.regimes.harms import Harm, Tri
from staydown.site import deployment

REPLY = frozenset({Act.REPLY})


def facts(order: AuthorityOrder, event: Event | None = None) -> Facts:
    """What an order says to the clocks; once it has its effect, also from when its uploader may be told."""
    started = event or EVENT[Kind(order.kind)]
    return Facts(
        Harm(order.harm),
        Tri(order.minor),
        frozenset(),
        deployment.here(),
        started,
        issuer=order.organisation.issuer if order.organisation else "",
        stated=order.silent_until if started is Event.EFFECT else order.stated_at,
    )


def carrying_out(order: AuthorityOrder, now: datetime) -> tuple[Deadline, ...]:
    """By when an order is carried out, or answered, moved by the pauses that its law allows; the earliest first.

    What we promise for words without a number does not take back a pause that the law's own number allows.
    """
    rows = [] if order._state.adding else order.pauses.order_by("since")
    pauses = [Pause(PauseReason(row.reason), row.since, row.until or now, told=True) for row in rows]
    wanted = DECIDING if order.kind == Kind.REMOVAL else REPLY
    found = _at_latest(owed(facts(order), order.served_at, pauses), wanted)
    moved = any(each.pauses for each in found)
    return tuple(each for each in found if not moved or each.pauses or _by_number(each, order))


def telling(order: AuthorityOrder) -> tuple[Deadline, ...]:
    """By when, after the effect, the authority is told of it, and the uploader of the order (art. 9(1) and (5))."""
    if order.effect_at is None or order.kind != Kind.REMOVAL:
        return ()
    return _at_latest(owed(facts(order, Event.EFFECT), order.effect_at), REPLY | {Act.EXPLAIN})


def _at_latest(found: Owed, acts: frozenset[Act]) -> tuple[Deadline, ...]:
    return tuple(each for each in found.deadlines if each.duty.owes in acts and each.duty.bound is Bound.AT_LATEST)


def _by_number(one: Deadline, order: AuthorityOrder) -> bool:
    """Whether the time is a statute's number, or the order's own."""
    return one.duty.kind == "law" or bool(one.duty.stated and order.stated_at)


def deadline(order: AuthorityOrder, now: datetime) -> tuple[datetime, str]:
    """By when something must be done, and the duty that says so; our own time where no duty does."""
    found = next(iter(carrying_out(order, now)), None)
    return (found.at, found.duty.id) if found else (order.stated_at or order.served_at + OURS, "")


def pausable(order: AuthorityOrder, reason: PauseReason) -> bool:
    """Whether the law of its clock lets it stand still for this reason."""
    duty = order.law
    return duty is not None and duty.pause_rule(reason) is not None


def kept_until(order: AuthorityOrder) -> datetime:
    """Until when what it is about is preserved: the order's day, the law's, or ours; the latest of them."""
    found = owed(facts(order), order.served_at).last(Act.PRESERVE)
    said = [each for each in (order.keep_until, found.at if found else None) if each]
    return max(said) if said else order.received_at + KEPT


def reply_due(order: AuthorityOrder, effect: datetime) -> datetime:
    """By when the authority is told of the effect (art. 9(1))."""
    found = owed(facts(order, Event.EFFECT), effect).first(REPLY)
    return found.at if found else effect + OURS
