"""Pixels -> fingerprints: what remains of a picture when the picture itself must not be kept."""

from staydown.decoding import TookTooLong, TooLarge, Unavailable, Undecodable, Unsupported
from staydown.fingerprints.digests import exact
from staydown.fingerprints.errors import Malformed
from staydown.fingerprints.image import of_image
from staydown.fingerprints.pdq import parse_pdq
from staydown.fingerprints.types import ImageFingerprints

__all__ = [
    "ImageFingerprints",
    "Malformed",
    "TooLarge",
    "TookTooLong",
    "Unavailable",
    "Undecodable",
    "Unsupported",
    "exact",
    "of_image",
    "parse_pdq",
]
