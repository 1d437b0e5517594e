"""The promise of every copy: search what is already on the platforms for a newly banked entry."""

from itertools import batched

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from staydown import fingerprints
from staydown.banks import locks, rules, segments
from staydown.banks.actions import keeping, meeting
from staydown.banks.following import Found, Seen, added_between, catalogue
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState, Hit
from staydown.cases.models import Case
from staydown.people.models import Staff
from staydown.platforms import evidence
from staydown.platforms.models import Item
from staydown.platforms.rules import ItemState

BATCH = 200  # orders written in one transaction


def sweep(entry_id: str) -> None:
    """Find every copy of an entry in the catalogue and order it down. Doing it twice orders nothing twice."""
    entry = Entry.objects.select_related("fingerprint", "case").get(pk=entry_id)
    if entry.state not in rules.ACTIVE:
        return
    hits, now = copies_of(entry), timezone.now()
    same = {seq: found for seq, found in hits.items() if found.hit.exact}
    near = {seq: found for seq, found in hits.items() if not found.hit.exact}
    ordered = _order_down(entry, same)  # the very bytes a person decided on cannot be too many
    up = Item.objects.filter(fingerprint_id__in=list(near), state=ItemState.UP)
    if rules.too_much(up.count(), up.values("account_id").distinct().count()):
        keeping.freeze(entry, meeting.STAY_DOWN, now)
        return
    meeting.swept(entry, now, ordered + _order_down(entry, near))


def _order_down(entry: Entry, hits: dict[int, Found]) -> int:
    return sum(meeting.meet_copies(entry, dict(batch), timezone.now()) for batch in batched(hits.items(), BATCH))


def keep_segments() -> None:
    """Bring the file that the catalogue's index starts from up to date."""
    upto = everything_until()
    segments.keep("catalogue", lambda: catalogue.upto(upto), upto, added_between)


def everything_until() -> int:
    """The number of the last fingerprint; all up to it are committed."""
    with transaction.atomic():
        locks.alone()
        return Fingerprint.objects.aggregate(last=Max("seq"))["last"] or 0


def bank_from_evidence(case_id: str, item_id: str, staff_id: str) -> None:
    """Bank a removed item whose platform sent a fingerprint only: fetch its bytes and compute our own."""
    item = Item.objects.select_related("platform", "fingerprint").get(pk=item_id)
    if item.fingerprint is None or item.fingerprint.exact is not None:
        return
    made = fingerprints.of_image(evidence.fetch(item.platform, "item", item.external_id, timezone.now()))
    seen = meeting.Asked.of(made)
    case, by = Case.objects.get(pk=case_id), Staff.objects.get(pk=staff_id)
    keeping.keep_down_seen(case, item, seen, by, timezone.now())


def copies_of(entry: Entry) -> dict[int, Found]:
    """{fingerprint seq: found} of every catalogue picture that counts as a match of the entry, itself left out."""
    own = entry.fingerprint
    distances = catalogue.near(Seen.of(own), entry.catalogue_seq)
    if own.exact:
        same = Fingerprint.objects.filter(exact=own.exact, seq__lte=entry.catalogue_seq).values_list("seq", flat=True)
        distances |= dict.fromkeys(same, 0)
    rows = Fingerprint.objects.filter(seq__in=list(distances)).only("seq", "quality", "exact")
    found = {row.seq: _found(entry, row, distances[row.seq]) for row in rows}
    return {seq: each for seq, each in found.items() if rules.counts(each.hit)}


def _found(entry: Entry, row: Fingerprint, distance: int) -> Found:
    own = entry.fingerprint
    exact = own.exact is not None and row.exact is not None and bytes(own.exact) == bytes(row.exact)
    return Found(entry.pk, Hit(EntryState(entry.state), exact, distance, min(row.quality, own.quality)))
