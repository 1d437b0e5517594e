"""The pattern packs: what each rule stands for, in four languages, as versioned data. Every pack reads every message.

The engine is RE2, whose time grows with the length of the text and not with what a stranger writes into it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Protocol

import re2
import yaml

from staydown.recognition.words import Plain

LANGUAGES = ("en", "fr", "nl", "de")


class Tactic(StrEnum):
    """What somebody does with words."""

    IMAGE_REQUEST = "image_request"
    THREAT_TO_SHARE = "threat_to_share"
    CONDITION = "condition"
    PAYMENT = "payment"
    OFFER = "offer"
    LEVERAGE = "leverage"
    AUDIENCE = "audience"
    SECRECY = "secrecy"
    AGE_PROBE = "age_probe"
    ISOLATION = "isolation"
    PLATFORM_MOVE = "platform_move"
    ERASURE = "erasure"
    MEETING = "meeting"


class Context(StrEnum):
    """What the words around it say: somebody tells of what was done to her, or warns others of it."""

    HELP_SEEKING = "help_seeking"
    PREVENTION = "prevention"


class _Found(Protocol):
    def span(self) -> tuple[int, int]: ...


class _Pattern(Protocol):
    def finditer(self, text: str) -> Iterator[_Found]: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern, with an id that people can look up in the pack."""

    id: str
    means: Tactic | Context
    pattern: _Pattern


@dataclass(frozen=True, slots=True)
class Pack:
    """One language's rules. A pack that is not complete was only begun."""

    language: str
    version: str
    complete: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that was met by a stretch of a message (start and end in the message as it was written)."""

    rule: str
    means: Tactic | Context
    start: int
    end: int


@cache
def packs() -> tuple[Pack, ...]:
    """All packs, read once."""
    return tuple(_pack(language) for language in LANGUAGES)


def _pack(language: str) -> Pack:
    text = (resources.files("staydown.recognition") / "data" / f"patterns-{language}.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    rules = [Rule(each["id"], Tactic(each["tactic"]), re2.compile(each["pattern"])) for each in said["rules"]]
    rules += [Rule(each["id"], Context(each["context"]), re2.compile(each["pattern"])) for each in said["contexts"]]
    return Pack(said["language"], str(said["version"]), said["complete"], tuple(rules))


def version() -> str:
    """Which packs read a message: "en 2026-11-21, fr …"."""
    return ", ".join(f"{pack.language} {pack.version}" for pack in packs())


def hits(message: Plain) -> tuple[Hit, ...]:
    """Every rule's first stretch in a message, in the order of the packs."""
    found = []
    for pack in packs():
        for rule in pack.rules:
            first = next(iter(rule.pattern.finditer(message.text)), None)
            if first:
                found.append(Hit(rule.id, rule.means, *message.span(*first.span())))
    return tuple(found)
