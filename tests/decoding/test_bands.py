"""The bands of the operators give what the whole operators give, with the compiled library and without."""

from collections.abc import Iterator
from itertools import pairwise
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from staydown.decoding import bands
from staydown.decoding.jarosz import Side, operator
from staydown.decoding.kernel import library
from staydown.decoding.luminance import of_band
from staydown.decoding.samples import place

SETS = (0, 1, 2)  # none, AVX2, AVX-512: as far as this machine has them


@pytest.fixture(params=["compiled", "numpy"], scope="module", autouse=True)
def _by(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "numpy":
            patched.setattr(bands, "library", lambda: None)
        elif library() is None:
            pytest.skip("no compiler was there when Staydown was installed")
        yield


sides = st.builds(Side, st.integers(1, 2000), st.sampled_from([1, 2, 4, 8]), st.booleans())
both = sides.map(lambda side: (side, Side(side.length, side.fold, not side.backwards)))


@settings(max_examples=50, deadline=None)
@given(both, st.integers(0, 3), st.sampled_from([np.uint8, np.float32]))
def test_bands_of_lines_add_up_to_the_operator(some: bands.Sides, cuts: int, kind: type[np.generic]) -> None:
    samples = some[0].samples
    lines = np.random.default_rng(samples).integers(0, 256, (samples, 70)).astype(kind)[:, 3:]
    total = np.zeros((128, 67), np.float32)
    for start, end in pairwise(samples * cut // (cuts + 1) for cut in range(cuts + 2)):
        bands.down(some, lines[start:end], start, total)
    expected = np.concatenate([operator(side) @ lines.astype(np.float64) for side in some])
    np.testing.assert_allclose(total, expected, rtol=1e-4, atol=1e-3)


@settings(max_examples=50, deadline=None)
@given(both)
def test_rows_are_reduced_as_the_operator_says(some: bands.Sides) -> None:
    lines = np.random.default_rng(1).random((13, some[0].samples), dtype=np.float32)
    expected = np.concatenate([lines @ operator(side).T for side in some], axis=1)
    np.testing.assert_allclose(bands.across(some, lines), expected, rtol=1e-4, atol=1e-5)


@settings(max_examples=50, deadline=None)
@given(both, both, st.sampled_from([np.uint8, np.float32]))
def test_a_whole_picture_is_reduced_as_in_two_steps(
    rows: bands.Sides, columns: bands.Sides, kind: type[np.generic]
) -> None:
    lines = np.random.default_rng(4).integers(0, 256, (rows[0].samples, columns[0].samples)).astype(kind)
    total = np.zeros((128, columns[0].samples), np.float32)
    bands.down(rows, lines, 0, total)
    one = bands.tiles(bands.across(columns, total[:64].copy()))
    assert np.array_equal(bands.reduced(rows[:1], columns, lines), one)
    for most in SETS:
        with mock.patch.object(bands, "SET", most):
            assert np.array_equal(bands.reduced(rows, columns, lines), bands.tiles(bands.across(columns, total)))


@settings(max_examples=50, deadline=None)
@given(both, both)
def test_colours_are_reduced_as_their_brightness_is(rows: bands.Sides, columns: bands.Sides) -> None:
    size = columns[0].samples, rows[0].samples
    picture = Image.fromarray(np.random.default_rng(5).integers(0, 256, (*size[::-1], 3), dtype=np.uint8))
    where, expected = place(picture), bands.reduced(rows, columns, of_band(picture))
    if where is None or bands.library() is None:
        pytest.skip("there is no compiled library, or the picture lies in pieces")
    for most in SETS:
        with mock.patch.object(bands, "SET", most):
            assert np.array_equal(bands.reduced_at(rows, columns, where), expected)


def test_each_brightness_there_can_be_is_the_same_in_every_instruction_set() -> None:
    """A picture of 64 x 64 is its own reduction, so that each of its pixels can be seen in it."""
    if bands.library() is None:
        pytest.skip("there is no compiled library")
    red, green, blue = (each.astype(np.uint8).ravel() for each in np.indices((256, 256, 256), np.int32, sparse=False))
    found = np.zeros(255_001, np.uint32)
    found[299 * red.astype(np.int32) + 587 * green.astype(np.int32) + 114 * blue.astype(np.int32)] = np.arange(1 << 24)
    colours = np.stack([red[found], green[found], blue[found]], axis=1)
    side = Side(64), Side(64, backwards=True)
    for some in np.resize(colours, (63, 64, 64, 3)):
        picture = Image.fromarray(some)
        where = place(picture)
        assert where is not None
        for most in SETS:
            with mock.patch.object(bands, "SET", most):
                assert np.array_equal(bands.reduced_at(side, side, where)[0, 0], of_band(picture))


def test_a_picture_whose_sides_are_exchanged_or_backwards_is_read_right() -> None:
    lines, side = np.random.default_rng(2).integers(0, 256, (90, 50), dtype=np.uint8), (Side(50),)
    for seen in (lines.T, lines[::-1, :].T, lines.T[:, ::-1], lines.T[::-1]):
        total = np.zeros((64, 90), np.float32)
        bands.down(side, seen, 0, total)
        np.testing.assert_allclose(total, operator(side[0]) @ seen.astype(np.float32), rtol=1e-4)
