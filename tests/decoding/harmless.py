"""Small files that do no harm, to be spoilt."""

import io

import numpy as np
import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()
Image.register_save("HEIC", Image.SAVE["HEIF"])
Image.register_save_all("HEIC", Image.SAVE_ALL["HEIF"])


def plain(kind: str, size: tuple[int, int] = (96, 64)) -> bytes:
    """A small harmless file of a kind: blocks of colour with some noise."""
    rng = np.random.default_rng(11)
    blocks = np.kron(rng.integers(0, 256, (8, 12, 3)), np.ones((8, 8, 1)))
    noisy = np.clip(blocks + rng.integers(-9, 10, blocks.shape), 0, 255).astype(np.uint8)
    return saved(Image.fromarray(noisy).resize(size), kind)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()
