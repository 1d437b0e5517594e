"""What a platform publishes: registered, seen, gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from staydown.journal.acting import action, note
from staydown.platforms.models import Account, Check, Item, Order, Platform
from staydown.platforms.rules import OPEN_ORDER, ItemState, OrderState
from staydown.vault import fingerprints

if TYPE_CHECKING:
    pass


class UnknownCheck(ValueError):
    """No upload check with this check_id was asked for with this key. Check the media first, then register the item."""


class GoneAlready(ValueError):
    """This item was said to be gone. Register what is published now under an id of its own."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What a platform says of one item it published."""

    item_id: str
    url: str
    account_id: str | None
    posted_at: datetime
    audience: str
    check_id: UUID | None
    account_holder: str | None = None  # the platform's own word for the person; only a keyed digest of it is kept


def account_of(platform: Platform, external_id: str | None, now: datetime) -> Account | None:
    """The account with the platform's id, remembered from now on."""
    if not external_id:
        return None
    account, _ = Account.objects.get_or_create(platform=platform, external_id=external_id, defaults={"seen_at": now})
    return account


def _knows_holder(account: Account, holder: str) -> None:
    """Remember who has the account, as the platform says, so that several of one person are told of together."""
    digest = fingerprints.keyed_digest(f"{account.platform_id}:{holder}".encode(), "holder")
    Account.objects.filter(pk=account.pk).update(holder=digest)


def register(platform: Platform, said: Registration, now: datetime) -> tuple[Item, bool]:
    """Remember an item, and whether it is new. Repeating it changes nothing but what the platform now says otherwise."""
    check = _check_of(platform, said.check_id)
    item, made = Item.objects.get_or_create(
        platform=platform,
        external_id=said.item_id,
        defaults={
            "account": account_of(platform, said.account_id, now),
            "check_row": check,
            "fingerprint": check.fingerprint if check else None,
            "labels": sorted(check.labels) if check else [],
            "url": said.url,
            "audience": said.audience,
            "posted_at": said.posted_at,
            "registered_at": now,
        },
    )
    if item.state == ItemState.GONE:
        raise GoneAlready(GoneAlready.__doc__)
    if not made and check and check.fingerprint_id != item.fingerprint_id:
        known = item.fingerprint.exact if item.fingerprint else None
        new = (
            {} if known and known == check.fingerprint.exact else {"released_at": None}
        )  # other media: nobody let it pass
        Item.objects.filter(pk=item.pk).update(check_row=check, fingerprint=check.fingerprint, **new)
    if said.account_holder and item.account:
        _knows_holder(item.account, said.account_holder)
    if not made:
        Item.objects.filter(pk=item.pk).update(url=said.url, audience=said.audience)
        item.refresh_from_db()
    return item, made


def _check_of(platform: Platform, check_id: UUID | None) -> Check | None:
    if check_id is None:
        return None
    check = Check.objects.filter(platform=platform, pk=check_id).select_related("fingerprint").first()
    if check is None:
        raise UnknownCheck(UnknownCheck.__doc__)
    return check


@action
def item_gone(item: Item, now: datetime) -> None:
    """A platform says the item no longer exists there."""
    places = (ItemState.UP, ItemState.HELD, ItemState.REMOVED)
    if item.move_from_any(places, to=ItemState.GONE):
        Order.objects.filter(item=item, state__in=OPEN_ORDER).update(state=OrderState.SUPERSEDED)
        note("item.gone", about=item, by=f"platform:{item.platform_id}", now=now)


def count_views(item: Item, views: int) -> None:
    """Remember how often an item was seen; a number that went down is not believed."""
    Item.objects.filter(pk=item.pk, views__lt=views).update(views=views)
