"""The promise of every copy: search what is already on the platforms for a newly banked entry."""

from datetime import timedelta
from itertools import batched
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from staydown import fingerprints
from staydown.banks import locks, media, rules, segments, spread
from staydown.banks.actions import keeping, meeting, sweeps, watching
from staydown.banks.actions.asking import Asked
from staydown.banks.catalogue import added_between, catalogue
from staydown.banks.digests import OtherDigests
from staydown.banks.following import bank
from staydown.banks.kept import Kept
from staydown.banks.models import Allowance, Entry, Fingerprint, Match, SweepRun
from staydown.banks.rules import EntryState
from staydown.banks.seeing import Found, Seen
from staydown.banks.sweeping import Sweep
from staydown.cases import prints
from staydown.cases.models import Case, Print
from staydown.fingerprints import footage
from staydown.people.models import Staff
from staydown.platforms import evidence
from staydown.platforms.models import Item
from staydown.platforms.rules import ItemState, Verdict
from staydown.promises.actions import owe
from staydown.promises.errors import GiveUp
from staydown.vault import opening

BATCH = 200  # orders written in one transaction
LOOKED_AT_AGAIN = 100  # items whose bytes one sweep asks for, the most alike


def watch_for_prints(report_id: str) -> None:
    """Open what a reporter's device fingerprinted, and watch for it. Doing it twice watches once."""
    for sent in Print.objects.filter(report_id=UUID(report_id), entry=None):
        watching.watch_for(sent, _told(prints.of_text(opening.read(sent.print_sealed))), timezone.now())


def _told(sent: prints.Sent) -> Asked:
    """What a device fingerprinted, as an upload that was never here."""
    if isinstance(sent, prints.DeviceFilm):
        film = bytes.fromhex(sent.film)
        sha256 = footage.unpack(film).sha256
        return Asked(Kept((), film=film), 0, sha256 if any(sha256) else None)
    forms = tuple(bytes.fromhex(form) for form in sent.pdq)
    kept = Kept(forms, windows=bytes.fromhex(sent.windows))
    return Asked(kept, sent.quality, bytes.fromhex(sent.sha256) or None)


def stop_watching(report_id: str) -> None:
    """Watch no longer for what a report that was taken back had fingerprinted."""
    for sent in Print.objects.filter(report_id=UUID(report_id), entry__isnull=False).select_related("entry"):
        if sent.entry:
            watching.stop(sent.entry, timezone.now())


def sweep(entry_id: str) -> None:
    """Find every copy of an entry in the catalogue and order it down. Doing it twice orders nothing twice."""
    entry = Entry.objects.select_related("fingerprint", "case").get(pk=entry_id)
    if entry.state not in rules.ACTIVE:
        return
    searched, run = Sweep.of(entry, catalogue), sweeps.begin(entry, timezone.now())
    copies = searched.copies()
    same = {seq: found for seq, found in copies.items() if found.hit.exact}
    near = {seq: found for seq, found in copies.items() if not found.hit.exact}
    _order_down(run, same)  # the very bytes a person decided on cannot be too many
    reached = _reached(near)
    if _too_much(reached):
        _stop(entry, run)
        return
    _order_down(run, near)
    sure, alike = searched.parts(copies, LOOKED_AT_AGAIN)
    sure |= {seq: found for seq, found in searched.films().items() if seq not in copies}
    if _too_much(reached | _reached(sure)):
        _stop(entry, run)
        return
    _order_down(run, sure)
    _look_again_at(alike)
    meeting.swept(entry, timezone.now(), sweeps.end(run, timezone.now()))


def _stop(entry: Entry, run: SweepRun) -> None:
    keeping.freeze(entry, meeting.STAY_DOWN, timezone.now())
    sweeps.end(run, timezone.now())


def _reached(found: dict[int, Found]) -> set[tuple[UUID, UUID | None]]:
    """The items that would be hidden, each with its account."""
    hidden = [seq for seq, each in found.items() if rules.strength(each.hit) is not Verdict.ALLOW]
    return set(Item.objects.filter(fingerprint_id__in=hidden, state=ItemState.UP).values_list("pk", "account_id"))


def _too_much(reached: set[tuple[UUID, UUID | None]]) -> bool:
    return rules.too_much(len(reached), len({account for _, account in reached}), settings.BLAST_RADIUS)


