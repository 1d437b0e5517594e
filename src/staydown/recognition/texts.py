"""Which words a platform may send to be read: named place by place in one setting, and none where nothing is named."""

import re
from collections.abc import Mapping

_PAIR = re.compile(r"([a-z0-9_-]{1,50}):([^\s:]{1,60})")

type Places = Mapping[str, frozenset[str]]
"""A platform's short name -> the places (`surface`) of which it may send words."""


class BadPlaces(ValueError):
    """STAYDOWN_TEXTS names platforms and places with spaces between them, like `plaza:comment plaza:profile`."""


def read(text: str) -> Places:
    """What the setting says. Raises `BadPlaces`."""
    found: dict[str, set[str]] = {}
    for word in text.split():
        pair = _PAIR.fullmatch(word)
        if pair is None:
            raise BadPlaces(f"{' '.join(str(BadPlaces.__doc__).split())} (not {word!r})")
        found.setdefault(pair[1], set()).add(pair[2])
    return {platform: frozenset(places) for platform, places in found.items()}
