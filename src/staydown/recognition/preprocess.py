"""What the network is shown of a picture, in the order of Yahoo's own script (open_nsfw, classify_nsfw.py).

Upright, in RGB, squeezed to 256 x 256 (bilinear), through JPEG at Pillow's usual quality, its middle 224 x 224, the
colours in the order blue, green, red, less the means of the training pictures. JPEG after the cut, as other packages do
it, moves the score by up to 0.005.
"""

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

VERSION = "yahoo-v1"
WHOLE, MIDDLE = 256, 224
MARGIN = (WHOLE - MIDDLE) // 2
MEANS = np.array([104, 117, 123], np.float32)  # blue, green, red

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]


def squeezed(picture: Image.Image) -> Image.Image:
    """An upright RGB picture of any size as 256 x 256."""
    return picture.resize((WHOLE, WHOLE), Image.Resampling.BILINEAR)


def prepared(small: Image.Image) -> Floats:
    """256 x 256 RGB -> 224 x 224 x 3 float32."""
    kept = io.BytesIO()
    small.save(kept, "JPEG")
    with Image.open(kept) as again:
        seen: Pixels = np.asarray(again.convert("RGB"))
    return of_pixels(seen[MARGIN : MARGIN + MIDDLE, MARGIN : MARGIN + MIDDLE])


def of_pixels(rgb: Pixels) -> Floats:
    """224 x 224 x 3 uint8, RGB -> float32, BGR, less the means."""
    return np.ascontiguousarray(rgb[:, :, ::-1].astype(np.float32) - MEANS)
