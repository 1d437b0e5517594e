"""Strangers' media -> what is seen of it: a picture, a film, or a moving picture, which is both."""

from dataclasses import dataclass

from staydown import fingerprints
from staydown.decoding.containers import Container, container
from staydown.fingerprints import FilmFingerprints, ImageFingerprints

_PNG_MOVES, _PNG_SHOWS = b"acTL", b"IDAT"
_WEBP_EXTENDED, _WEBP_MOVES = b"VP8X", 0x02


@dataclass(frozen=True, slots=True)
class Media:
    """What was seen of some bytes: `picture` (of a moving one the first), `film` where something moves; at least one."""

    picture: ImageFingerprints | None
    film: FilmFingerprints | None = None

    @property
    def sha256(self) -> bytes | None:
        """The digest of the file."""
        made = self.picture or self.film
        return made.sha256 if made else None


def opened(data: bytes, sha256: bytes | None = None) -> Media:
    """Fingerprint media of any kind, in the sandboxes; `sha256` is their digest, where the caller has it already.

    Raises what `fingerprints.of_image` and `of_film` raise.
    A moving picture whose frames cannot be read is refused, though its first one could be: what people see are all.
    """
    kind = container(data)
    if kind in (None, Container.PNG, Container.WEBP, Container.GIF):
        picture = fingerprints.of_image(data, descriptors=True, sha256=sha256)
        return Media(picture, _film(data) if kind and moves(data, kind) else None)
    return Media(None, fingerprints.of_film(data))


def _film(data: bytes) -> FilmFingerprints | None:
    film = fingerprints.of_film(data)
    times = film.frames.time
    return film if times[-1] > times[0] else None


def moves(data: bytes, kind: Container) -> bool:
    """Whether a picture's file says that it may have several frames; of a GIF only its frames tell."""
    if kind is Container.PNG:  # https://www.w3.org/TR/png-3: acTL stands before the first IDAT
        return 0 <= data.find(_PNG_MOVES) < data.find(_PNG_SHOWS)
    if kind is Container.WEBP:  # RFC 9649, 2.7: flags of the extended format
        return data[12:16] == _WEBP_EXTENDED and len(data) > 20 and bool(data[20] & _WEBP_MOVES)
    return True
