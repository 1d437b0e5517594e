"""The promise of every copy: search what is already on the platforms for a newly banked entry."""

from itertools import batched

from django.utils import timezone

from staydown.banks import actions, rules
from staydown.banks.following import Found, Seen, catalogue
from staydown.banks.models import Entry, Fingerprint
from staydown.banks.rules import EntryState, Hit
from staydown.platforms.models import Item
from staydown.platforms.rules import ItemState

BATCH = 200  # orders written in one transaction


def sweep(entry_id: str) -> None:
    """Find every copy of an entry in the catalogue and order it down. Doing it twice orders nothing twice."""
    entry = Entry.objects.select_related("fingerprint", "case").get(pk=entry_id)
    if entry.state not in rules.ACTIVE:
        return
    hits = copies_of(entry)
    now = timezone.now()
    up = Item.objects.filter(fingerprint_id__in=list(hits), state=ItemState.UP)
    if rules.too_much(up.count(), up.values("account_id").distinct().count()):
        actions.freeze(entry, actions.STAY_DOWN, now)
        return
    ordered = sum(actions.meet_copies(entry, dict(batch), now) for batch in batched(hits.items(), BATCH))
    actions.swept(entry, now, ordered)


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
