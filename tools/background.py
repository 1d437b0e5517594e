"""Make src/staydown/fingerprints/data/background.npy: descriptors of benign pictures, which none of the bench's results use.

Run it as `.venv/bin/python -m tools.background`; the pictures come from Debian's packages (see `bench.gallery`) and from
`tools.textures`.
"""

import io

import numpy as np
from bench import gallery
from PIL import Image
from tools import textures

from staydown import fingerprints
from staydown.fingerprints import background, descriptor


def main() -> None:
    """Write the file."""
    pictures = [picture.data for picture in gallery.pictures() if not picture.is_measured]
    pictures += map(_saved, textures.all_of_them())
    described = [fingerprints.of_image(data, descriptors=True).descriptor for data in pictures]
    rows = descriptor.levels(each for each in described if each)
    background.OWN.parent.mkdir(exist_ok=True)
    np.save(background.OWN, rows, allow_pickle=False)
    print(f"{len(rows)} pictures")


def _saved(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


if __name__ == "__main__":
    main()
