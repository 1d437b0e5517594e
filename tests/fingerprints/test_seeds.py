"""The pairs of windows where verifying begins are the most alike ones, whoever seeks them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from staydown import fingerprints
from staydown.fingerprints import seeds, windows
from staydown.fingerprints.kernel import library
from staydown.fingerprints.windows import Entry
from tests.pictures import jpeg, photograph

QUERY = fingerprints.of_image(jpeg(photograph("coffee")))
looks = st.integers(0, 200)


def _entry(plain: list[int]) -> Entry:
    rng = np.random.default_rng(len(plain))
    qualities = np.full(20, 100, np.uint8)
    qualities[plain] = 0
    return Entry(rng.integers(0, 256, (20, 32), dtype=np.uint8), qualities)


@pytest.mark.skipif(library() is None, reason="no compiler was there when Staydown was installed")
@given(looks, st.integers(0, 64), st.lists(st.integers(0, 19), unique=True))
def test_compiled_and_numpy_find_the_same_pairs(count: int, bits: int, plain: list[int]) -> None:
    """Words of few different bits, so that many pairs are as near as others."""
    rng, entry = np.random.default_rng(count), _entry(plain)
    words = rng.choice(entry.coarse, count) ^ rng.integers(0, 2**bits, count, dtype=np.uint64, endpoint=bits < 64)
    least = np.where(entry.telling, np.uint64(0), np.uint64(64))
    found = seeds._nearest(words, entry)
    assert found.tolist() == seeds._nearest_by_numpy(words, entry.coarse, least).tolist()


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 3000])
def test_they_are_the_nearest_that_tell(count: int) -> None:
    rng, entry = np.random.default_rng(7), _entry([3, 8])
    words = rng.integers(0, 2**64, count, dtype=np.uint64)
    apart = np.bitwise_count(words[:, None] ^ entry.coarse).astype(int)
    nearest = np.minimum(apart, 64 - apart)
    nearest[:, [3, 8]] = 64
    found = seeds._nearest(words, entry)
    assert sorted(nearest.ravel()[found]) == sorted(nearest.ravel())[: seeds.PAIRS]
    assert found.tolist() == sorted(set(found.tolist()))


def test_what_is_all_far_gives_none() -> None:
    known = windows.unpack(QUERY.windows)
    assert len(seeds.found(QUERY.sight.looks, known, 6, far=20).look)
    assert not len(seeds.found(QUERY.sight.looks, known, 6, far=0).look)


@pytest.mark.parametrize(("likeness", "laid"), [(None, True), (0.16, True), (0.14, False)])
def test_where_descriptors_differ_windows_must_say_something_at_once(likeness: float | None, laid: bool) -> None:
    """The nearest windows of these two are no nearer than those of most unrelated pictures, and not quite far."""
    other = fingerprints.of_image(jpeg(photograph("china"))).windows
    nearest = seeds.found(QUERY.sight.looks, windows.unpack(other), 1)
    assert len(nearest.look)
    evidence = fingerprints.verify_with(QUERY, other, replace(fingerprints.NOTHING, likeness=likeness))
    assert (evidence.nearest < 256) is laid
    assert evidence.likeness == likeness
    assert evidence.whole < 256
