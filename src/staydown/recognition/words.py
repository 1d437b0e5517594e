"""Text as patterns look at it: lower case, no accents, no look-alike signs, no letters spaced apart; with where it came from."""

import unicodedata
from dataclasses import dataclass

import re2

# Letters of other scripts that look like Latin ones (Unicode confusables.txt, the commonest).
ALIKE = str.maketrans("аеорсухікмтвнѕԁ", "aeopcyxikmtbhsd")
LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
SPACED = re2.compile(r"\b(?:[a-z][ .\-_*]){3,}[a-z]\b")
LONGEST = 20_000  # signs of one message that are read


@dataclass(frozen=True, slots=True)
class Plain:
    """A message's plain text, and for each sign of it the place in the message that it came from."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the message that a stretch of the plain text came from."""
        return self.places[start], self.places[end - 1] + 1


def plain(message: str) -> Plain:
    """The plain text of the first 20,000 signs of a message. Takes time in proportion to its length."""
    signs = [
        (sign, place)
        for place, original in enumerate(message[:LONGEST])
        for sign in unicodedata.normalize("NFKD", original).casefold().translate(ALIKE)
        if not unicodedata.combining(sign)
    ]
    text = "".join(sign if _kept(sign) else " " for sign, _ in signs)
    return _closed_up(_unleeted(text), [place for _, place in signs])


def _kept(sign: str) -> bool:
    return sign.isalnum() or sign in ".-_*@$€£"


def _unleeted(text: str) -> str:
    """Digits and signs between two letters are the letters they look like."""
    padded = f" {text} "
    return "".join(
        LEET.get(sign, sign) if before.isalpha() and after.isalpha() else sign
        for before, sign, after in zip(padded, text, padded[2:], strict=False)
    )


def _closed_up(text: str, places: list[int]) -> Plain:
    """ "n u d e s" as one word, other punctuation as a space, and spaces one at a time."""
    dropped = {place for found in SPACED.finditer(text) for place in range(*found.span()) if not text[place].isalpha()}
    kept: list[tuple[str, int]] = []
    for place, sign in enumerate(text):
        shown = " " if sign in ".-_*" else sign
        if place in dropped or (shown == " " and kept and kept[-1][0] == " "):
            continue
        kept.append((shown, places[place]))
    return Plain("".join(sign for sign, _ in kept), tuple(place for _, place in kept))
