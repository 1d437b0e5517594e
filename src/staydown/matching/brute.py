"""Hamming search by looking at every fingerprint: slow, plainly right, and the oracle of every faster way."""

import numpy as np
import numpy.typing as npt

from staydown.matching.types import Distances, Rows, Words

BLOCK = 1 << 15  # fingerprints looked at together; their words stay in the processor's cache
TELLING = 48  # bits: half of two unrelated fingerprints differs in 64, more or less 6


def distances(words: Words, query: Words) -> Distances:
    """The number of differing bits between each of n x 4 words and one query of 4 words."""
    counted: Distances = np.bitwise_count(words ^ query).sum(axis=1, dtype=np.uint16)
    return counted


def within(words: Words, query: Words, radius: int) -> tuple[Rows, Distances]:
    """The rows of n x 4 words within the radius of one query, in order, and their distances."""
    found = [_block(words[start : start + BLOCK], query, radius) for start in range(0, len(words), BLOCK)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.uint16)
    rows = [rows + number * BLOCK for number, (rows, _) in enumerate(found)]
    return np.concatenate(rows), np.concatenate([near for _, near in found])


def _block(words: Words, query: Words, radius: int) -> tuple[Rows, Distances]:
    rows = np.flatnonzero(_at_least(words, query, radius) <= radius)
    exact = distances(words[rows], query)
    near = exact <= radius
    return rows[near], exact[near]


def _at_least(words: Words, query: Words, radius: int) -> npt.NDArray[np.uint8]:
    """The differing bits in the first words. Half a fingerprint tells nearly all that are beyond a small
    radius.
    """
    looked_at = 2 if radius < TELLING else 3
    counted: npt.NDArray[np.uint8] = np.bitwise_count(words[:, 0] ^ query[0])
    for word in range(1, looked_at):
        counted += np.bitwise_count(words[:, word] ^ query[word])
    return counted
