"""What somebody's words in a conversation amount to: tactics combined, with the words that show them. Never more than a
suggestion to look; and whoever tells of what was done to her is offered help, whatever words she has to quote for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from staydown.recognition.patterns import Context, Hit, Tactic, hits, version
from staydown.recognition.words import plain

READ = 500  # messages of a conversation, the last ones
PRESSURE = frozenset({Tactic.CONDITION, Tactic.PAYMENT, Tactic.LEVERAGE, Tactic.AUDIENCE})
GROOMING = frozenset(
    {
        Tactic.SECRECY,
        Tactic.AGE_PROBE,
        Tactic.ISOLATION,
        Tactic.PLATFORM_MOVE,
        Tactic.ERASURE,
        Tactic.MEETING,
        Tactic.OFFER,
    }
)


class Level(StrEnum):
    """How soon a person should look."""

    NONE = "none"
    NOTICE = "notice"
    REVIEW = "review"
    URGENT = "urgent"


class Care(StrEnum):
    """Whom the words are about: the one who does something, or the one to whom it is done."""

    NOBODY = "nobody"
    SENDER = "sender"
    VICTIM = "victim"  # to be offered help; never enforced against


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `sender` is the platform's word for who wrote it, or empty."""

    sender: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The words that met a rule: which message, and from where to where in it."""

    message: int
    hit: Hit


@dataclass(frozen=True, slots=True)
class TextSignals:
    """What one sender's words amount to, why (the tactics, and the words that show them), and by which packs."""

    sender: str
    level: Level
    care: Care
    tactics: tuple[Tactic, ...]
    shown: tuple[Shown, ...]
    version: str


def signals(messages: Sequence[Message], to_a_minor: bool = False) -> tuple[TextSignals, ...]:
    """For each sender of a conversation, in the order in which they first wrote.

    `to_a_minor`: the platform knows that an adult writes to somebody under age. It makes the least request urgent.
    """
    first = max(0, len(messages) - READ)
    seen: dict[str, list[Shown]] = {}
    for place, message in enumerate(messages[first:], start=first):
        seen.setdefault(message.sender, []).extend(Shown(place, hit) for hit in hits(plain(message.text)))
    return tuple(_of_sender(sender, shown, to_a_minor) for sender, shown in seen.items())


def of_words(words: str) -> TextSignals:
    """Of what one person wrote to us, in a report."""
    return signals([Message("", words)])[0]


def _of_sender(sender: str, shown: list[Shown], to_a_minor: bool) -> TextSignals:
    met = {each.hit.means for each in shown}
    tactics = frozenset(each for each in met if isinstance(each, Tactic))
    level = _level(tactics, to_a_minor)
    care = Care.NOBODY if level is Level.NONE else Care.SENDER
    if tactics and Context.HELP_SEEKING in met:
        level, care = Level.NONE, Care.VICTIM
    elif Context.PREVENTION in met:
        level, care = Level.NONE, Care.NOBODY
    return TextSignals(sender, level, care, tuple(each for each in Tactic if each in tactics), tuple(shown), version())


def _level(tactics: frozenset[Tactic], to_a_minor: bool) -> Level:
    threat, request = Tactic.THREAT_TO_SHARE in tactics, Tactic.IMAGE_REQUEST in tactics
    pressed, groomed = len(tactics & PRESSURE), len(tactics & GROOMING)
    if (threat and pressed) or (request and (to_a_minor or groomed >= 2)):
        return Level.URGENT
    if threat or (request and (groomed or pressed)) or groomed >= 3 or (Tactic.LEVERAGE in tactics and pressed >= 2):
        return Level.REVIEW
    return Level.NOTICE if request or groomed >= 2 or (to_a_minor and groomed) else Level.NONE
