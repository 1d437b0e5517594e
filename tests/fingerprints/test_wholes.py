"""How near the whole of a known picture is to any part of an upload."""

import pytest
from PIL import Image, ImageOps

from staydown import fingerprints
from staydown.fingerprints import NOTHING, wholes, windows
from tests.pictures import jpeg, photograph

KNOWN = windows.unpack(fingerprints.of_image(jpeg(photograph("coffee"))).windows)


@pytest.mark.parametrize("edit", [ImageOps.mirror, ImageOps.flip, lambda picture: picture.rotate(90, expand=True)])
def test_a_turned_copy_is_near_as_a_whole(edit) -> None:
    evidence = wholes.compared(NOTHING, fingerprints.of_image(jpeg(edit(photograph("coffee")))), KNOWN)
    assert evidence.whole <= 31
    assert not evidence.negative
    assert evidence.region is not None


def test_a_negative_is_near_and_said_to_be_one() -> None:
    evidence = wholes.compared(NOTHING, fingerprints.of_image(jpeg(ImageOps.invert(photograph("coffee")))), KNOWN)
    assert evidence.whole <= 31
    assert evidence.negative


def test_another_picture_is_far() -> None:
    evidence = wholes.compared(NOTHING, fingerprints.of_image(jpeg(photograph("china"))), KNOWN)
    assert evidence.whole > 64


def test_a_flat_upload_says_nothing() -> None:
    assert wholes.compared(NOTHING, fingerprints.of_image(jpeg(Image.new("RGB", (300, 300)))), KNOWN) == NOTHING
