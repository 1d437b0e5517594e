"""What is benign, in a small set that a test may have; `make bench-recognition` does it with hundreds of photographs."""

import skimage.data
from PIL import Image
from tools.textures import all_of_them

from staydown.recognition import model, preprocess

NAMES = (
    "astronaut",
    "coffee",
    "chelsea",
    "rocket",
    "camera",
    "coins",
    "brick",
    "grass",
    "gravel",
    "page",
    "moon",
    "text",
)


def score(picture: Image.Image) -> float:
    return model.opened().of_input(preprocess.prepared(preprocess.squeezed(picture.convert("RGB"))))[0]


def test_few_benign_pictures_are_over_the_thresholds() -> None:
    scores = [score(Image.fromarray(getattr(skimage.data, name)())) for name in NAMES]
    scores += [score(picture) for picture in list(all_of_them())[::2]]

    assert len(scores) >= 60
    assert sum(each >= 0.2 for each in scores) <= 0.05 * len(scores)
    assert sum(each >= 0.5 for each in scores) <= 0.015 * len(scores)
    assert max(scores) < 0.8
