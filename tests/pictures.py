"""Benign photographs, and what people do to pictures before they post them again."""

import io
from functools import cache

import numpy as np
import skimage.data
from PIL import Image
from sklearn.datasets import load_sample_image


@cache
def photograph(name: str) -> Image.Image:
    """A photograph that scikit-image or scikit-learn carries: coffee, cat, rocket, china, flower."""
    if name in ("china", "flower"):
        return Image.fromarray(load_sample_image(f"{name}.jpg"))
    return Image.fromarray(np.asarray(getattr(skimage.data, name)())).convert("RGB")


def jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def resized(picture: Image.Image, factor: float = 0.6) -> Image.Image:
    width, height = picture.size
    return picture.resize((int(width * factor), int(height * factor)))


def texture(seed: int) -> Image.Image:
    """Soft noise, unlike that of any other seed."""
    cells = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((320, 320), Image.Resampling.BICUBIC)
