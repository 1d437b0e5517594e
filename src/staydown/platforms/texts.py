"""Words that a platform sends on purpose, from the places that the operator named: read, answered, and kept nowhere.

Nothing follows from it here: no case, no order, no record. What the platform does with the answer is its own to answer for.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings

from staydown import recognition
from staydown.platforms.models import Platform
from staydown.platforms.problems import Refused
from staydown.platforms.schemas.texts import TextsIn
from staydown.recognition import Care, Message, TextSignals

MISSES = "Found by patterns. They miss most of what is only hinted at, and decide nothing: a person has to look."
NOT_NAMED = (
    "Words of this place are not read here. An operator names the places of each platform in STAYDOWN_TEXTS, "
    "after reading what the law says of it: docs/settings.md."
)


def answer(platform: Platform, said: TextsIn) -> dict[str, Any]:
    """What the words of each sender amount to. Raises `Refused` (403) for a place that nobody named."""
    if said.surface not in settings.TEXTS.get(platform.slug, frozenset()):
        raise Refused(HTTPStatus.FORBIDDEN, NOT_NAMED)
    messages = [Message(each.sender, each.text) for each in said.messages]
    found = recognition.in_conversation(messages, said.to_a_minor)
    return {"senders": [_told(each) for each in found], "misses": MISSES}


def _told(signals: TextSignals) -> dict[str, Any]:
    """Of who tells of what was done to her only that she may be offered help: nothing to hold against her leaves here."""
    victim = signals.care is Care.VICTIM
    shown = () if victim or signals.care is Care.NOBODY else signals.shown
    return {
        "sender": signals.sender,
        "level": signals.level,
        "care": signals.care,
        "offer_help": victim,
        "tactics": [] if victim else signals.tactics,
        "shown": [
            {"message": each.message, "start": each.hit.start, "end": each.hit.end, "rule": each.hit.rule}
            for each in shown
            if each.hit.means in signals.tactics
        ],
        "version": signals.version,
    }
