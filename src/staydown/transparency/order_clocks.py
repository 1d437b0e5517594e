"""The clocks of authorities' orders, for their proof: from when each was served, what it stood still for, and what met it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from staydown.authority_orders import clocks
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Kind
from staydown.journal import rules
from staydown.journal.models import Entry
from staydown.regimes.clocks import Deadline
from staydown.regimes.duties import Act
from staydown.transparency.clock import Clock, Stood

GONE = frozenset({"refused", "revoked", "impostor"})
DONE = {Kind.REMOVAL: "effect", Kind.PRESERVATION: "answered", Kind.INFORMATION: "answered"}
TIMES = ("served", "effect")  # facts of an entry that are moments themselves


def about(order: AuthorityOrder) -> str:
    """How the journal names an order."""
    return f"{order._meta.label_lower}:{order.pk}"


def of_order(order: AuthorityOrder, entries: Iterable[Entry], now: datetime) -> list[Clock]:
    """Its clocks: by when it is carried out or answered; once it has its effect, by when authority and uploader are told."""
    mine = [each for each in entries if each.about == about(order)]
    start, effect = _first(mine, {"received"}), _first(mine, {"effect"})
    if start is None:
        return []
    end = _first(mine, {DONE[Kind(order.kind)]} | GONE)
    found = [_clock(each, (start, end), mine) for each in clocks.carrying_out(order, now)]
    for each in clocks.telling(order) if effect else ():
        told = _told(mine) if each.duty.owes is Act.EXPLAIN else _first(mine, {"answered"} | GONE)
        if each.duty.owes is not Act.EXPLAIN or _all(mine, "uploader_notice"):
            found.append(_clock(each, (effect or start, told), mine))
    return found


def _clock(one: Deadline, ends: tuple[Entry, Entry | None], mine: Sequence[Entry]) -> Clock:
    start, end = ends
    return Clock(
        one.duty.id,
        one.duty.law,
        one.duty.article,
        _moment(start),
        start.index,
        rules.moment(one.at),
        _moment(end) if end else "",
        end.index if end else -1,
        tuple(_stood(since, mine) for since in _all(mine, "paused") if since.at in {each.since for each in one.pauses}),
    )


def _stood(since: Entry, mine: Sequence[Entry]) -> Stood:
    until = next((each for each in _all(mine, "goes_on") if each.index > since.index), None)
    ends = (rules.moment(until.at), until.index) if until else ("", -1)
    return Stood(str((since.facts or {})["reason"]), rules.moment(since.at), since.index, *ends)


def _told(mine: Sequence[Entry]) -> Entry | None:
    """What ended it: the last uploader was told, or the order was taken back before."""
    told = _all(mine, "uploader_told")
    everybody = len(told) >= len(_all(mine, "uploader_notice"))
    return told[-1] if told and everybody else _first(mine, GONE)


def _moment(entry: Entry) -> str:
    """When it happened: as the entry says, where that is not when it was written."""
    said = next((entry.facts[name] for name in TIMES if entry.facts and name in entry.facts), None)
    return rules.moment(datetime.fromisoformat(said) if said else entry.at)


def _first(mine: Sequence[Entry], acts: Iterable[str]) -> Entry | None:
    names = {f"authority_order.{each}" for each in acts}
    return next((each for each in mine if each.act in names), None)


def _all(mine: Sequence[Entry], act: str) -> list[Entry]:
    return [each for each in mine if each.act == f"authority_order.{act}"]
