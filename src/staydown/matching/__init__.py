"""Fingerprint -> what it resembles: search in memory, exact by Hamming distance; by the cosine of descriptors, where there
are very many, as far as a graph proposes."""

from staydown.matching.approximate import FROM, ApproximateDescriptors
from staydown.matching.cosines import Similar
from staydown.matching.descriptors import DescriptorChanges, Descriptors
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
from staydown.matching.graph import library
from staydown.matching.index import Index
from staydown.matching.kernel import best
from staydown.matching.types import Changes, Matches
from staydown.matching.words import nearness

__all__ = [
    "AlreadyKnown",
    "ApproximateDescriptors",
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
    "proposer",
]


def engine() -> str:
    """What does the searching here: "C, AVX-512", "C, AVX2", "C, NEON", "C, scalar"; where nothing was compiled, "numba" or
    "numpy".
    """
    return best().name


def proposer() -> str:
    """How descriptors are searched where there are many: "by usearch 2.26.6 from 50,000 on", or "exactly, however many"."""
    return f"by {library()} from {FROM:,} on" if library() else "exactly, however many"
