"""How much of a picture a reviewer sees, step by step: nothing, tiny and grey, blurred, for as long as a key is held, all.

Blurring alone spares nobody much (Lewitzka et al., Psychological Research 2026), so every step is a wish of its own, short,
and only after the one before; most cases end before the last one.
"""

from enum import StrEnum

from staydown.people import exposure
from staydown.regimes.harms import Harm, Tri


class Grade(StrEnum):
    """What is shown."""

    GREY = "grey"  # 64 pixels, grey: whether there is anything
    BLURRED = "blurred"  # 320 pixels, grey and blurred
    PEEK = "peek"  # the picture, while a key or a button is held
    FULL = "full"  # the picture


class Reason(StrEnum):
    """Why somebody has to see all of what is gravest."""

    REPORTED = "reported"  # whether it is what was reported
    CHILD = "child"  # whether a child is shown
    SECOND = "second"  # to agree, or not, as the second person
    CONTESTED = "contested"  # to answer a complaint


BEFORE = {Grade.BLURRED: Grade.GREY, Grade.PEEK: Grade.BLURRED, Grade.FULL: Grade.BLURRED}
SECONDS = {Grade.GREY: 20, Grade.BLURRED: 10, Grade.PEEK: 5, Grade.FULL: exposure.SHOWN}  # for which each stays
COUNTED = frozenset({Grade.BLURRED, Grade.PEEK, Grade.FULL})  # in the ledger of what she has looked at
ACTS = {grade: f"media.{grade.value}" for grade in Grade}  # of the journal
FOUND_OUT = (ACTS[Grade.PEEK], ACTS[Grade.FULL], "media.revealed")  # by these a person has viewed; the last is of old


def needs_reason(grade: Grade, harm: Harm, minor: Tri) -> bool:
    """Whether somebody has to say why she must see all of it."""
    return grade is Grade.FULL and exposure.weight(harm, minor) == exposure.GRAVEST
