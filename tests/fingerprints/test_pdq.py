"""PDQ bit by bit as the reference computes it, for the picture as people see it."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import skimage.data
import sklearn.datasets
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from staydown import fingerprints
from staydown.decoding import pdq as last_steps
from staydown.decoding.jarosz import Side, operator, reduce
from staydown.fingerprints import pdq

GOLDEN = json.loads((Path(__file__).parent / "golden_pdq.json").read_text())["pictures"]
FOLDERS = (Path(skimage.data.__file__).parent, Path(sklearn.datasets.__file__).parent / "images")

# In the reference's order; Pillow turns anticlockwise as the reference does.
ORIENTATIONS = (
    None, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270,
    Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.TRANSPOSE,
    Image.Transpose.TRANSVERSE,
)  # fmt: skip


def distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def bundled(name: str) -> bytes:
    return next(folder / name for folder in FOLDERS if (folder / name).exists()).read_bytes()


def luminance(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB").convert("F"))


def opened(name: str) -> Image.Image:
    return Image.open(io.BytesIO(bundled(name)))


@pytest.mark.parametrize("name", GOLDEN)
def test_a_whole_decode_gives_exactly_the_references_bits_in_all_eight_orientations(name: str) -> None:
    found = pdq.of_luminance(luminance(opened(name)))
    assert [form.hex() for form in found.turned] == GOLDEN[name]["turned"]
    assert found.quality == GOLDEN[name]["quality"]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_file_gives_the_references_bits_within_four(name: str) -> None:
    found = fingerprints.of_image(bundled(name))
    near = 4 if name.endswith(".jpg") else 0
    assert distance(found.pdq, bytes.fromhex(GOLDEN[name]["turned"][0])) <= near
    assert abs(found.quality - GOLDEN[name]["quality"]) <= 2
    assert [found.width, found.height] == GOLDEN[name]["size"]


def test_if_the_reference_is_installed_it_agrees_today() -> None:
    pdqhash = pytest.importorskip("pdqhash")
    for name in GOLDEN:
        bits, quality = pdqhash.compute(np.array(opened(name).convert("RGB")))
        found = pdq.of_luminance(luminance(opened(name)))
        assert (np.packbits(bits.astype(np.uint8)).tobytes(), quality) == (found.upright, found.quality)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_eight_forms_of_a_file_are_the_references_bits_of_the_turned_picture(name: str) -> None:
    """What a bank holds of a mirrored copy is the hash of that copy, not one derived from another's."""
    found = fingerprints.of_image(bundled(name))
    for form, how in zip(found.turned, ORIENTATIONS, strict=True):
        seen = opened(name) if how is None else opened(name).transpose(how)
        assert distance(form, pdq.of_luminance(luminance(seen)).upright) <= (4 if name.endswith(".jpg") else 0)


@pytest.mark.parametrize("size", [(2048, 1366), (1921, 1081), (4000, 2667), (1025, 3001)])
@pytest.mark.parametrize("name", ["china.jpg", "coffee.png", "chelsea.png", "rocket.jpg"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_decoded_small_gives_nearly_the_bits_of_one_decoded_whole(
    name: str, size: tuple[int, int], progressive: bool
) -> None:
    made = io.BytesIO()
    opened(name).convert("RGB").resize(size).save(made, "JPEG", quality=88, progressive=progressive)
    whole = pdq.of_luminance(luminance(Image.open(made)))
    small = fingerprints.of_image(made.getvalue())
    assert distance(small.pdq, whole.upright) <= 4
    assert abs(small.quality - whole.quality) <= 2


@pytest.mark.parametrize("name", ["china.jpg", "flower.jpg", "astronaut.png", "coffee.png", "chelsea.png"])
def test_the_eight_orientations_of_a_photograph_are_near_those_of_the_turned_photograph(name: str) -> None:
    """Not equal: the reference's samples are off the middle of their cell. On fine textures over 100."""
    picture = opened(name).convert("RGB")
    found = pdq.of_luminance(luminance(picture))
    for form, how in zip(found.turned, ORIENTATIONS, strict=True):
        seen = picture if how is None else picture.transpose(how)
        assert distance(form, pdq.of_luminance(luminance(seen)).upright) <= 16


def test_turning_twice_by_ninety_degrees_is_turning_by_one_hundred_and_eighty() -> None:
    luma = np.random.default_rng(1).random((64, 64), dtype=np.float32)
    forms = pdq.turned(pdq.coefficients(luma))
    assert np.array_equal(pdq.turned(forms[1])[1], forms[2])
    assert np.array_equal(pdq.turned(forms[3])[1], forms[0])
    for place in range(4, 8):
        assert np.array_equal(pdq.turned(forms[place])[place], forms[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3000))
def test_each_row_of_the_operator_is_a_mean(length: int) -> None:
    weights = operator(Side(length))
    assert weights.shape == (64, length)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)


def _box(line: np.ndarray, window: int) -> np.ndarray:
    """The reference's sliding window, written as it slides (downscaling.cpp, box1DFloat)."""
    half = (window + 2) // 2
    left, right = window - half, half - 1
    return np.array([line[max(0, at - left) : at + right + 1].mean() for at in range(len(line))])


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 900))
def test_the_operator_does_what_two_sliding_windows_do(length: int) -> None:
    line = np.random.default_rng(length).random(length)
    window = (length + 127) // 128
    smooth = _box(_box(line, window), window)
    kept = [int((at + 0.5) * length / 64) for at in range(64)]
    np.testing.assert_allclose(operator(Side(length)) @ line, smooth[kept], rtol=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(64, 2000), st.sampled_from([2, 4, 8]), st.booleans())
