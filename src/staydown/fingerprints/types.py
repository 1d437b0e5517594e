"""What we keep of a picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageFingerprints:
    """The fingerprints of one picture as people see it.

    `sha256` is the digest of the file, 32 bytes; `pdq` 32 bytes in the order of the standard's hexadecimal
    form; `quality` 0 to 100, below 50 too flat to be compared; `width` and `height` pixels; `truncated`
    when part of the file is missing, so that the fingerprint is of what is there; `turned` the fingerprints
    of the picture in all eight orientations, the first being `pdq` (see `pdq.turned`).
    """

    sha256: bytes
    pdq: bytes
    quality: int
    width: int
    height: int
    truncated: bool
    turned: tuple[bytes, ...]
