"""The photographs that both services are sent: benign, large, saved as JPEG at the two sizes of the targets."""

import io
import itertools
from collections.abc import Iterator

from PIL import Image

from bench import photographs
from staydown import fingerprints

SIZES = {"12 MP": (4000, 3000), "1080p": (1920, 1080)}
LARGE = 6_000_000  # pixels of the originals: those of less hold less detail to decode

ENOUGH = 90  # PDQ quality of the originals


def saved(count: int) -> dict[str, list[bytes]]:
    """{size: JPEGs of quality 88} of so many photographs."""
    originals = list(itertools.islice(_originals(), count))
    return {size: [_jpeg(picture, sides) for picture in originals] for size, sides in SIZES.items()}


def _originals() -> Iterator[Image.Image]:
    photographs.fetch()
    for name, data in photographs.found():
        with Image.open(io.BytesIO(data)) as picture:
            wanted = picture.width * picture.height >= LARGE and not photographs.is_drawn(name)
            if wanted and fingerprints.of_whole(data).quality >= ENOUGH:  # below 50 the peer answers 400
                yield picture.convert("RGB")


def _jpeg(picture: Image.Image, sides: tuple[int, int]) -> bytes:
    made = io.BytesIO()
    picture.resize(sides, Image.Resampling.LANCZOS).save(made, "JPEG", quality=88)
    return made.getvalue()
