"""What a widespread peer hashes in place of the luminance, so that its wrong hashes can be met by wrong hashes.

PyPI `threatexchange` 1.2.17 (and Hasher-Matcher-Actioner with it) hands Pillow's array to `pdqhash` as it is: of a
palette picture the palette's indices, of printing colours the amounts of ink (a negative), of a transparent picture
its colours as if it were opaque; and EXIF's orientation is never applied. Banks filled by it hold such hashes.
"""

import numpy as np
from PIL import Image

from staydown.decoding.jarosz import Side, operator
from staydown.decoding.luminance import BAND
from staydown.decoding.types import REDUCED, Floats

WEIGHTS = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def misread(picture: Image.Image, whole: tuple[int, int]) -> Floats | None:
    """The reduced plane (64 x 64 float32, as stored) that the peer hashes; None where it hashes the luminance.

    `whole` is the (width, height) in the file's header, larger than the picture's own size when the decoder scaled.
    """
    if picture.mode not in ("P", "CMYK", "RGBA", "LA") or _is_opaque(picture):
        return None
    width, height = picture.size
    fold = -(-whole[0] // width)
    down, across = operator(Side(whole[1], fold)), operator(Side(whole[0], fold))
    total = np.zeros((REDUCED, width), dtype=np.float32)
    step = max(1, BAND // width)
    for top in range(0, height, step):
        bottom = min(top + step, height)
        total += down[:, top:bottom] @ _plane(picture.crop((0, top, width, bottom)))
    plane: Floats = total @ across.T
    return plane


def _is_opaque(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA") and picture.getchannel("A").getextrema() == (255, 255)


def _plane(band: Image.Image) -> Floats:
    values = np.asarray(band).astype(np.float32)
    if band.mode == "P":
        return values
    plane: Floats = values[..., 0] if band.mode == "LA" else values[..., :3] @ WEIGHTS
    return plane
