"""What is kept in the bank: banked by one person, raised by a second, frozen by itself, withdrawn."""

from datetime import datetime

from django.conf import settings
from django.db.models import Max

from staydown.banks import canaries, locks, rules
from staydown.banks.actions import allowing
from staydown.banks.actions.asking import Asked, remember
from staydown.banks.models import BankChange, Entry, Fingerprint
from staydown.banks.rules import EntryState
from staydown.cases.models import Case
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.models import Item
from staydown.promises.actions import owe
from staydown.regimes.lawful import may_bank_child_safety
from staydown.site import deployment


class NotLawfulHere(ValueError):
    """This deployment's role and country do not allow it to keep such fingerprints. Pass the case to the hotline."""


class TooCommon(ValueError):
    """Very many people have this picture: banking it would hide harmless posts. Remove this one post, and bank nothing."""


class SamePerson(ValueError):
    """A second person has to agree: somebody other than who decided first."""


@action
def keep_down(case: Case, item: Item, by: Staff, now: datetime) -> Entry | None:
    """Bank the media of a removed item, at hold strength; the sweep is owed. None when there is no fingerprint.

    Takes the bank lock: call it before other rows are locked. Raises `NotLawfulHere`, `TooCommon`.
    """
    locks.alone()
    if case.needs_clearance and not may_bank_child_safety(deployment.here()):
        raise NotLawfulHere(NotLawfulHere.__doc__)
    if item.fingerprint is None:
        return None
    if item.fingerprint.exact is None:  # the platform's word only: what is banked must be what a person decided on
        owe("staydown.banks.tasks.bank_from_evidence", str(case.pk), str(item.pk), str(by.pk), key=f"bank:{item.pk}")
        return None
    not_common(item.fingerprint)
    allowing.end_those_of(item.fingerprint, by, now)
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
    change(entry, EntryState.HOLDING, by.journal_name, now)
    return entry


def not_common(row: Fingerprint) -> None:
    """Raises `TooCommon` for what resembles a canary; a picture too flat to resemble anything does not."""
    if row.quality >= rules.QUALITY and canaries.meet(row.kept().turned, canaries.known(settings.CANARIES)):
        raise TooCommon(TooCommon.__doc__)


def change(entry: Entry, to: EntryState, by: str, now: datetime, **also: object) -> bool:
    """Move an entry and tell every index, in the order of commits. The caller holds the bank lock."""
    if not entry.move(EntryState(entry.state), to=to, **also):
        return False
    tell(entry, by, now)
    if to in (EntryState.HOLDING, EntryState.BLOCKING):
        owe("staydown.banks.tasks.sweep", str(entry.pk), key=f"sweep:{entry.pk}", priority=5)
    return True


def tell(entry: Entry, by: str, now: datetime) -> None:
    """Tell every index the state of an entry, in the order of commits. The caller holds the bank lock."""
    last = BankChange.objects.aggregate(last=Max("generation"))["last"] or 0
    BankChange.objects.create(generation=last + 1, entry=entry, state=entry.state, at=now)
    note(f"entry.{entry.state}", about=entry, by=by, now=now, generation=last + 1)


@action
def raise_to_block(entry: Entry, by: Staff, now: datetime) -> None:
    """A second person agrees that what resembles this entry is blocked. Raises `SamePerson`."""
    locks.alone()
    entry.refresh_from_db()
    if entry.banked_by_id == by.pk or not by.may_second(entry.case.is_child_safety):
        raise SamePerson(SamePerson.__doc__)
    if entry.state == EntryState.HOLDING:
        settled = now + settings.ROLLOUT if settings.ROLLOUT else None
        change(entry, EntryState.BLOCKING, by.journal_name, now, raised_by=by, raised_at=now, blocks_from=settled)


@action
def lower(entry: Entry, by: Staff, now: datetime) -> None:
    """What resembles a blocking entry is only held again. Raises `SamePerson` for whoever may not raise one."""
    locks.alone()
    entry.refresh_from_db()
    if not by.may_second(entry.case.is_child_safety):
        raise SamePerson(SamePerson.__doc__)
    if entry.state == EntryState.BLOCKING:
        change(entry, EntryState.HOLDING, by.journal_name, now)


@action
def thaw(entry: Entry, by: Staff, now: datetime) -> None:
    """A person, other than who banked it, has looked at a frozen entry: it holds again. Raises `SamePerson`."""
    locks.alone()
    entry.refresh_from_db()
    if entry.banked_by_id == by.pk or not by.may_second(entry.case.is_child_safety):
        raise SamePerson(SamePerson.__doc__)
    if entry.state == EntryState.FROZEN:
        change(entry, EntryState.HOLDING, by.journal_name, now, banked_by=entry.banked_by or by)


@action
def withdraw(entry: Entry, by: Staff, now: datetime) -> None:
    """Take an entry out of the bank: nothing matches it from the next lookup on, anywhere."""
    locks.alone()
    entry.refresh_from_db()
    if entry.state != EntryState.WITHDRAWN:
        change(entry, EntryState.WITHDRAWN, by.journal_name, now)


@action
def freeze(entry: Entry, by: str, now: datetime) -> None:
    """Stop an entry that hits too much, until a person has looked."""
    locks.alone()
    entry.refresh_from_db()
    if entry.state in rules.ACTIVE:
        change(entry, EntryState.FROZEN, by, now)


@action
def keep_down_seen(case: Case, item: Item, seen: Asked, by: Staff, now: datetime) -> Entry | None:
    """Bank an item by a fingerprint computed here from its own bytes, in place of the platform's word."""
    locks.alone()
    Item.objects.filter(pk=item.pk).update(fingerprint=remember(seen, now))
    item.refresh_from_db()
    return keep_down(case, item, by, now)
