"""What a reporter's device fingerprinted is watched for: a match holds and calls a person, and nothing more (decision 18)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Q

from staydown.banks import locks
from staydown.banks.actions import keeping
from staydown.banks.actions.asking import Asked, remember
from staydown.banks.agreeing import Claimed, agreed
from staydown.banks.kept import pack
from staydown.banks.models import Entry, Fingerprint, Match
from staydown.banks.rules import EntryState
from staydown.banks.seeing import Found
from staydown.cases.models import Print
from staydown.journal.acting import action, note
from staydown.people.models import Staff
from staydown.platforms.rules import CheckState, ItemState
from staydown.regimes.lawful import may_bank_child_safety
from staydown.site import deployment
from staydown.vault import fingerprints as vault

DEVICE = "device"


class NothingSeen(ValueError):
    """Nothing that was stopped by this fingerprint agrees with it. Decide on the post itself instead."""


@action
def watch_for(sent: Print, asked: Asked, now: datetime) -> Entry | None:
    """Watch for what a device fingerprinted; None where the law forbids it here, or very many people have the picture.

    Nothing is swept, and nothing is ever blocked by it, until a person has confirmed a match.
    """
    locks.alone()
    sent = Print.objects.select_for_update(of=("self",)).select_related("report__case").get(pk=sent.pk)
    if sent.entry or sent.report.withdrawn_at:
        return sent.entry
    if sent.report.case.needs_clearance and not may_bank_child_safety(deployment.here()):
        return None
    row = remember(asked, now)
    try:
        keeping.not_common(row)
    except keeping.TooCommon:
        note("print.too_common", about=sent.report, by=DEVICE, now=now)
        row.delete()
        return None
    entry = Entry.objects.create(
        fingerprint=row,
        case=sent.report.case,
        harm=sent.report.harm,
        banked_at=now,
        catalogue_seq=Fingerprint.objects.aggregate(last=Max("seq"))["last"] or 0,
    )
    keeping.tell(entry, DEVICE, now)
    Print.objects.filter(pk=sent.pk).update(entry=entry)
    return entry


@action
def confirm(entry: Entry, by: Staff, now: datetime) -> None:
    """A person has seen that a match is what was reported: what agrees with it is kept down from now on, like anything
    that a person banked. Raises `NothingSeen`.
    """
    locks.alone()
    entry.refresh_from_db()
    if entry.state != EntryState.PROPOSED:
        return
    row = entry.fingerprint
    found = agreed(_claimed(row), [_claimed(each) for each in _seen(entry)], _same(entry))
    if found is None:
        raise NothingSeen(NothingSeen.__doc__)
    kept_sealed = vault.seal(pack(found.kept))
    Fingerprint.objects.filter(pk=row.pk).update(exact=found.exact, kept_sealed=kept_sealed)
    keeping.change(entry, EntryState.HOLDING, by.journal_name, now, banked_by=by)


def _seen(entry: Entry) -> Iterable[Fingerprint]:
    """What was fingerprinted here of the things that wait by this entry, or were refused: what a person can have seen."""
    stopped = Q(items__matches__entry=entry, items__state__in=[ItemState.HELD, ItemState.REMOVED]) | Q(
        checks__matches__entry=entry, checks__state=CheckState.PENDING
    )
    stopped |= Q(checks__matches__entry=entry, checks__resolution="block")
    return Fingerprint.objects.filter(stopped, exact__isnull=False).distinct()


def _same(entry: Entry) -> set[int]:
    """The windows of the entry that were found in what waits by it, or was refused, while its bytes were here."""
    met = Match.objects.filter(entry=entry, evidence__isnull=False).filter(
        Q(item__state__in=[ItemState.HELD, ItemState.REMOVED])
        | Q(check_row__state=CheckState.PENDING)
        | Q(check_row__resolution="block")
    )
    return {window for match in met for window in (match.evidence or {}).get("same", ())}


def _claimed(row: Fingerprint) -> Claimed:
    return Claimed(row.kept(), bytes(row.exact) if row.exact else None)


@action
def stop(entry: Entry, now: datetime) -> None:
    """Watch no longer: the reporter took the report back. What a person has confirmed stays."""
    locks.alone()
    entry.refresh_from_db()
    if entry.state == EntryState.PROPOSED:
        keeping.change(entry, EntryState.WITHDRAWN, DEVICE, now)


def one_at_a_time(found: Iterable[Found]) -> list[Found]:
    """Without the entries that are only watched for and hold something already: nobody can hide a platform with one."""
    rows = list(found)
    if not rows:
        return rows
    live = Match.objects.filter(entry__in=[each.entry_id for each in rows], entry__state=EntryState.PROPOSED)
    waiting = set(live.filter(item__state=ItemState.HELD).values_list("entry_id", flat=True))
    waiting |= set(live.filter(check_row__state=CheckState.PENDING).values_list("entry_id", flat=True))
    return [each for each in rows if each.entry_id not in waiting]
