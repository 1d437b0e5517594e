"""Fingerprint -> what it resembles: exact search in memory, by Hamming distance or by the cosine of descriptors."""

from staydown.matching.descriptors import DescriptorChanges, Descriptors, Similar
from staydown.matching.errors import (
    AlreadyKnown,
    Damaged,
    MatchingError,
    Misshapen,
    MisshapenDescriptors,
    OutOfOrder,
    UnknownId,
)
from staydown.matching.index import Index
from staydown.matching.kernel import best
from staydown.matching.types import Changes, Matches

__all__ = [
    "AlreadyKnown",
    "Changes",
    "Damaged",
    "DescriptorChanges",
    "Descriptors",
    "Index",
    "Matches",
    "MatchingError",
    "Misshapen",
    "MisshapenDescriptors",
    "OutOfOrder",
    "Similar",
    "UnknownId",
    "engine",
]


def engine() -> str:
    """What does the searching here: "C, AVX-512", "C, AVX2", "C, scalar", or "numpy" where nothing was compiled."""
    return best().name
