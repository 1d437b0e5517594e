"""What decoding is allowed to cost, and the little that comes out of it."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

REDUCED = 64  # rows and columns of the reduced luminance
CANVAS = 128  # rows and columns of the luminance of a region
COLOURED = 288  # rows and columns of the colours of a region: what copy-detection descriptors look at
REGIONS = 9  # the whole picture and at most eight parts of it; few pictures have more than six


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

    `rgb` is height x width x 3 bytes, upright, transparent parts on white. `truncated` as in `Decoded`; a reviewer is
    not told.
    """

    rgb: bytes
    width: int
    height: int
    truncated: bool = False


class Kind(Enum):
    """How a part of a picture was found; the value is what a person reads."""

    WHOLE = "the whole picture"
    TRIMMED = "the picture without its border"
    BAND = "the part between bands of plain colour, as in a screenshot or under a caption"
    QUAD = "a tilted part, as in a photographed screen or a turned picture"
    RECTANGLE = "a rectangle inside the picture, as in a collage or a picture in a picture"


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as parts of the whole width and height, 0 to 1."""

Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Upper left, upper right, lower right, lower left, each as parts of the whole width and height, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """An upright picture of about 512 samples on its longer side, in which parts are looked for and cut.

    `luma` is height x width float32, 0 to 255; `rgb`, where colour was asked for, height x width x 3 uint8,
    transparent parts on white.
    """

    luma: Floats
    rgb: Pixels | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A part of a picture that may be somebody's whole picture: any convex quadrilateral.

    `canvas` is 128 x 128 float32, 0 to 255, upright, whatever the sides of the part; `rgb`, where colour was
    asked for, is the same place as 288 x 288 x 3 uint8, transparent parts on white. Both live in memory
    only, as long as the upload that they come from. `aspect` is the part's width divided by its height, in
    pixels.
    """

    kind: Kind
    corners: Corners
    aspect: float
    canvas: Floats
    rgb: Pixels | None = None

    @property
    def box(self) -> Box:
        """The upright rectangle around the corners."""
        across, down = zip(*self.corners, strict=True)
        return min(across), min(down), max(across), max(down)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture reduced to what a fingerprint needs.

    `flips` is 4 x 64 x 64 float32, 0 to 255: the reduced luminance as people see the picture, upside down,
    mirrored, and both; each is reduced from the picture itself. `width` and `height` are pixels of the
    whole picture, upright. `truncated` says that the file ends early or is damaged, and grey stands for
    what is missing. `regions` are the whole picture first, then the parts proposed. `misread`, 64 x 64
    float32, is what a peer hashes in place of the luminance (see `misread`), where that differs.
    """

    flips: Floats
    width: int
    height: int
    format: str
    truncated: bool
    regions: tuple[Region, ...] = ()
    misread: Floats | None = None

    @property
    def luma(self) -> Floats:
        """The 64 x 64 luminance as people see it."""
        upright: Floats = self.flips[0]
        return upright


@dataclass(frozen=True, slots=True)
class Pdq:
    """One picture's PDQ: `quality` 0 to 100, and 32 bytes for each of its eight orientations, upright
    first.
    """

    turned: tuple[bytes, ...]
    quality: int

    @property
    def upright(self) -> bytes:
        return self.turned[0]


@dataclass(frozen=True, slots=True)
class Hashed:
    """What a first look finds: a picture's PDQ, and not one pixel. The other fields are as those of `Decoded`;
    `misread` is the PDQ of what a peer hashes, where that differs.
    """

    pdq: Pdq
    width: int
    height: int
    format: str
    truncated: bool
    misread: Pdq | None = None
