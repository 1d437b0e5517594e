"""Post a few benign pictures on Plaza through its own forms, as people do. Usage: seed_plaza.py http://127.0.0.1:8702"""

import io
import sys

import httpx
import numpy as np
from PIL import Image
from skimage import data
from sklearn.datasets import load_sample_image

POSTS = (
    ("ines", "The cat of the house", lambda: data.chelsea()),
    ("jonas", "Second coffee", lambda: data.coffee()),
    ("ines", "We watched it go up", lambda: data.rocket()),
    ("amal", "Summer Palace, at last", lambda: load_sample_image("china.jpg")),
    ("jonas", "From the garden", lambda: load_sample_image("flower.jpg")),
)


def jpeg(pixels: np.ndarray) -> bytes:
    """The picture as a file, as a telephone would send it."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=90)
    return out.getvalue()


def post(plaza: str, name: str, caption: str, picture: bytes) -> None:
    """Sign in as `name` and post. Raises `httpx.HTTPError` when Plaza does not take it."""
    with httpx.Client(base_url=plaza, follow_redirects=True, timeout=30) as browser:
        browser.post("/sign-in", data={"name": name}).raise_for_status()
        files = {"picture": ("picture.jpg", picture, "image/jpeg")}
        browser.post("/posts", data={"caption": caption}, files=files).raise_for_status()


def main(plaza: str) -> int:
    try:
        for name, caption, pixels in POSTS:
            post(plaza, name, caption, jpeg(pixels()))
    except httpx.HTTPError as error:
        print(f"staydown: Plaza did not take a picture: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
