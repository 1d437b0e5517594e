"""Fingerprint -> what it resembles: exact search in memory, by Hamming distance or by the cosine of descriptors."""

from staydown.matching.descriptors import DescriptorChanges, Descriptors, Similar
from staydown.matching.errors import (
    AlreadyKnown,
    Damaged,
    Incomplete,
    MatchingError,
    Misshapen,
    MisshapenDescriptors,
    MisshapenWords,
    OutOfOrder,
    UnknownId,
)
from staydown.matching.index import Index
from staydown.matching.kernel import best
from staydown.matching.types import Changes, Matches
from staydown.matching.words import nearness

__all__ = [
    "AlreadyKnown",
    "Changes",
    "Damaged",
    "DescriptorChanges",
    "Descriptors",
    "Incomplete",
    "Index",
    "Matches",
    "MatchingError",
    "Misshapen",
    "MisshapenDescriptors",
    "MisshapenWords",
    "OutOfOrder",
    "Similar",
    "UnknownId",
    "engine",
    "nearness",
]


def engine() -> str:
    """What does the searching here: "C, AVX-512", "C, AVX2", "C, NEON", "C, scalar"; where nothing was compiled, "numba" or
    "numpy".
    """
    return best().name
