"""Milliseconds of one core for one picture, in the sandbox: median of a few, on a machine that has other jobs."""

import io
import statistics
import time
from collections.abc import Callable

from PIL import Image

from staydown import fingerprints
from staydown.fingerprints.sight import Sight

SIZES = {"12 MP": (4000, 3000), "1080p": (1920, 1080), "640": (640, 480)}
KINDS = {"JPEG": {"quality": 88}, "PNG": {}, "WEBP": {"quality": 80}}


def timed(work: Callable[[], object], times: int = 7) -> float:
    """The median of several runs, in milliseconds; the first, which warms up, is not counted."""
    taken = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken[1:])


def decoding(picture: bytes) -> list[tuple[str, str, float]]:
    """Size, kind and milliseconds of `of_image` for each, whole path with regions and windows."""
    found = []
    for size, sides in SIZES.items():
        resized = Image.open(io.BytesIO(picture)).convert("RGB").resize(sides)
        for kind, options in KINDS.items():
            made = io.BytesIO()
            resized.save(made, kind, **options)
            data = made.getvalue()
            found.append((size, kind, timed(lambda data=data: fingerprints.of_image(data))))
    return found


def deciding(query: fingerprints.ImageFingerprints, windows: list[bytes]) -> dict[str, float]:
    """Milliseconds of the windows of an upload, a search among so many entries, and one verification."""
    shelf = fingerprints.shelved(windows)
    return {
        "windows of an upload": timed(lambda: Sight(query.sight.regions).looks),
        f"search among {len(windows)} entries": timed(lambda: fingerprints.search(shelf, query)),
        "verify one candidate": statistics.median(
            timed(lambda each=each: fingerprints.verify(query, each), 3) for each in windows[:20]
        ),
    }
