"""Films that look alike are told from copies by whether they change alike."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown.fingerprints import changes
from staydown.fingerprints.changes import TOGETHER, together
from staydown.fingerprints.coherence import Line
from staydown.fingerprints.footage import Frames
from staydown.fingerprints.turns import MIRRORED, TURNS

COUNT = 24  # frames, four a second


def scenes(seed: int, ground: int = 0) -> np.ndarray:
    """Frames of which each differs from the one before in some bits, above a ground that stays: bits x are `ground`."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (COUNT, 256), dtype=np.uint8)
    bits[:, :ground] = np.random.default_rng(99).integers(0, 2, ground, dtype=np.uint8)
    return np.packbits(bits, axis=1)


def noisy(hashes: np.ndarray, share: float) -> np.ndarray:
    return hashes ^ np.packbits(np.random.default_rng(7).random((len(hashes), 256)) < share, axis=1)


def film(hashes: np.ndarray, quality: int = 90) -> Frames:
    none = np.zeros(len(hashes), np.uint8)
    return Frames(np.arange(len(hashes)) / 4, hashes, none + np.uint8(quality), none, none > 0, hashes[::-1].copy())


def agree(query: Frames, known: Frames, line: tuple[float, float] = (1.0, 0.0), turn: int = 0) -> bool:
    rows = np.arange(min(len(query), len(known)))
    return changes.agree((query, query.turned()[turn]), known, Line(*line, rows >= 0), (rows, rows))


def test_a_film_changes_as_itself_and_against_its_negative() -> None:
    hashes = scenes(1)
    assert together(hashes, hashes) == pytest.approx(1)
    assert together(hashes, ~hashes) == pytest.approx(-1)


@given(st.integers(0, 1000), st.sampled_from([0, 128, 200]))
def test_films_over_the_same_ground_do_not_change_together(seed: int, ground: int) -> None:
    assert abs(together(scenes(seed, ground), scenes(seed + 5000, ground))) < TOGETHER / 2


@pytest.mark.parametrize("ground", [0, 128, 200])
def test_a_copy_over_the_same_ground_does_although_a_sixth_of_its_bits_are_others(ground: int) -> None:
    hashes = scenes(3, ground)
    assert together(hashes, noisy(hashes, 1 / 6)) > TOGETHER


def test_where_nothing_changes_nothing_goes_together() -> None:
    still = np.repeat(scenes(1)[:1], COUNT, axis=0)
    assert together(still, still) == 0
    assert together(still, scenes(1)) == 0
    assert together(still[:0], still[:0]) == 0


def test_frames_are_compared_along_the_line_and_nowhere_else() -> None:
    known = film(scenes(4))
    assert agree(known, known)
    assert not agree(known, known, (1.0, 3.0))
    later = film(known.hash[8:])
    assert agree(later, known, (1.0, 2.0))
    assert not agree(later, known)


@pytest.mark.parametrize("turn", range(1, len(TURNS)))
def test_a_turned_film_is_compared_by_its_turned_fingerprints(turn: int) -> None:
    known = dataclasses.replace(film(scenes(5)), mirrored=np.empty((0, 32), np.uint8))
    (back,) = (hashes for hashes in known.turned() if np.array_equal(TURNS[turn].of_hashes(hashes), known.hash))
    turned = dataclasses.replace(known, hash=back)
    assert agree(turned, known, turn=turn)
    assert not agree(turned, known)


def test_the_mirrored_fingerprints_of_a_query_are_preferred_to_those_told_from_upright_ones() -> None:
    query = film(scenes(5))
    assert np.array_equal(query.turned()[TURNS.index(MIRRORED)], query.mirrored)
    assert np.array_equal(query.turned()[1], TURNS[6].of_hashes(query.mirrored))


def test_frames_too_flat_to_be_compared_spoil_nothing() -> None:
    known = film(scenes(6))
    flat = np.arange(COUNT) % 2 == 0
    seen = np.where(flat[:, None], scenes(7), known.hash)
    query = dataclasses.replace(known, hash=seen, quality=np.where(flat, 10, 90).astype(np.uint8))
    assert agree(query, known)
