"""The verbs of the bank: answer an upload, admit an item, bank what was decided, raise, freeze, withdraw, sweep.

Longer than the house likes: what is matched and what is changed share one lock, and are read together to see that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from staydown.banks import locks, rules
from staydown.banks.following import Found, Seen, bank
from staydown.banks.models import BankChange, Entry, Fingerprint, Match
from staydown.banks.rules import EntryState
from staydown.cases.models import Case
from staydown.fingerprints import ImageFingerprints
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms import actions as platforms
from staydown.platforms.actions import Registration, Why
from staydown.platforms.models import Check, Item, Platform
from staydown.platforms.rules import KNOWN_MATERIAL, Action, CheckState, ItemState, Verdict
from staydown.promises.actions import owe
from staydown.regimes.harms import Role
from staydown.regimes.lawful import Deployment, may_bank_child_safety
from staydown.vault import fingerprints as sealed

STAY_DOWN = "stay-down"
ANSWER_WITHIN = timedelta(hours=24)  # by when a person answers a held upload


class NotLawfulHere(ValueError):
    """This deployment's role and country do not allow it to keep such fingerprints. Pass the case to the hotline."""


class SamePerson(ValueError):
    """A second person has to agree: somebody other than who decided first."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An upload as the platform asks about it. `sha256` is missing when only a fingerprint was sent."""

    forms: tuple[bytes, ...]
    quality: int
    sha256: bytes | None
    account_id: str | None = None
    surface: str = ""

    @classmethod
    def of(cls, made: ImageFingerprints, account_id: str | None = None, surface: str = "") -> "Asked":
        """An upload whose media was fingerprinted here: the picture turned and mirrored, and each telling region of it."""
        forms = tuple(dict.fromkeys(made.turned + made.regions))
        return cls(forms, made.quality, made.sha256, account_id, surface)


@action
def answer_check(platform: Platform, asked: Asked, now: datetime) -> Check:
    """Answer an upload check by what is banked at this moment."""
    locks.shared()
    exact = sealed.keyed_digest(asked.sha256) if asked.sha256 else None
    row = Fingerprint.objects.create(
        exact=exact, forms_sealed=sealed.seal(asked.forms), quality=asked.quality, made_at=now
    )
    found = [each for each in bank.find(Seen(asked.forms, asked.quality, exact)) if rules.counts(each.hit)]
    verdict = rules.verdict([each.hit for each in found])
    check = Check.objects.create(
        platform=platform,
        account=platforms.account_of(platform, asked.account_id, now),
        fingerprint=row,
        surface=asked.surface,
        verdict=verdict,
        reasons=[rules.KNOWN] if found else [],
        asked_at=now,
    )
    if found:
        _stop_upload(check, found, now)
    return check


def _stop_upload(check: Check, found: list[Found], now: datetime) -> None:
    case = _remember(found, now, "check", check_row=check)
    Check.objects.filter(pk=check.pk).update(case=case)
    if check.verdict == Verdict.HOLD:
        check.move(CheckState.ANSWERED, to=CheckState.PENDING, due_at=now + ANSWER_WITHIN)
    check.refresh_from_db()
    note(f"upload.{check.verdict}", about=check, by=STAY_DOWN, now=now, entries=_ids(found))


def _ids(found: Iterable[Found]) -> list[str]:
    return sorted(str(each.entry_id) for each in found)


def _remember(found: list[Found], now: datetime, how: str, **what: object) -> Case:
    """Write a match for each entry; answer the case of the nearest."""
    for each in found:
        Match.objects.get_or_create(
            entry_id=each.entry_id,
            **what,
            defaults={"exact": each.hit.exact, "distance": each.hit.distance, "found_by": how, "found_at": now},
        )
    nearest = min(found, key=lambda each: (not each.hit.exact, each.hit.distance))
    return Entry.objects.select_related("case").get(pk=nearest.entry_id).case


@action
def admit(platform: Platform, said: Registration, now: datetime) -> tuple[Item, bool]:
    """Register an item and match its media again, as of now: what was banked since its check still meets it."""
    locks.shared()
    item, made = platforms.register(platform, said, now)
    if item.fingerprint and item.state in (ItemState.UP, ItemState.HELD):  # held: the media may have been exchanged
        _meet(item, [each for each in bank.find(Seen.of(item.fingerprint)) if rules.counts(each.hit)], now)
        item.refresh_from_db()
    return item, made


def _meet(item: Item, found: list[Found], now: datetime) -> None:
    """Hold (or, for the same bytes, remove) an item that resembles what must stay down."""
    allowed = _let_pass(item)
    found = [each for each in found if each.entry_id not in allowed]
    if found:
        case = _remember(found, now, "registration", item=item)
        exact = any(each.hit.exact and rules.strength(each.hit) is Verdict.BLOCK for each in found)
        act = Action.REMOVE if exact else Action.HOLD
        platforms.order_item(item, act, Why(case, KNOWN_MATERIAL, STAY_DOWN), now)


def _let_pass(item: Item) -> set[UUID]:
    """Entries that met this item before: a person has, or will have, the word on those."""
    if item.check_row and item.check_row.resolution == "allow":
        return set(item.check_row.matches.values_list("entry_id", flat=True))
    return set(item.matches.values_list("entry_id", flat=True)) if item.released_at else set()


