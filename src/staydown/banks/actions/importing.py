"""A platform's back catalogue comes under protection: its posts are registered, and met by the bank, in small steps.

Each step is one transaction with the number of posts done, so that a killed import goes on where it was. Only the
platform's word is there: what it says are the same bytes is met, but never banked as our own finding.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import batched

import numpy as np
from django.db.models import F
from django.utils import timezone

from staydown.banks import locks
from staydown.banks.actions import allowing, meeting
from staydown.banks.digests import OtherDigests
from staydown.banks.following import bank
from staydown.banks.kept import Kept, pack
from staydown.banks.listing import Listed, Listing
from staydown.banks.models import CatalogueImport, Fingerprint
from staydown.banks.seeing import Seen
from staydown.journal.acting import action, note
from staydown.platforms.models import Account, Item, Platform
from staydown.vault import fingerprints as sealed

STEP = 1000  # posts of one transaction


def begin(platform: Platform, listing: Listing, now: datetime) -> CatalogueImport:
    """The import of a file: a new one, or the one that was begun with the very same file."""
    run, new = CatalogueImport.objects.get_or_create(
        platform=platform, digest=listing.digest, defaults={"posts": listing.posts, "begun_at": now, "moved_at": now}
    )
    if not new and run.ended_at is None:
        CatalogueImport.objects.filter(pk=run.pk).update(resumed_at=now, resumed_from=F("done"))
        run.refresh_from_db()
    return run


def go_on(run: CatalogueImport, listing: Listing) -> Iterator[int]:
    """Import what is left of a file; answers after each step how many posts are done. Raises `BadListing`."""
    for posts in batched(listing.after(run.done), STEP):
        take_in(run, posts, timezone.now())
        run.refresh_from_db()
        yield run.done
    if run.ended_at is None:
        end(run, timezone.now())


@action
def take_in(run: CatalogueImport, posts: Sequence[Listed], now: datetime) -> None:
    """Register some posts that are not registered yet, and hold those that resemble what must stay down."""
    locks.shared()
    mine = Item.objects.filter(platform=run.platform, external_id__in=[post.item_id for post in posts])
    there = set(mine.values_list("external_id", flat=True))
    new = list({post.item_id: post for post in posts if post.item_id not in there}.values())
    items = _registered(run.platform, new, now)
    stopped = 0
    seen = [_seen(post) for post in new]
    for place in bank.resembled(_rows(new), [each.same + each.others.forgeable for each in seen]):
        found = allowing.left(run.platform, _unsure(new[place]), meeting.matches(seen[place]))
        stopped += meeting.meet(items[place], found, now, "sweep")
    CatalogueImport.objects.filter(pk=run.pk).update(
        done=F("done") + len(posts), stopped=F("stopped") + stopped, moved_at=now
    )


@action
def end(run: CatalogueImport, now: datetime) -> None:
    """Note that a whole file was imported."""
    CatalogueImport.objects.filter(pk=run.pk).update(ended_at=now)
    run.refresh_from_db()
    note("catalogue.imported", about=run, by="operator", now=now, posts=run.posts, stopped=run.stopped)


def _registered(platform: Platform, posts: list[Listed], now: datetime) -> list[Item]:
    prints = Fingerprint.objects.bulk_create(
        Fingerprint(
            **_others(post).known, kept_sealed=sealed.seal(pack(Kept((post.pdq,)))), quality=post.quality, made_at=now
        )
        for post in posts
    )
    accounts = _accounts(platform, {post.account_id for post in posts if post.account_id}, now)
    return Item.objects.bulk_create(
        Item(
            platform=platform,
            external_id=post.item_id,
            account=accounts.get(post.account_id or ""),
            fingerprint=row,
            url=post.url,
            posted_at=post.created or now,
            registered_at=now,
        )
        for post, row in zip(posts, prints, strict=True)
    )


def _accounts(platform: Platform, names: set[str], now: datetime) -> dict[str, Account]:
    Account.objects.bulk_create(
        [Account(platform=platform, external_id=name, seen_at=now) for name in sorted(names)], ignore_conflicts=True
    )
    found = Account.objects.filter(platform=platform, external_id__in=names)
    return {account.external_id: account for account in found}


def _seen(post: Listed) -> Seen:
    exact = sealed.keyed_digest(post.sha256) if post.sha256 else None
    return Seen(Kept((post.pdq,)), post.quality, exact, others=_others(post))


def _unsure(post: Listed) -> Seen:
    """Without its digests: a platform's word alone allows nothing."""
    return Seen(Kept((post.pdq,)), post.quality, None)


def _others(post: Listed) -> OtherDigests:
    return OtherDigests.keyed(sha1=post.sha1, md5=post.md5)


def _rows(posts: list[Listed]) -> np.ndarray:
    return np.frombuffer(b"".join(post.pdq for post in posts) or bytearray(), np.uint8).reshape(-1, 32)
