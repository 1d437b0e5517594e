"""Items as they are registered without a fingerprint: what these tests are about is their bytes."""

from staydown.platforms.models import Account, Item, Platform
from tests import people


def posted(platform: Platform, item_id: str, account: str = "ana") -> Item:
    """An item of an account."""
    owner, _ = Account.objects.get_or_create(platform=platform, external_id=account, defaults={"seen_at": people.NOW})
    return Item.objects.create(
        platform=platform,
        external_id=item_id,
        account=owner,
        url=f"http://127.0.0.1:9/posts/{item_id}",
        posted_at=people.NOW,
        registered_at=people.NOW,
    )
