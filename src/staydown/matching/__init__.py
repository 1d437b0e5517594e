"""Fingerprint -> what it resembles: exact Hamming search in memory."""

from staydown.matching.errors import AlreadyKnown, Damaged, MatchingError, Misshapen, OutOfOrder, UnknownId
from staydown.matching.index import Index
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
]
