"""Whether an authority's order stands on a post: then no decision of ours puts it back up."""

from staydown.authority_orders.models import OrderedItem
from staydown.authority_orders.rules import DONE
from staydown.platforms.models import Item


def ordered_down(item: Item) -> bool:
    """Whether an order that was carried out removed this post, and was neither revoked nor found to be an impostor's."""
    standing = OrderedItem.objects.filter(item=item, removed__isnull=False, authority_order__state__in=DONE)
    return standing.exists()
