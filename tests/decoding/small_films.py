"""Small harmless films of every kind that is opened: a block of colour that moves over noise; to be spoilt."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.films import film, moving

FRAMES = 10
CODED = (
    ("mp4", "mp4", "libx264"),
    ("mov", "mov", "mjpeg"),
    ("mkv", "matroska", "libx264"),
    ("webm", "webm", "libvpx"),
    ("webm in vp9", "webm", "libvpx-vp9"),
    ("avi", "avi", "mpeg4"),
    ("transport stream", "mpegts", "libx264"),
)
DRAWN = ("GIF", "WEBP", "PNG", "AVIF")


def pictures() -> list[Image.Image]:
    """The same pictures every time: 64 x 48, a block that moves."""
    rng = np.random.default_rng(5)
    ground = rng.integers(90, 160, (48, 64, 3)).astype(np.uint8)
    drawn = []
    for place in range(FRAMES):
        frame = ground.copy()
        frame[10:30, 4 * place : 4 * place + 20] = (200, 20 * place, 60)
        drawn.append(Image.fromarray(frame))
    return drawn


def every() -> Iterator[tuple[str, bytes]]:
    """Each with the name of its kind."""
    drawn = pictures()
    for name, kind, codec in CODED:
        yield name, film(drawn, kind, codec, pixels="yuvj420p" if codec == "mjpeg" else "yuv420p")
    for kind in DRAWN:
        yield kind, moving(drawn, kind)
