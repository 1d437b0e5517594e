"""What is refused of short fingerprints, and that nothing near is nothing found."""

import numpy as np
import pytest

from staydown.matching import MisshapenWords, nearness

WORDS, OWNER = np.arange(6, dtype=np.uint64), np.array([0, 0, 1, 1, 3, 3])


def test_the_nearest_word_of_each_owner_is_told_and_how_many_are_near() -> None:
    found = nearness(WORDS, OWNER, np.array([0, 2**40], np.uint64), 1)
    assert found.nearest.tolist() == [0, 1, 64, 1]  # owner 2 has no words; 3 is too far from 0, 4 is not
    assert found.support.tolist() == [2 + 1 + 1, 1, 0, 1]


def test_words_that_are_not_one_after_another_in_memory_are_taken_as_they_are() -> None:
    every_other = np.repeat(WORDS, 2)[::2]
    assert nearness(every_other, OWNER, every_other[::-1], 3).support.tolist() == (
        nearness(WORDS, OWNER, WORDS, 3).support.tolist()
    )


@pytest.mark.parametrize("asked", [WORDS, WORDS[:0]])
def test_nothing_known_or_nothing_asked_for_is_nothing_found(asked: np.ndarray) -> None:
    assert len(nearness(WORDS[:0], OWNER[:0], asked, 11).nearest) == 0
    assert nearness(WORDS, OWNER, WORDS[:0], 11).nearest.tolist() == [64] * 4


@pytest.mark.parametrize(
    ("words", "owner", "asked", "radius"),
    [
        (WORDS, OWNER, WORDS, 12),
        (WORDS, OWNER, WORDS, -1),
        (WORDS, OWNER[1:], WORDS, 3),
        (WORDS.astype(np.int64), OWNER, WORDS, 3),
        (WORDS, OWNER, WORDS.astype(np.uint8), 3),
        (WORDS, OWNER - 1, WORDS, 3),
        (WORDS, OWNER + 2**32, WORDS, 3),
    ],
)
def test_what_is_no_short_fingerprint_is_refused(
    words: np.ndarray, owner: np.ndarray, asked: np.ndarray, radius: int
) -> None:
    with pytest.raises(MisshapenWords):
        nearness(words, owner, asked, radius)