def test_a_scaled_side_weighs_each_pixel_as_the_whole_side_does(length: int, fold: int, backwards: bool) -> None:
    side = Side(length, fold, backwards)
    line = np.random.default_rng(length).random(side.samples)
    spread = np.repeat(line, fold)[:length]
    expected = operator(Side(length)) @ (spread[::-1] if backwards else spread)
    np.testing.assert_allclose(operator(side) @ line, expected, rtol=1e-4)


def test_quality_is_the_same_in_c_and_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    flat, rough = np.full((64, 64), 7), np.random.default_rng(3).integers(0, 256, (64, 64))
    lumas = np.stack([flat + (rough - flat) * share for share in np.linspace(0, 0.1, 40)]).astype(np.float32)
    found = pdq.qualities(lumas)
    monkeypatch.setattr(last_steps, "library", lambda: None)
    assert np.array_equal(found, pdq.qualities(lumas))
    assert len(set(found)) > 10
    assert (found[0], found[-1]) == (0, 100)


def test_bits_are_the_same_in_c_and_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    some = [chance.random((4, 64, 64), np.float32) * 255 for _ in range(20)]
    some += [np.full((4, 64, 64), 9, np.float32), np.rint(chance.random((4, 64, 64)) * 2).astype(np.float32)]
    found = [pdq.of_flips(flips) for flips in some]
    monkeypatch.setattr(last_steps, "library", lambda: None)
    assert found == [pdq.of_flips(flips) for flips in some]
    transformed = [pdq.coefficients(flips) for flips in some]
    assert [each.upright for each in found] == [pdq.bits(four[0]) for four in transformed]
    assert [each.turned[7] for each in found] == [pdq.bits(four[3].T) for four in transformed]


def test_noughts_of_either_sign_and_equal_numbers_give_the_same_bits_in_c_and_with_numpy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance, flips = np.random.default_rng(6), np.zeros((4, 64, 64), np.float32)
    for numbers in ((-0.0, 0.0), (-1.5, -0.0, 0.0), (-0.0, 0.0, 1e-40, -1e-40), (-3.0, -3.0, -2.0), (7.0,)):
        some = chance.choice(np.array(numbers, np.float32), (4, 16, 16))
        monkeypatch.setattr(last_steps, "coefficients", lambda _, some=some: some)
        found = pdq.of_flips(flips)
        with monkeypatch.context() as without:
            without.setattr(last_steps, "library", lambda: None)
            assert found == pdq.of_flips(flips)


def test_a_flat_picture_has_no_quality_and_no_bits() -> None:
    found = pdq.of_luminance(np.full((200, 300), 77, np.uint8))
    assert found.quality == 0


@settings(max_examples=50, deadline=None)
@given(arrays(np.float32, (64, 64), elements=st.floats(0, 255, width=32)))
def test_at_most_half_of_the_bits_are_set_and_quality_keeps_its_range(luma: np.ndarray) -> None:
    found = pdq.of_reduced(luma)
    assert len(found.turned) == 8
    assert all(int.from_bytes(form).bit_count() <= 128 for form in found.turned)
    assert 0 <= found.quality <= 100


def test_resizing_and_recompressing_move_few_bits() -> None:
    picture = opened("coffee.png").convert("RGB")
    made = io.BytesIO()
    picture.resize((450, 300)).save(made, "JPEG", quality=40)
    assert distance(fingerprints.of_image(made.getvalue()).pdq, bytes.fromhex(GOLDEN["coffee.png"]["turned"][0])) < 20


def test_different_pictures_are_far_apart() -> None:
    forms = [bytes.fromhex(golden["turned"][0]) for golden in GOLDEN.values() if golden["quality"] >= 50]
    assert min(distance(one, other) for one in forms for other in forms if one is not other) > 80


def test_luminance_of_any_number_type_is_accepted() -> None:
    whole = luminance(opened("camera.png"))
    assert pdq.of_luminance(whole.astype(np.float64)) == pdq.of_luminance(whole)
    assert np.array_equal(reduce(whole.astype(np.uint8)), reduce(np.floor(whole)))


def test_distance_counts_the_bits_that_differ_and_refuses_what_is_no_fingerprint():
    assert pdq.distance(bytes(32), bytes([7]) + bytes(31)) == 3
    with pytest.raises(fingerprints.Malformed):
        pdq.distance(bytes(32), bytes(31))
