"""Which owners have short fingerprints near those asked for: exact, and made for thousands asked at once.

A short fingerprint is a word of 64 bits; an owner has any number of them. Nothing is kept: words that change all
the time are as quick to search as words that stay.
"""

import numpy as np
import numpy.typing as npt

from staydown.matching.errors import MisshapenWords
from staydown.matching.kernel import best
from staydown.matching.kernel.interface import Nearness, Owned
from staydown.matching.types import Words

WIDEST = 11  # bits: of six chunks of a word, one then differs in one bit at most


def nearness(words: Words, owner: npt.NDArray[np.integer], asked: Words, radius: int) -> Nearness:
    """What m words asked for have near them among n known words, each with its owner's number, 0 or more.

    All words uint64, the radius 0 to 11 bits. Raises `MisshapenWords`.
    """
    if not 0 <= radius <= WIDEST or words.shape != owner.shape or not words.dtype == asked.dtype == np.uint64:
        raise MisshapenWords
    if len(owner) and not 0 <= int(owner.min()) <= int(owner.max()) < np.iinfo(np.uint32).max:
        raise MisshapenWords
    known = Owned(np.ascontiguousarray(words), np.ascontiguousarray(owner, np.uint32))
    return best().nearness(known, np.ascontiguousarray(asked), radius)
