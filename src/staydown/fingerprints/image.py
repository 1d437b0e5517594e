"""A picture's bytes -> its fingerprints."""

from os import PathLike
from pathlib import Path

import numpy as np

from staydown import decoding
from staydown.decoding.types import Kind, Pdq, Region
from staydown.fingerprints import descriptor, pdq, sight, spectrum, windows
from staydown.fingerprints.digests import exact
from staydown.fingerprints.sight import Sight
from staydown.fingerprints.turns import TURNS
from staydown.fingerprints.types import ImageFingerprints


def of_image(
    source: bytes | str | PathLike[str], *, descriptors: bool = False, sha256: bytes | None = None
) -> ImageFingerprints:
    """All fingerprints of one picture, given as its bytes or its path; it is decoded in a sandboxed process.

    With `descriptors`, also those of the copy-detection network, where it is installed: about 5 ms a region. `sha256` is
    the digest of the bytes, where the caller has it already.
    Raises `Undecodable`, `Unsupported`, `TooLarge` or `Unavailable` (see `staydown.decoding`), or `OSError`.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    colour = descriptors and descriptor.trouble() is None
    return of_decoded(decoding.decode(data, colour), sha256 or exact(data))


def of_whole(data: bytes) -> ImageFingerprints:
    """The digest and the PDQ in eight forms of the whole picture alone, for the price of decoding it.

    For a first look at many pictures: no regions, windows or sight, so only whole copies are found by it.
    Raises as `of_image` does.
    """
    seen = decoding.hashed(data)
    return ImageFingerprints(
        sha256=exact(data),
        pdq=seen.pdq.upright,
        quality=seen.pdq.quality,
        width=seen.width,
        height=seen.height,
        truncated=seen.truncated,
        format=seen.format,
        turned=seen.pdq.turned,
        misread=_misread(seen.misread),
    )


def of_decoded(seen: decoding.Decoded, sha256: bytes) -> ImageFingerprints:
    """The fingerprints of a picture that was decoded already; with descriptors where it brings its colours."""
    found = pdq.of_flips(seen.flips)
    telling = sight.of_regions(seen.regions)
    described = descriptor.of_regions(telling.regions)
    return ImageFingerprints(
        sha256=sha256,
        pdq=found.upright,
        quality=found.quality,
        width=seen.width,
        height=seen.height,
        truncated=seen.truncated,
        format=seen.format,
        turned=found.turned,
        regions=_forms(telling),
        misread=_misread(None if seen.misread is None else pdq.of_reduced(seen.misread)),
        windows=windows.pack(windows.of_region(seen.regions[0])) if seen.regions else b"",
        descriptors=tuple(described.values()),
        descriptor=_to_bank(described) if found.quality >= windows.ENOUGH else b"",
        sight=telling,
    )


def _to_bank(described: dict[Region, bytes]) -> bytes:
    """The whole picture's descriptor, if it has one."""
    return next((stored for region, stored in described.items() if region.kind is Kind.WHOLE), b"")


def _misread(found: Pdq | None) -> tuple[bytes, ...]:
    """The peer gives no fingerprint below quality 50, and looks in one orientation only."""
    return (found.upright,) if found and found.quality >= windows.ENOUGH else ()


def _forms(telling: Sight) -> tuple[bytes, ...]:
    """Eight fingerprints of each region, in the order of `pdq.turned`."""
    transformed = windows.wholes(sight.canvases(telling.regions))
    forms = spectrum.packed(np.stack([turn.of_coefficients(transformed) for turn in TURNS], axis=1))
    return tuple(form.tobytes() for form in forms.reshape(-1, forms.shape[-1]))