def _order_down(run: SweepRun, hits: dict[int, Found]) -> None:
    sweeps.found(run, len(hits))
    for batch in batched(hits.items(), BATCH):
        ordered = meeting.meet_copies(run.entry, dict(batch), timezone.now())
        sweeps.moved(run, len(batch), ordered, timezone.now())


def keep_segments() -> None:
    """Bring what the indexes start from up to date: a file, or the segments of a cluster's shards."""
    upto = everything_until()
    if settings.CLUSTER:
        for cluster in (spread.bank(), spread.catalogue(added_between, upto)):
            spread.keep(cluster)
    else:
        segments.keep("catalogue", lambda: catalogue.here(upto), upto, added_between)


def everything_until() -> int:
    """The number of the last fingerprint; all up to it are committed."""
    with transaction.atomic():
        locks.alone()
        return Fingerprint.objects.aggregate(last=Max("seq"))["last"] or 0


def _look_again_at(seqs: list[int]) -> None:
    """Windows that were kept tell what may be a copy, not what is: that takes the item's own bytes."""
    for item in Item.objects.filter(fingerprint_id__in=seqs, state=ItemState.UP):
        owe(meeting.LOOK_AGAIN, str(item.pk), key=f"look:{item.pk}")


def look_again(item_id: str) -> None:
    """Ask the platform for an item's own bytes and meet it as an upload would be met; nothing of them is kept.

    A platform that does not hand them over now is asked again later, as for any promise.
    """
    item = Item.objects.select_related("platform").get(pk=item_id)
    if item.state != ItemState.UP or not item.platform.evidence_url:
        return
    data = evidence.fetch(item.platform, "item", item.external_id, timezone.now())
    try:
        seen = _opened(data).seen
    except (fingerprints.Undecodable, fingerprints.Unsupported, fingerprints.TooLarge):
        return  # nothing to be opened now, whatever it was
    meeting.meet_again(item, seen, bank.look(seen), timezone.now())


def _opened(data: bytes) -> Asked:
    found = fingerprints.digests(data)
    return Asked.of(media.opened(data, found.sha256), others=OtherDigests.of(data, found))


def meet_again(allowance_id: str) -> None:
    """An allow entry was taken back: the items that it may have let pass meet the bank once more."""
    row = Allowance.objects.select_related("fingerprint").get(pk=allowance_id).fingerprint
    same = Fingerprint.objects.filter(exact=row.exact).values_list("seq", flat=True)
    near = catalogue.near(Seen.of(row), everything_until())
    for item in Item.objects.filter(fingerprint_id__in={*same, *near}, state=ItemState.UP):
        meeting.meet_as_kept(item, timezone.now())


def brake(entry_id: str) -> None:
    """Stop an entry that hides more than copies of one picture plausibly are, by uploads and sweeps together.

    Counted since a person last looked (thawed it, or raised it). An entry that two people confirmed is not stopped by
    what is uploaded: flooding us with copies must not open the gate for them. The very same bytes never count.
    """
    entry = Entry.objects.get(pk=entry_id)
    looked = entry.changes.aggregate(last=Max("at"))["last"]
    limit = settings.BLAST_RADIUS
    since = max(timezone.now() - timedelta(hours=limit.hours), looked)
    met = Match.objects.filter(entry=entry, exact=False, watched=False, found_at__gte=since)
    accounts = set(met.values_list("item__account_id", "check_row__account_id"))
    if entry.state != EntryState.BLOCKING and rules.too_much(met.count(), len(accounts), limit):
        keeping.freeze(entry, meeting.STAY_DOWN, timezone.now())


def bank_from_evidence(case_id: str, item_id: str, staff_id: str) -> None:
    """Bank a removed item whose platform sent a fingerprint only: fetch its bytes and compute our own."""
    item = Item.objects.select_related("platform", "fingerprint").get(pk=item_id)
    if item.fingerprint is None or item.fingerprint.exact is not None:
        return
    data = evidence.fetch(item.platform, "item", item.external_id, timezone.now())
    seen = _opened(data)
    case, by = Case.objects.get(pk=case_id), Staff.objects.get(pk=staff_id)
    try:
        keeping.keep_down_seen(case, item, seen, by, timezone.now())
    except keeping.TooCommon as refused:
        raise GiveUp(str(refused)) from refused
