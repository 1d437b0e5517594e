"""A film over its own blurred copy is found, and no other film is taken for one."""

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from staydown.decoding.frames import Frame
from staydown.fingerprints import framing, of_film, padding, passages
from tests.films import edited, film, over_its_blur, scene

NAMES = ("coffee", "cat", "rocket", "china", "flower")


def grey(name: str, change: Callable[[Image.Image], Image.Image] = lambda picture: picture) -> list[np.ndarray]:
    some = itertools.islice(scene(name, 6), 0, None, 6)
    return [np.asarray(change(picture).convert("L")) for picture in some]


@pytest.mark.parametrize("name", NAMES)
def test_the_film_is_found_to_the_sample(name: str) -> None:
    found = padding.content(grey(name, over_its_blur))
    assert found is not None
    assert np.abs(np.array(found) - (0, 109, 180, 211)).max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_film_that_lies_between_its_blurred_sides_is_found(name: str) -> None:
    found = padding.content([each.T for each in grey(name, over_its_blur)])
    assert found is not None
    assert np.abs(np.array(found) - (109, 0, 211, 180)).max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_film_as_it_is_fills_nothing(name: str) -> None:
    assert padding.content(grey(name)) is None
    assert padding.content([each.T for each in grey(name)]) is None


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_film_over_another_ones_blur_is_not_over_its_own(name: str) -> None:
    grounds = [over_its_blur(picture) for picture in scene(name, 6)]
    films = list(scene("coffee", 6))
    for ground, shown in zip(grounds, films, strict=True):
        ground.paste(shown.resize((180, 102)), (0, 109))
    assert padding.content([np.asarray(ground.convert("L")) for ground in grounds[::6]]) is None


def test_pictures_without_anything_in_them_fill_nothing() -> None:
    assert padding.content([np.zeros((90, 60), np.uint8)] * 3) is None
    assert padding.content([np.zeros((2, 2), np.uint8)] * 3) is None


def test_a_stretch_of_frames_has_it_as_its_content() -> None:
    frames = [
        Frame(at / 2, each, *each.shape, 1, studio=False) for at, each in enumerate(grey("coffee", over_its_blur))
    ]
    found = framing.content(frames, None)
    assert found is not None
    assert found[1] in (108, 109, 110)


def test_a_film_over_its_own_blur_is_a_copy_and_found_in_its_frame() -> None:
    known = of_film(film(scene("coffee", 8)))
    (found, *_) = passages(of_film(film(edited(scene("coffee", 8), over_its_blur))), known)
    assert found.framed
    assert found.agreeing >= 6
