"""Benign pictures against which a likeness is judged.

Two textures, or two starry skies, have similar descriptors without being copies. What resembles everything proves
nothing; so from the cosine of two descriptors half of how much each of them resembles the most similar of a background
of benign pictures is taken off ("score normalization": Pizzi et al., "A Self-Supervised Descriptor for Image Copy
Detection", CVPR 2022, section 4.3; here on both sides, docs/decisions/0014). The background is made by
`tools/background.py` from the bench's photographs that are for choosing thresholds; 512 signed bytes a picture.
"""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from staydown.decoding.types import Floats

OWN = Path(__file__).parent / "data" / "background.npy"
MOST_ALIKE = 3  # pictures of the background, the mean of whose cosines is taken off


def bias(levels: npt.NDArray[np.int8]) -> Floats:
    """How much each of n descriptors (n x 512, as `descriptor.levels` reads them) resembles the background: n float32."""
    cosines = _unit(levels) @ _pictures().T
    nearest: Floats = np.partition(cosines, -MOST_ALIKE, axis=1)[:, -MOST_ALIKE:].mean(axis=1).astype(np.float32)
    return nearest


@cache
def _pictures() -> Floats:
    return _unit(np.load(OWN, allow_pickle=False))


def _unit(levels: npt.NDArray[np.int8]) -> Floats:
    rows = levels.astype(np.float32)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
