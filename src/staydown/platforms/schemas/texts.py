"""What is asked of words, and what is answered."""

from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints

from staydown.platforms.schemas.fields import Strict, Words, storable
from staydown.recognition import Care, Level
from staydown.recognition.patterns import Tactic


class MessageIn(Strict):
    sender: Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)] = ""
    text: Words


class TextsIn(Strict):
    """Messages in their order, from a place that the operator named in STAYDOWN_TEXTS."""

    surface: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(storable)]
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=500)]
    to_a_minor: bool = False


class ShownOut(Schema):
    """Signs `start` to `end` of a message, and the rule of a pattern pack that they met."""

    message: int
    start: int
    end: int
    rule: str


class SenderOut(Schema):
    """`offer_help`: whoever tells of what was done to her; nothing is told against her."""

    sender: str
    level: Level
    care: Care
    offer_help: bool
    tactics: list[Tactic]
    shown: list[ShownOut]
    version: str


class TextsOut(Schema):
    senders: list[SenderOut]
    misses: str
