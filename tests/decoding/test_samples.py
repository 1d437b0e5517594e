"""A picture's samples are read where Pillow keeps them, and are those that a copy would give."""

import gc
import io

import numpy as np
import pytest
from PIL import Image

from staydown.decoding import luminance
from staydown.decoding.kernel import library
from staydown.decoding.samples import samples

pytestmark = pytest.mark.skipif(library() is None, reason="no compiler was there when Staydown was installed")
CHANCE = np.random.default_rng(5)
SIZES = [(1, 1), (3, 2), (64, 48), (641, 7), (642, 30), (643, 31), (1000, 999)]


def decoded(size: tuple[int, int], mode: str) -> Image.Image:
    """Not made from an array, whose memory would be laid out by numpy."""
    made = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(made, "PNG")
    picture = Image.open(made)
    picture.load()
    return picture


@pytest.mark.parametrize("size", SIZES)
def test_grey_and_colours_are_those_that_a_copy_gives(size: tuple[int, int]) -> None:
    for picture in (decoded(size, "L"), decoded(size, "RGB"), decoded(size, "RGB").crop((0, 0, size[0], 1))):
        seen = samples(picture)
        assert seen is not None
        assert np.array_equal(seen[..., :3] if seen.ndim == 3 else seen, np.asarray(picture))


def test_samples_stay_when_their_picture_is_gone_and_cannot_be_changed() -> None:
    seen = samples(decoded((900, 700), "L"))
    assert seen is not None
    before = seen.copy()
    gc.collect()
    others = [Image.new("L", (900, 700), 7) for _ in range(20)]
    assert np.array_equal(seen, before) and len(others) == 20
    with pytest.raises(ValueError, match="read-only"):
        seen[0, 0] = 1


def test_what_lies_in_pieces_and_other_modes_are_left_to_pillow() -> None:
    assert samples(Image.new("RGB", (4000, 3000))) is None
    assert all(samples(Image.new(mode, (9, 9))) is None for mode in ("P", "CMYK", "RGBA", "LA", "F", "I;16", "1"))


def test_the_brightness_of_any_colour_is_pillows_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.fromarray(CHANCE.integers(0, 256, (777, 641, 3), dtype=np.uint8))
    found = luminance.of_band(picture)
    monkeypatch.setattr(luminance, "library", lambda: None)
    assert np.array_equal(found, luminance.of_band(picture))
    assert found.dtype == np.float32
