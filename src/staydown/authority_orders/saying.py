"""What an order says, as it is sealed, and in which languages it may be said."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.conf import settings

from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Said
from staydown.vault import fingerprints, opening, words


def seal(said: Said) -> bytes:
    """Sealed to the working key."""
    return words.seal(json.dumps(asdict(said), ensure_ascii=False), settings.WORKING_PUBLIC)


def digest(said: Said, *also: object) -> bytes:
    """Under which the same words, of the same kind and number, are known to have been sent before."""
    text = json.dumps([asdict(said), *(str(each) for each in also)], sort_keys=True)
    return fingerprints.keyed_digest(hashlib.sha256(text.encode()).digest(), "authority order")


def read(order: AuthorityOrder) -> Said:
    """What an order says; nothing where its file was destroyed."""
    text = opening.read(order.said_sealed)
    told: dict[str, Any] = json.loads(text) if text else {}
    lists = {name: tuple(told.get(name, ())) for name in ("places", "prints")}
    return Said(**(told | lists))


def languages() -> frozenset[str]:
    """The languages in which authorities may write to us (art. 11(3))."""
    return frozenset(code for code, _name in settings.LANGUAGES)
