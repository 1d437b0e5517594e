"""What decoding is allowed to cost, and the little that comes out of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

REDUCED = 64  # rows and columns of the reduced luminance


@dataclass(frozen=True, slots=True)
class Limits:
    """What one stranger's picture may cost. The process limits are kept by the kernel, not by the decoder."""

    bytes: int = 32 << 20
    pixels: int = 100_000_000
    side: int = 65_535  # pixels; a longer side would need an operator larger than the picture
    cpu_seconds: int = 10
    wall_seconds: float = 20.0  # longer than the CPU time: a busy machine is not an attack
    memory: int = 1 << 30  # bytes of address space, the interpreter's own included
    waiting_seconds: float = 60.0  # for a free worker, before the caller is told to come back
    pictures_per_worker: int = 1000  # then a fresh process: what one picture might have altered does not stay


SHOWN = 1024  # pixels of the longer side of a picture that a reviewer looks at


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a reviewer's eyes.

    `rgb` is height x width x 3 bytes, upright, transparent parts on white.
    """

    rgb: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture reduced to what a fingerprint needs; nobody can recognise a person in it.

    `luma` is 64 x 64 float32, 0 to 255, upright as people see it. `width` and `height` are pixels of the
    whole picture, upright. `truncated` says that the file ends early or is damaged, and grey stands for
    what is missing.
    """

    luma: Floats
    width: int
    height: int
    format: str
    truncated: bool
