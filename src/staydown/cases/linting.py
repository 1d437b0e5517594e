"""What may not stand in words that go to an uploader: anything that points to who reported (art. 17(3)(b)). Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

RUN = 5  # so many words in a row are somebody's own
SHORTEST = 3  # letters of a name
GAP = re.compile(r"\[[^\]\n]{0,300}\]")
LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|org|net|info|eu|fr|be|nl|de|uk|io|me|social|example)\b", re.I
)
MAIL = re.compile(r"[^\s@]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}")
HANDLE = re.compile(r"(?<!\w)@\w{2,64}")
PHONE = re.compile(r"\+?\d(?:[ .()/-]?\d){7,14}")
WORD = re.compile(r"\w+")
CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]+")


class Kind(StrEnum):
    GAP = "gap"  # the template was not filled in
    WORDS = "words"  # the reporter's own
    NAME = "name"
    LINK = "link"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that may not be said, as it stands in the text."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a reporter said: free texts, and whatever they signed with or can be reached at."""

    texts: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


def findings(text: str, told: Told) -> list[Finding]:
    """Everything in a text that may not go to an uploader."""
    found = [Finding(Kind.GAP, each) for each in GAP.findall(text)]
    found += [Finding(Kind.LINK, each.group()) for each in LINK.finditer(MAIL.sub(" ", text))]
    found += [Finding(Kind.CONTACT, each) for rule in (MAIL, HANDLE, PHONE) for each in rule.findall(text)]
    found += [Finding(Kind.WORDS, run) for run in _runs(text, told.texts)]
    return found + [Finding(Kind.NAME, name) for name in _names(text, told)]


def _runs(text: str, texts: Iterable[str]) -> list[str]:
    """The first run of the reporter's own words in each place of the text."""
    theirs = {run for said in texts for run in _grams(_words(said))}
    own = _words(text)
    found, place = [], 0
    while place + RUN <= len(own):
        if tuple(own[place : place + RUN]) in theirs:
            found.append(" ".join(own[place : place + RUN]))
            place += RUN
        else:
            place += 1
    return found


def _words(text: str) -> list[str]:
    return [word.casefold() for word in WORD.findall(text)]


def _grams(words: list[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(RUN)), strict=False)


def _names(text: str, told: Told) -> list[str]:
    """What the reporter signed with, and two capitalised words in a row that both texts have."""
    signed = {word for said in told.personal for word in _words(said) if len(word) >= SHORTEST and not word.isdigit()}
    single = [word for word in WORD.findall(text) if word.casefold() in signed and CAPITAL.match(word)]
    theirs = {pair for said in told.texts for pair in _pairs(said)}
    return single + [" ".join(pair) for pair in _pairs(text) if pair in theirs]


def _pairs(text: str) -> list[tuple[str, str]]:
    words = re.findall(r"[\w'’-]+", text)
    return [(a, b) for a, b in pairwise(words) if CAPITAL.fullmatch(a) and CAPITAL.fullmatch(b)]
