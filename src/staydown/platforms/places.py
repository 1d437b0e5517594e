"""What addresses and names of accounts mean here: our platforms' posts and accounts, and what is elsewhere. None is fetched."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from staydown.platforms.models import Account, Item


@dataclass(frozen=True, slots=True)
class Found:
    """What places name: posts, accounts, and `others`, which no platform here has."""

    items: tuple[Item, ...]
    accounts: tuple[Account, ...]
    others: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    """The addresses, and the names of accounts with their @, among what somebody wrote; each once."""
    found = (word.strip("<>(),;\"'") for word in text.split())
    return tuple(dict.fromkeys(word for word in found if is_place(word)))


def is_place(word: str) -> bool:
    """Whether a word is an address, or an account's name with its @ (or `platform/@name`)."""
    return 8 < len(word) <= 2000 if word.lower().startswith(("http://", "https://")) else _name(word) != ""


def find(places: Iterable[str]) -> Found:
    """What each place names: an account where one platform alone has it, or the one that is named before a slash."""
    wanted = list(dict.fromkeys(places))
    plain = {place: {place, place.partition("#")[0], place.partition("?")[0].partition("#")[0]} for place in wanted}
    items = list(Item.objects.filter(url__in=set().union(*plain.values())).order_by("registered_at"))
    urls = {item.url for item in items}
    accounts = _accounts(wanted)
    others = [each for each in wanted if each not in accounts and not plain[each] & urls]
    return Found(tuple(items), tuple(dict.fromkeys(accounts.values())), tuple(others))


def _name(word: str) -> str:
    _, _, name = word.rpartition("@") if word.startswith("@") else word.partition("/@")
    return name if 2 <= len(name) <= 200 and "/" not in name else ""


def _accounts(places: list[str]) -> dict[str, Account]:
    names = {place: _name(place) for place in places if not place.lower().startswith("http") and _name(place)}
    found: dict[str, list[Account]] = defaultdict(list)
    for account in Account.objects.select_related("platform").filter(external_id__in=set(names.values())):
        found[account.external_id].append(account)
    sure = {}
    for place, name in names.items():
        on = place.partition("/@")[0] if not place.startswith("@") else ""
        rows = [each for each in found[name] if not on or each.platform.slug == on]
        if len(rows) == 1:
            sure[place] = rows[0]
    return sure
