"""A region seen tilted."""

import numpy as np
from PIL import Image

from staydown import decoding
from staydown.fingerprints import views
from staydown.fingerprints.views import View
from tests.pictures import jpeg, photograph


def view(picture: Image.Image, tilt: int) -> View:
    region = decoding.decode(jpeg(picture)).regions[0]
    return View(0, tilt, region.aspect, region.canvas)


def test_a_tilted_upload_seen_tilted_is_upright_in_its_middle() -> None:
    picture = photograph("coffee")
    clockwise = picture.rotate(-8, Image.Resampling.BICUBIC)
    straight, seen = view(picture, 0).canvas, view(clockwise, 8).canvas
    middle = slice(32, 96)
    assert np.corrcoef(straight[middle, middle].ravel(), seen[middle, middle].ravel())[0, 1] > 0.95


def test_a_view_of_no_degrees_is_the_region_as_it_is() -> None:
    straight = view(photograph("coffee"), 0)
    assert straight.canvas is straight.straight


def test_a_constant_region_stays_constant_however_it_is_tilted() -> None:
    flat = np.full((128, 128), 77, np.float32)
    np.testing.assert_allclose(views.tilted(flat, 13, 1.5), flat, rtol=1e-5)


def test_a_tilted_view_shows_its_middle_and_not_its_corners() -> None:
    boxes = np.array([[0.3, 0.3, 0.7, 0.7], [0, 0, 0.5, 0.5], [0, 0, 1, 1]], dtype=np.float32)
    canvas = np.zeros((128, 128), np.float32)
    assert View(0, 16, 1.5, canvas).shows(boxes).tolist() == [True, False, False]
    assert View(0, 0, 1.5, canvas).shows(boxes).all()
