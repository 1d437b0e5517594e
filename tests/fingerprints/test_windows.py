"""The twenty windows of a bank entry, and the spectrum they are computed with."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from staydown import fingerprints
from staydown.decoding.kernel import library
from staydown.decoding.shapes import corners_of
from staydown.decoding.types import Kind, Region
from staydown.fingerprints import pdq, spectrum, windows
from staydown.fingerprints.turns import TURNS
from tests.pictures import jpeg, photograph, resized

CANVAS = np.random.default_rng(3).random((128, 128), dtype=np.float32).cumsum(axis=0).cumsum(axis=1) % 255


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


@pytest.fixture(scope="module")
def found() -> fingerprints.ImageFingerprints:
    return fingerprints.of_image(jpeg(photograph("coffee")))


def test_an_entry_is_660_bytes_and_comes_back_as_it_was(found: fingerprints.ImageFingerprints) -> None:
    assert len(found.windows) == windows.LENGTH == 660
    assert windows.pack(windows.unpack(found.windows)) == found.windows


@pytest.mark.parametrize("stored", [b"", bytes(659), bytes(661), bytes(659) + b"\x65"])
def test_anything_else_is_malformed_and_says_what_to_pass(stored: bytes) -> None:
    with pytest.raises(fingerprints.MalformedWindows, match="660 bytes"):
        windows.unpack(stored)


def test_the_first_window_is_the_whole_picture_nearly_as_the_reference_hashes_it(
    found: fingerprints.ImageFingerprints,
) -> None:
    assert distance(found.windows[:32], found.pdq) <= 16
    assert found.regions[0] == found.windows[:32]


def test_windows_of_a_smaller_copy_are_nearly_the_same(found: fingerprints.ImageFingerprints) -> None:
    mine = windows.unpack(found.windows)
    copy = windows.unpack(fingerprints.of_image(jpeg(resized(photograph("coffee")), 60)).windows)
    apart = np.bitwise_count(mine.hashes ^ copy.hashes).sum(axis=1)
    assert (apart[mine.telling] <= 24).all()


def test_a_flat_entry_has_no_telling_window() -> None:
    flat = windows.Entry(np.zeros((20, 32), np.uint8), np.full(20, 20, np.uint8))
    assert not flat.telling.any()


def test_of_a_drawing_no_window_tells() -> None:
    """Many pictures share an outline: an ellipse on plain ground is found by its whole fingerprint alone."""
    page = Image.new("RGB", (600, 400))
    ImageDraw.Draw(page).ellipse((50, 30, 550, 370), fill="#20e0a0")
    assert not windows.unpack(fingerprints.of_image(jpeg(page)).windows).telling.any()


def _hash_of(canvas: np.ndarray) -> spectrum.Bits:
    return spectrum.packed(spectrum.coefficients(canvas.astype(np.float32), windows.PLACES[:1]))


def test_edges_spots_and_gradients_are_plain_and_photographs_are_not() -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 128), np.linspace(0, 1, 128))
    spot = 200 * np.exp(-((x - 0.6) ** 2 + (y - 0.3) ** 2) * 20)
    noise = np.random.default_rng(4).random((128, 128)) * 255
    assert spectrum.plainness(_hash_of(spot))[0] > 0.4
    assert spectrum.plainness(_hash_of(200.0 * (x > 0.37) * (y > 0.2)))[0] > 0.4
    assert abs(spectrum.plainness(_hash_of(noise))[0]) < 0.1
    for name in ("coffee", "cat", "china"):
        entry = windows.unpack(fingerprints.of_image(jpeg(photograph(name))).windows)
        assert np.median(entry.handicap[entry.telling]) <= 16


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_a_fingerprint_and_its_opposite_are_equally_plain(form: bytes) -> None:
    row = np.frombuffer(form, np.uint8)[None]
    assert spectrum.plainness(row) == spectrum.plainness(255 - row)
    assert -1 <= spectrum.plainness(row)[0] <= 1


def test_a_smaller_window_needs_proportionally_less_to_tell() -> None:
    middling = windows.Entry(np.zeros((20, 32), np.uint8), np.full(20, 30, np.uint8))
    assert not middling.telling[:6].any()
    assert middling.telling[11:].all()


def test_a_grid_of_windows_is_the_windows_one_by_one() -> None:
    sides = spectrum.sides(np.array([0, 0.2], np.float32), np.array([1, 0.8], np.float32))
    grid = spectrum.of_grid(CANVAS, sides, sides)
    boxes = np.array([[0.2, 0.0, 0.8, 1.0]], dtype=np.float32)
    np.testing.assert_allclose(grid[0, 1], spectrum.coefficients(CANVAS, boxes)[0], rtol=1e-2, atol=0.05)


@settings(max_examples=30, deadline=None)
@given(
    corner=st.tuples(st.floats(-0.1, 0.5), st.floats(-0.1, 0.5)),
    size=st.tuples(st.floats(0.2, 0.6), st.floats(0.2, 0.6)),
)
@example(corner=(0.0, 0.0), size=(1.0, 1.0))
def test_a_stepped_canvas_has_the_coefficients_of_the_canvas(
    corner: tuple[float, float], size: tuple[float, float]
) -> None:
    """Also of boxes that reach beyond it: the same numbers summed in another order."""
    boxes = np.array([[*corner, corner[0] + size[0], corner[1] + size[1]]], dtype=np.float32)
    expected = spectrum.coefficients(CANVAS, boxes)
    steps = spectrum.stepped(CANVAS)
    crossed = spectrum.of_crossed(steps, boxes[:, [0, 2]], boxes[:, [1, 3]], np.array([[0, 0]]))
    np.testing.assert_allclose(crossed, expected, atol=0.02 * np.abs(expected).mean())


def test_the_windows_are_crossings_of_ten_intervals() -> None:
    assert len(windows.INTERVALS) == 10
    columns, rows = windows.INTERVALS[windows.CROSSED[:, 0]], windows.INTERVALS[windows.CROSSED[:, 1]]
    assert np.array_equal(np.stack([columns[:, 0], rows[:, 0], columns[:, 1], rows[:, 1]], axis=1), windows.PLACES)


def test_each_window_has_the_quality_that_it_has_alone() -> None:
    canvas = np.asarray(photograph("coffee").convert("L").resize((128, 128))).astype(np.float32) / 3
    canvas[60:] /= 3
    found = windows.of_region(Region(Kind.WHOLE, corners_of(windows.WINDOWS[0]), 1.5, canvas)).qualities
    expected = [
        pdq.quality(_means(top, bottom) @ canvas @ _means(left, right).T)
        for left, top, right, bottom in windows.WINDOWS
    ]
    assert found.max() > found.min() + 30
    assert np.abs(found.astype(int) - expected).max() <= 1


def _means(start: float, end: float) -> np.ndarray:
    """64 x 128: how much of each of 64 equal parts between two places lies over each cell."""
    edges = np.linspace(start, end, 65) * 128
    covered = np.clip(edges[:, None] - np.arange(128), 0, 1)
    return (np.diff(covered, axis=0) / (2 * (end - start))).astype(np.float32)


def test_the_whole_canvas_has_the_cosine_transform_that_pdq_has() -> None:
    smooth = np.add.outer(np.sin(np.arange(128) / 9), np.cos(np.arange(128) / 13)).astype(np.float32) * 50 + 120
    smooth += 30 * np.sin(np.outer(np.arange(128), np.arange(128)) / 900).astype(np.float32)
    mine = spectrum.packed(spectrum.coefficients(smooth, windows.PLACES[:1]))[0].tobytes()
    cells = smooth.reshape(64, 2, 64, 2).mean(axis=(1, 3))
    assert distance(mine, pdq.of_reduced(cells).upright) <= 10


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=5))
def test_fingerprints_are_the_same_after_unpacking_and_packing(hashes: list[bytes]) -> None:
    rows = np.array([np.frombuffer(each, np.uint8) for each in hashes])
    assert np.array_equal(np.packbits(spectrum.unpacked(rows)[..., ::-1], axis=-1), rows)


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.words)
def test_turning_a_canvas_a_box_and_coefficients_is_the_same_turn(turn: object) -> None:
    assert isinstance(turn, type(TURNS[0]))
    box = np.array([[0.1, 0.3, 0.8, 0.9]], dtype=np.float32)
    here = turn.of_coefficients(spectrum.coefficients(CANVAS, box)[0])
    there = spectrum.coefficients(turn.of_canvas(CANVAS), turn.of_boxes(box))[0]
    np.testing.assert_allclose(here, there, rtol=1e-2, atol=0.05)


def test_the_compiled_library_finds_the_qualities_that_numpy_finds() -> None:
    if library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    rng = np.random.default_rng(3)
    for contrast in (0, 2, 8, 30, 255):
        canvas = (rng.random((128, 128), np.float32) * contrast).round()
        found = windows._qualities(canvas)
        assert found.tolist() == windows._with_numpy(canvas).tolist()
        assert contrast or not found.any()
    assert 0 < windows._qualities(canvas / 16).min() < 100
