"""A picture's bytes -> its fingerprints."""

from staydown import decoding
from staydown.fingerprints import pdq
from staydown.fingerprints.digests import exact
from staydown.fingerprints.types import ImageFingerprints


def of_image(data: bytes) -> ImageFingerprints:
    """All fingerprints of one picture; its bytes are decoded in a sandboxed process.

    Raises `Undecodable`, `Unsupported`, `TooLarge` or `Unavailable` (see `staydown.decoding`).
    """
    seen = decoding.decode(data)
    found = pdq.of_reduced(seen.luma)
    return ImageFingerprints(
        sha256=exact(data),
        pdq=found.upright,
        quality=found.quality,
        width=seen.width,
        height=seen.height,
        truncated=seen.truncated,
        turned=found.turned,
    )
