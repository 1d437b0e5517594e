"""PDQ: 256 bits that change little when a picture is resized, recompressed or recoloured.

Its last steps are in `staydown.decoding.pdq`, so that of a first look nothing but fingerprints leaves the sandbox.
Here: of a luminance that is at hand, as text, and compared.
"""

import re
from typing import Any

import numpy.typing as npt

from staydown.decoding.jarosz import reduce
from staydown.decoding.pdq import (
    ACROSS,
    COSINES,
    DOWN,
    FREQUENCIES,
    bits,
    coefficients,
    of_flips,
    of_reduced,
    qualities,
    quality,
    turned,
)
from staydown.decoding.types import Pdq
from staydown.fingerprints.errors import Malformed

__all__ = [
    "ACROSS",
    "COSINES",
    "DOWN",
    "FREQUENCIES",
    "Pdq",
    "bits",
    "coefficients",
    "distance",
    "of_flips",
    "of_luminance",
    "of_reduced",
    "parse_pdq",
    "qualities",
    "quality",
    "turned",
]

_LENGTH = 32
_HEX = re.compile(r"[0-9a-fA-F]{64}")


def of_luminance(luminance: npt.NDArray[Any]) -> Pdq:
    """The PDQ of a whole picture's luminance: height x width, 0 to 255, any number type (hence Any)."""
    return of_reduced(reduce(luminance))


def parse_pdq(text: str) -> bytes:
    """The 32 bytes of a fingerprint written as 64 hexadecimal characters, in either case. Raises
    `Malformed`.
    """
    if not _HEX.fullmatch(text.strip()):
        raise Malformed
    return bytes.fromhex(text.strip())


def distance(one: bytes, other: bytes) -> int:
    """In how many of 256 bits two fingerprints of 32 bytes differ: up to 31 is taken for the same picture.

    Raises `Malformed`.
    """
    if len(one) != _LENGTH or len(other) != _LENGTH:
        raise Malformed
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()
