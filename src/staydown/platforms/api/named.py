"""What a request names: an item or an account of the platform whose key it carries."""

from http import HTTPStatus

from staydown.platforms.models import Account, ApiKey, Item
from staydown.platforms.problems import Refused

UNKNOWN_ITEM = "No item with this id is registered. Register it with PUT /items/{item_id} first."


def item(key: ApiKey, item_id: str) -> Item:
    """The registered item of this id. Raises `Refused` (404)."""
    found = Item.objects.filter(platform=key.platform, external_id=item_id).first()
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, UNKNOWN_ITEM)
    return found


def account(key: ApiKey, account_id: str) -> Account:
    """The account of this id. Raises `Refused` (404)."""
    found = Account.objects.filter(platform=key.platform, external_id=account_id).first()
    if found is None:
        raise Refused(HTTPStatus.NOT_FOUND, "No account with this id is known. It becomes known with its first item.")
    return found
