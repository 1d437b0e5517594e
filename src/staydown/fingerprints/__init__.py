"""Pixels -> fingerprints: what remains of a picture when the picture itself must not be kept."""

from staydown.decoding import TookTooLong, TooLarge, Unavailable, Undecodable, Unsupported
from staydown.fingerprints.digests import exact
from staydown.fingerprints.errors import Malformed, MalformedWindows
from staydown.fingerprints.image import of_image
from staydown.fingerprints.pdq import parse_pdq
from staydown.fingerprints.rules import LOOKED_UP, Evidence, Verdict, in_words, verdict
from staydown.fingerprints.shelf import Shelf, search, shelved
from staydown.fingerprints.types import ImageFingerprints
from staydown.fingerprints.verify import NOTHING, verify
from staydown.fingerprints.windows import ENOUGH, Entry

__all__ = [
    "ENOUGH",
    "LOOKED_UP",
    "NOTHING",
    "Entry",
    "Evidence",
    "ImageFingerprints",
    "Malformed",
    "MalformedWindows",
    "Shelf",
    "TooLarge",
    "TookTooLong",
    "Unavailable",
    "Undecodable",
    "Unsupported",
    "Verdict",
    "exact",
    "in_words",
    "of_image",
    "parse_pdq",
    "search",
    "shelved",
    "verdict",
    "verify",
]
