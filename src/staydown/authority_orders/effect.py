"""What an authority is told of its order: the effect given to it, when, and what is not on a platform that is protected here."""

from dataclasses import dataclass
from datetime import datetime

from staydown.authority_orders import saying
from staydown.authority_orders.models import AuthorityOrder
from staydown.platforms.rules import ItemState

DOWN = (ItemState.HELD, ItemState.REMOVED, ItemState.GONE)


@dataclass(frozen=True, slots=True)
class Effect:
    """`posts`: (address, whether nobody sees it any more); `elsewhere`: places that name nothing here."""

    posts: tuple[tuple[str, bool], ...]
    elsewhere: tuple[str, ...]
    at: datetime | None

    @property
    def down(self) -> int:
        return sum(down for _, down in self.posts)


def of(order: AuthorityOrder) -> Effect:
    """The effect so far."""
    posts = tuple((line.item.url, line.item.state in DOWN) for line in order.items.select_related("item"))
    known = {url for url, _ in posts}
    said = [place for place in saying.read(order).places if place.startswith("http")]
    elsewhere = tuple(place for place in said if not {place, place.partition("#")[0], place.partition("?")[0]} & known)
    return Effect(posts, elsewhere if order.report_id else (), order.effect_at)
