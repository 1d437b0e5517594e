"""What meets the bank: an item that is registered, a copy that a sweep found; and what is written down of each match."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from staydown.banks import locks, rules
from staydown.banks.actions import allowing, watching
from staydown.banks.following import Looked, bank
from staydown.banks.models import BankChange, Entry, Fingerprint, Match, policy_of
from staydown.banks.rules import EntryState, Hit
from staydown.banks.seeing import Found, Seen
from staydown.banks.telling import as_json, of_json
from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.platforms.actions.ordering import Why, order_item
from staydown.platforms.actions.registering import Registration, register
from staydown.platforms.models import Item, Platform
from staydown.platforms.rules import KNOWN_MATERIAL, Action, ItemState, Verdict
from staydown.promises.actions import owe

STAY_DOWN = "stay-down"
LOOK_AGAIN = "staydown.banks.tasks.look_again"


def matches(seen: Seen, looked: Looked | None = None) -> list[Found]:
    """The entries that a picture matches as of now."""
    return [each for each in bank.find(seen, looked) if rules.counts(each.hit)]


def remember_matches(found: list[Found], now: datetime, how: str, **what: object) -> Case:
    """Write a match for each entry; answer the case of the nearest."""
    for each in found:
        hit = each.hit
        said: dict[str, object] = {"exact": hit.exact, "forgeable": hit.forgeable, "distance": hit.distance}
        said |= {"evidence": as_json(hit.evidence, hit.passage), "found_by": how, "found_at": now}
        said["watched"] = rules.strength(hit) is Verdict.ALLOW
        Match.objects.get_or_create(entry_id=each.entry_id, **what, defaults=said)
        if not hit.exact and not said["watched"]:
            owe("staydown.banks.tasks.brake", str(each.entry_id), key=f"brake:{each.entry_id}")
    return Entry.objects.select_related("case").get(pk=min(found, key=_rank).entry_id).case


def _rank(found: Found) -> tuple[bool, int, int]:
    hit = found.hit
    return not hit.exact, hit.distance, -hit.evidence.score if hit.evidence else 0


@action
def admit(platform: Platform, said: Registration, now: datetime) -> tuple[Item, bool]:
    """Register an item and match its media again, as of now: what was banked since its check still meets it."""
    locks.shared()
    item, made = register(platform, said, now)
    if item.fingerprint and item.state in (ItemState.UP, ItemState.HELD):  # held: the media may have been exchanged
        meet(item, _found_of(item, item.fingerprint), now)
        _look_again_at_what_was_checked_before(item)
        item.refresh_from_db()
    return item, made


def _found_of(item: Item, row: Fingerprint) -> list[Found]:
    """What is kept of an item's media meets now, and what was found while there was more of it."""
    seen = Seen.of(row)
    found = matches(seen)
    known = {each.entry_id for each in found}
    found += [each for each in _verified_before(item) if each.entry_id not in known]
    return allowing.left(item.platform, seen, found)


def _verified_before(item: Item) -> list[Found]:
    """What its check found while the picture was there to be looked at, with entries that still hold by it."""
    met = item.check_row.matches.select_related("entry") if item.check_row else []
    return [
        Found(match.entry_id, _of_match(match))
        for match in met
        if match.evidence and match.entry.state in rules.CONFIRMED
    ]


def _of_match(match: Match) -> Hit:
    state, policy = EntryState(match.entry.state), policy_of(match.entry)
    evidence, passage = of_json(match.evidence)
    return Hit(state, False, match.distance, 0, evidence, policy, passage=passage)


def _look_again_at_what_was_checked_before(item: Item) -> None:
    """Its windows are gone since the check; an entry made after that has not seen them."""
    last = BankChange.objects.order_by("-generation").first()
    if item.check_row and item.state == ItemState.UP and last and last.at >= item.check_row.asked_at:
        owe(LOOK_AGAIN, str(item.pk), key=f"look:{item.pk}")


@action
def meet_again(item: Item, seen: Seen, looked: Looked, now: datetime) -> None:
    """Meet an item by what its own bytes, fetched again, look like."""
    locks.shared()
    item.refresh_from_db()
    if item.state == ItemState.UP:
        meet(item, allowing.left(item.platform, seen, matches(seen, looked)), now, "sweep")


@action
def meet_as_kept(item: Item, now: datetime) -> None:
    """Meet an item that is up once more, by what is kept of it."""
    locks.shared()
    item.refresh_from_db()
    if item.state == ItemState.UP and item.fingerprint:
        meet(item, _found_of(item, item.fingerprint), now, "sweep")


def meet(item: Item, found: list[Found], now: datetime, how: str = "registration") -> bool:
    """Hold (or, for the same bytes, remove) an item that resembles what must stay down; whether that was ordered."""
    allowed = _let_pass(item)
    found = watching.one_at_a_time(each for each in found if each.entry_id not in allowed)
    if not found:
        return False
    case = remember_matches(found, now, how, item=item)
    if rules.verdict([each.hit for each in found]) is Verdict.ALLOW:
        return False
    exact = any(each.hit.exact and rules.strength(each.hit) is Verdict.BLOCK for each in found)
    act = Action.REMOVE if exact else Action.HOLD
    return order_item(item, act, Why(case, KNOWN_MATERIAL, STAY_DOWN), now) is not None


def _let_pass(item: Item) -> set[UUID]:
    """Entries that met this item before: a person has, or will have, the word on those."""
    if item.check_row and item.check_row.resolution == "allow":
        return set(item.check_row.matches.values_list("entry_id", flat=True))
    return set(item.matches.values_list("entry_id", flat=True)) if item.released_at else set()


def cases_of_like(row: Fingerprint | None) -> Iterable[Case]:
    """The cases whose entries a picture meets as of now, or met while it was there to be looked at."""
    if row is None:
        return Case.objects.none()
    met = Match.objects.filter(Q(item__fingerprint=row) | Q(check_row__fingerprint=row), entry__state__in=rules.ACTIVE)
    entries = {each.entry_id for each in matches(Seen.of(row))} | set(met.values_list("entry_id", flat=True))
    return Case.objects.filter(entries__in=entries).distinct()


@action
def meet_copies(entry: Entry, hits: dict[int, Found], now: datetime) -> int:
    """Order every catalogue item that resembles `entry` ({fingerprint seq: found}) down; answer how many were."""
    items = Item.objects.filter(fingerprint_id__in=list(hits), state=ItemState.UP).select_related(
        "fingerprint", "check_row", "platform"
    )
    ordered = 0
    for item in items:
        before = item.sequence
        if item.fingerprint:
            found = allowing.left(item.platform, Seen.of(item.fingerprint), [hits[item.fingerprint.seq]])
            meet(item, found, now, "sweep")  # what resembles it waits for a click
        item.refresh_from_db()
        ordered += item.sequence != before
    return ordered


@action
def swept(entry: Entry, now: datetime, ordered: int) -> None:
    """Note that the whole catalogue was searched for an entry."""
    Entry.objects.filter(pk=entry.pk).update(swept_at=now)
    note("entry.swept", about=entry, by=STAY_DOWN, now=now, ordered=ordered)
