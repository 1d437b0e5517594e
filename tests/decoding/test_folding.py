"""A frame is made smaller as Pillow does it, with the compiled library and without."""

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from staydown.decoding import frames
from staydown.decoding.kernel import library

SIZES = [
    (720, 1280),
    (721, 1281),
    (1080, 1920),
    (1081, 1919),
    (800, 1000),
    (805, 1003),
    (512, 512),
    (513, 513),
    (4000, 300),
    (16_384, 257),
]


@pytest.fixture(params=["compiled", "Pillow"])
def _by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "Pillow":
        monkeypatch.setattr(frames, "library", lambda: None)
    elif library() is None:
        pytest.skip("no compiler was there when Staydown was installed")
    yield


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.usefixtures("_by")
def test_each_sample_is_the_mean_of_its_square(size: tuple[int, int]) -> None:
    wide = np.random.default_rng(1).integers(0, 256, (size[0], size[1] + 32), dtype=np.uint8)
    plane = wide[:, : size[1]]  # as decoders keep rows: with something behind each
    small, fold = frames.folded(plane)
    assert fold > 1
    assert np.array_equal(small, np.asarray(Image.fromarray(plane.copy()).reduce(fold)))


@pytest.mark.usefixtures("_by")
def test_a_small_frame_stays_as_it_is_in_memory_of_its_own() -> None:
    plane = np.arange(64, dtype=np.uint8).reshape(8, 8)
    small, fold = frames.folded(plane)
    assert fold == 1
    assert np.array_equal(small, plane)
    assert not np.shares_memory(small, plane)


@pytest.mark.usefixtures("_by")
def test_a_frame_whose_rows_are_turned_is_made_smaller_too() -> None:
    plane = np.random.default_rng(2).integers(0, 256, (1280, 720), dtype=np.uint8)
    small, fold = frames.folded(plane.T)
    assert np.array_equal(small, np.asarray(Image.fromarray(plane.T.copy()).reduce(fold)))
