"""Pixels -> fingerprints: what remains of a picture when the picture itself must not be kept.

    known = fingerprints.of_image("photograph.jpg")
    query = fingerprints.of_image("upload.jpg")
    fingerprints.distance(known.pdq, query.pdq)                 # bits of 256; up to 31: the same picture
    evidence = fingerprints.verify(query, known.windows)        # cropped, captioned, in a collage ...
    fingerprints.verdict(evidence), fingerprints.in_words(evidence)

    film = fingerprints.of_film(data)                           # four frames a second, in a sandboxed process
    for passage in fingerprints.passages(film, known_film):     # re-encoded, in a compilation, mirrored, sped up ...
        print(passage.words)

`staydown fingerprint PATH ...` does the first of these for whole folders; docs/fingerprints.md explains them.
"""

from staydown.decoding import TookTooLong, TooLarge, Unavailable, Undecodable, Unsupported
from staydown.fingerprints.digests import Digests, digests, exact
from staydown.fingerprints.errors import (
    Malformed,
    MalformedDescriptor,
    MalformedFilm,
    MalformedVpdq,
    MalformedWindows,
    NoModels,
    WrongModel,
)
from staydown.fingerprints.film import keyframes_of_film, of_film
from staydown.fingerprints.film_shelf import FilmShelf
from staydown.fingerprints.footage import FilmFingerprints
from staydown.fingerprints.image import of_image, of_whole
from staydown.fingerprints.jpeg import without_metadata
from staydown.fingerprints.passages import Passage, passages
from staydown.fingerprints.pdq import distance, parse_pdq
from staydown.fingerprints.rules import LOOKED_UP, RULES, Evidence, Verdict, in_words, satisfied, verdict
from staydown.fingerprints.shelf import Shelf, search, shelved
from staydown.fingerprints.types import OPPOSITE, ImageFingerprints
from staydown.fingerprints.verify import NOTHING, likened, verify, verify_with
from staydown.fingerprints.windows import ENOUGH, Entry

__all__ = [
    "ENOUGH",
    "LOOKED_UP",
    "NOTHING",
    "OPPOSITE",
    "RULES",
    "Digests",
    "Entry",
    "Evidence",
    "FilmFingerprints",
    "FilmShelf",
    "ImageFingerprints",
    "Malformed",
    "MalformedDescriptor",
    "MalformedFilm",
    "MalformedVpdq",
    "MalformedWindows",
    "NoModels",
    "Passage",
    "Shelf",
    "TooLarge",
    "TookTooLong",
    "Unavailable",
    "Undecodable",
    "Unsupported",
    "Verdict",
    "WrongModel",
    "digests",
    "distance",
    "exact",
    "in_words",
    "keyframes_of_film",
    "likened",
    "of_film",
    "of_image",
    "of_whole",
    "parse_pdq",
    "passages",
    "satisfied",
    "search",
    "shelved",
    "verdict",
    "verify",
    "verify_with",
    "without_metadata",
]
