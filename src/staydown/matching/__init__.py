"""Fingerprint -> what it resembles: exact Hamming search in memory."""

from staydown.matching.errors import AlreadyKnown, Damaged, MatchingError, Misshapen, OutOfOrder, UnknownId
from staydown.matching.index import Index
from staydown.matching.kernel import best
from staydown.matching.types import Changes, Matches

__all__ = [
    "AlreadyKnown",
    "Changes",
    "Damaged",
    "Index",
    "Matches",
    "MatchingError",
    "Misshapen",
    "OutOfOrder",
    "UnknownId",
    "engine",
]


def engine() -> str:
    """What does the searching here: "C, AVX-512", "C, AVX2", "C, scalar", or "numpy" where nothing was compiled."""
    return best().name
