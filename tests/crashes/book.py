"""What people were told is done: each line is written only after its acknowledgement was read."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Told:
    """An acknowledged report: its receipt, the posts it is about, and the words its reporter gave."""

    receipt: str
    posts: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Decided:
    """An acknowledged decision: {item row id: ruling}. `answer` is the text that names it."""

    case: str
    rulings: Mapping[str, str]
    answer: str


@dataclass
class Book:
    """Everything acknowledged, by everyone; safe to share between threads."""

    posts: dict[str, str] = field(default_factory=dict)  # Plaza's id → motif, of posts that went live
    reports: list[Told] = field(default_factory=list)
    added: list[tuple[str, str]] = field(default_factory=list)  # receipt, words
    decisions: list[Decided] = field(default_factory=list)
    seconded: set[str] = field(default_factory=set)  # cases whose proposal a second person agreed with
    copies: dict[str, str] = field(default_factory=dict)  # item row id → remove or release
    uploads: dict[str, str] = field(default_factory=dict)  # check row id → block or allow
    raised: set[str] = field(default_factory=set)  # bank entry row ids
    troubles: list[str] = field(default_factory=list)  # what nobody should ever see, killed programs or not
    failed: Counter[str] = field(default_factory=Counter)  # answers that were no acknowledgement
    lock: threading.Lock = field(default_factory=threading.Lock)

    def counts(self) -> dict[str, int]:
        """How much was acknowledged of each."""
        named = ("posts", "reports", "added", "decisions", "seconded", "copies", "uploads", "raised")
        return {name: len(getattr(self, name)) for name in named}
