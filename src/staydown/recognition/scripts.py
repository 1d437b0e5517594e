"""A script that is sent to many: which runs of words two texts have in common, told by digests alone.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of the digests of every eight words in a row, the smallest of
each five neighbours is kept. So a run of twelve words that two texts share is always seen, and one under eight never.
What changes from one victim to the next, amounts, dates and names after an @, is left out of it.
"""

import hashlib
from dataclasses import dataclass

from staydown.recognition.words import plain

SHINGLE = 8  # words in a row that must be the same
NEIGHBOURS = 5
ALWAYS_SEEN = SHINGLE + NEIGHBOURS - 1  # words in a row that two texts cannot share unseen
MOST = 400  # of one text


@dataclass(frozen=True, slots=True)
class Shingle:
    """Eight words: the SHA-256 of their plain form, and where they stand in the text as it was written."""

    digest: bytes
    start: int
    end: int


def shingles(text: str) -> tuple[Shingle, ...]:
    """The chosen ones of a text, in its order; none of a text under eight words."""
    every = _every(text)
    chosen: dict[int, None] = {}
    for start in range(max(1, len(every) - NEIGHBOURS + 1)):
        window = every[start : start + NEIGHBOURS]
        if window:
            least = min(range(len(window)), key=lambda place: (window[place].digest, -place))
            chosen[start + least] = None
    return tuple(every[place] for place in chosen)[:MOST]


def _every(text: str) -> list[Shingle]:
    seen = plain(text)
    words, at = [], 0
    for word in seen.text.split(" "):
        if word:
            words.append((_masked(word), *seen.span(at, at + len(word))))
        at += len(word) + 1
    rows = [words[start : start + SHINGLE] for start in range(len(words) - SHINGLE + 1)]
    return [Shingle(hashlib.sha256(" ".join(word for word, _, _ in row).encode()).digest(), row[0][1], row[-1][2])
            for row in rows]  # fmt: skip


def _masked(word: str) -> str:
    """A word without what differs between victims."""
    if "@" in word:
        return "@"
    return "#" if any(sign.isdigit() for sign in word) else word.strip("$€£*")
