"""The words of a receipt: six drawn from a list whose words are unmistakable aloud, and a seventh that checks them.

The number of words of a list is prime, so that the check finds every single wrong word and every two that changed places.
A list is 60 bits in six words, and no secret: what is told of a slip, anybody can work out from what was typed.
"""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "fr", "nl", "de")
DRAWN = 6
WORDS = 1031  # in each list; prime
WEIGHTS: tuple[int, ...] = (*range(1, DRAWN + 1), -1)  # the sum of weight times number is nothing, modulo WORDS
SHORTEST = 4  # letters by which no two words of a list are the same
ALIKE = 0.6  # from here on, one word may have been taken for the other (SequenceMatcher's ratio)


class Slip(StrEnum):
    """What is wrong with what was typed."""

    COUNT = "count"  # not seven words
    UNKNOWN = "unknown"  # words that are in no list
    WORD = "word"  # one word that was taken for another
    ORDER = "order"  # two neighbours that changed places
    SOME = "some"  # something, and nobody can tell where


class NotAReceipt(ValueError):
    """A receipt has seven words, in their order. Please check what you typed."""

    def __init__(self, slip: Slip, places: tuple[int, ...] = (), count: int = 0) -> None:
        super().__init__(self.__doc__)
        self.slip, self.places, self.count = slip, places, count  # places count from 1


@cache
def words(language: str) -> tuple[str, ...]:
    """The list of one language, in the order of the alphabet; the English one for a language that has none."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    return tuple((files("staydown.vault") / "data" / "words" / f"{name}.txt").read_text("ascii").split())


def drawn(number: int, language: str) -> str:
    """The words that a random number draws. It should have many more bits than the 60 that are taken."""
    numbers = []
    for _ in range(DRAWN):
        number, drawn = divmod(number, WORDS)
        numbers.append(drawn)
    numbers.append(_needed(numbers, DRAWN))
    return " ".join(words(language)[each] for each in numbers)


def read(text: str) -> str:
    """The words a person typed, in whichever language: in any case, with anything between them, accents or none, and at
    least the first four letters of each. Raises `NotAReceipt`, which says where to look.
    """
    typed = re.findall(r"[^\W\d_]+", _folded(text))
    if len(typed) != len(WEIGHTS):
        raise NotAReceipt(Slip.COUNT, count=len(typed))
    found = {language: [_number(word, language) for word in typed] for language in LANGUAGES}
    whole = {language: known for language, numbers in found.items() if (known := _all(numbers))}
    right = [[words(language)[each] for each in numbers] for language, numbers in whole.items() if not _sum(numbers)]
    if right:
        return " ".join(max(right, key=lambda said: sum(map(str.__eq__, said, typed))))
    nearest = max(found, key=lambda language: sum(each is not None for each in found[language]))
    raise _slip(typed, found[nearest], nearest)


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@cache
def _by_start(language: str) -> dict[str, int]:
    return {word[:SHORTEST]: number for number, word in enumerate(words(language))}


def _number(typed: str, language: str) -> int | None:
    number = _by_start(language).get(typed[:SHORTEST])
    return number if number is not None and words(language)[number].startswith(typed) else None


def _all(numbers: list[int | None]) -> list[int] | None:
    known = [number for number in numbers if number is not None]
    return known if len(known) == len(numbers) else None


def _sum(numbers: list[int]) -> int:
    return sum(weight * number for weight, number in zip(WEIGHTS, numbers, strict=True)) % WORDS


def _needed(numbers: list[int], place: int) -> int:
    """The number that makes the sum right at one place, the others being as they are."""
    others = sum(WEIGHTS[each] * number for each, number in enumerate(numbers) if each != place)
    return -others * pow(WEIGHTS[place], -1, WORDS) % WORDS


def _slip(typed: list[str], numbers: list[int | None], language: str) -> NotAReceipt:
    if (known := _all(numbers)) is None:
        return NotAReceipt(Slip.UNKNOWN, tuple(place for place, each in enumerate(numbers, 1) if each is None))
    alone = list(_taken_for_another(typed, known, language))
    turned = list(_turned(known))
    if len(alone) + len(turned) != 1:
        return NotAReceipt(Slip.SOME)
    return NotAReceipt(Slip.WORD, (alone[0],)) if alone else NotAReceipt(Slip.ORDER, (turned[0], turned[0] + 1))


def _taken_for_another(typed: list[str], numbers: list[int], language: str) -> Iterator[int]:
    """Each place where a word much like the typed one makes the check right."""
    for place, word in enumerate(typed):
        needed = words(language)[_needed(numbers, place)]
        if SequenceMatcher(None, word, needed).ratio() >= ALIKE:
            yield place + 1


def _turned(numbers: list[int]) -> Iterator[int]:
    """Each place whose word, changed with the next one, makes the check right."""
    for place in range(len(numbers) - 1):
        turned = [*numbers[:place], numbers[place + 1], numbers[place], *numbers[place + 2 :]]
        if not _sum(turned):
            yield place + 1
