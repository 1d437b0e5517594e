"""Make src/staydown/fingerprints/data/background.npy: descriptors of benign pictures, which none of the bench's results use.

Run it as `.venv/bin/python -m tools.background`; the pictures come from Debian's packages (see `bench.gallery`).
"""

import numpy as np
from bench import gallery

from staydown import fingerprints
from staydown.fingerprints import background, descriptor


def main() -> None:
    """Write the file."""
    pictures = [picture for picture in gallery.pictures() if not picture.is_measured]
    described = [fingerprints.of_image(picture.data, descriptors=True).descriptor for picture in pictures]
    rows = descriptor.levels(each for each in described if each)
    background.OWN.parent.mkdir(exist_ok=True)
    np.save(background.OWN, rows, allow_pickle=False)
    print(f"{len(rows)} pictures")


if __name__ == "__main__":
    main()