def cases_of_like(row: Fingerprint | None) -> Iterable[Case]:
    """The cases whose entries a picture meets as of now."""
    found = bank.find(Seen.of(row)) if row else []
    return Case.objects.filter(entries__in=[each.entry_id for each in found if rules.counts(each.hit)]).distinct()


@action
def keep_down(case: Case, item: Item, by: Staff, now: datetime) -> Entry | None:
    """Bank the media of a removed item, at hold strength; the sweep is owed. None when there is no fingerprint.

    Takes the bank lock: call it before other rows are locked. Raises `NotLawfulHere`.
    """
    locks.alone()
    deployment = Deployment(Role(settings.ROLE), settings.COUNTRY)
    if case.needs_clearance and not may_bank_child_safety(deployment):
        raise NotLawfulHere(NotLawfulHere.__doc__)
    if item.fingerprint is None:
        return None
    if item.fingerprint.exact is None:  # the platform's word only: what is banked must be what a person decided on
        owe("staydown.banks.tasks.bank_from_evidence", str(case.pk), str(item.pk), str(by.pk), key=f"bank:{item.pk}")
        return None
    banked = Entry.objects.exclude(state=EntryState.WITHDRAWN).filter(fingerprint=item.fingerprint).first()
    if banked:
        return banked
    entry = Entry.objects.create(
        fingerprint=item.fingerprint,
        case=case,
        harm=case.harm,
        banked_at=now,
        banked_by=by,
        catalogue_seq=Fingerprint.objects.aggregate(last=Max("seq"))["last"] or 0,
    )
    _change(entry, EntryState.HOLDING, by.journal_name, now)
    return entry


def _change(entry: Entry, to: EntryState, by: str, now: datetime, **also: object) -> bool:
    """Move an entry and tell every index, in the order of commits. The caller holds the bank lock."""
    if not entry.move(EntryState(entry.state), to=to, **also):
        return False
    last = BankChange.objects.aggregate(last=Max("generation"))["last"] or 0
    BankChange.objects.create(generation=last + 1, entry=entry, state=to, at=now)
    note(f"entry.{to}", about=entry, by=by, now=now, generation=last + 1)
    if to in (EntryState.HOLDING, EntryState.BLOCKING):
        owe("staydown.banks.tasks.sweep", str(entry.pk), key=f"sweep:{entry.pk}", priority=5)
    return True


@action
def raise_to_block(entry: Entry, by: Staff, now: datetime) -> None:
    """A second person agrees that what resembles this entry is blocked. Raises `SamePerson`."""
    locks.alone()
    entry.refresh_from_db()
    if entry.banked_by_id == by.pk or not by.may_second(entry.case.is_child_safety):
        raise SamePerson(SamePerson.__doc__)
    if entry.state == EntryState.HOLDING:
        _change(entry, EntryState.BLOCKING, by.journal_name, now, raised_by=by, raised_at=now)


@action
def thaw(entry: Entry, by: Staff, now: datetime) -> None:
    """A person, other than who banked it, has looked at a frozen entry: it holds again. Raises `SamePerson`."""
    locks.alone()
    entry.refresh_from_db()
    if entry.banked_by_id == by.pk or not by.may_second(entry.case.is_child_safety):
        raise SamePerson(SamePerson.__doc__)
    if entry.state == EntryState.FROZEN:
        _change(entry, EntryState.HOLDING, by.journal_name, now)


@action
def withdraw(entry: Entry, by: Staff, now: datetime) -> None:
    """Take an entry out of the bank: nothing matches it from the next lookup on, anywhere."""
    locks.alone()
    entry.refresh_from_db()
    if entry.state != EntryState.WITHDRAWN:
        _change(entry, EntryState.WITHDRAWN, by.journal_name, now)


@action
def freeze(entry: Entry, by: str, now: datetime) -> None:
    """Stop an entry that hits too much, until a person has looked."""
    locks.alone()
    entry.refresh_from_db()
    if entry.state in rules.ACTIVE:
        _change(entry, EntryState.FROZEN, by, now)


@action
def keep_down_seen(case: Case, item: Item, seen: Asked, by: Staff, now: datetime) -> Entry | None:
    """Bank an item by a fingerprint computed here from its own bytes, in place of the platform's word."""
    locks.alone()
    exact = sealed.keyed_digest(seen.sha256) if seen.sha256 else None
    row = Fingerprint.objects.create(
        exact=exact, forms_sealed=sealed.seal(seen.forms), quality=seen.quality, made_at=now
    )
    Item.objects.filter(pk=item.pk).update(fingerprint=row)
    item.refresh_from_db()
    return keep_down(case, item, by, now)


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
            _meet_by_sweep(item, hits[item.fingerprint.seq], now)
        item.refresh_from_db()
        ordered += item.sequence != before
    return ordered


def _meet_by_sweep(item: Item, found: Found, now: datetime) -> None:
    if found.entry_id in _let_pass(item):
        return
    case = _remember([found], now, "sweep", item=item)
    same = found.hit.exact and rules.strength(found.hit) is Verdict.BLOCK  # what resembles it waits for a click
    platforms.order_item(item, Action.REMOVE if same else Action.HOLD, Why(case, KNOWN_MATERIAL, STAY_DOWN), now)


@action
def swept(entry: Entry, now: datetime, ordered: int) -> None:
    """Note that the whole catalogue was searched for an entry."""
    Entry.objects.filter(pk=entry.pk).update(swept_at=now)
    note("entry.swept", about=entry, by=STAY_DOWN, now=now, ordered=ordered)
