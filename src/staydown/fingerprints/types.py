"""What we keep of a picture."""

from dataclasses import dataclass, field

from staydown.fingerprints.sight import Sight

OPPOSITE = bytes(range(255, -1, -1))  # of each byte's bits, for `bytes.translate`


@dataclass(frozen=True, slots=True)
class ImageFingerprints:
    """The fingerprints of one picture as people see it.

    `sha256` is the digest of the file, 32 bytes; `pdq` 32 bytes in the order of the standard's hexadecimal
    form; `quality` 0 to 100, below 50 too flat to be compared; `width` and `height` pixels; `truncated`
    when part of the file is missing, so that the fingerprint is of what is there; `turned` the fingerprints
    of the picture in all eight orientations, the first being `pdq` (see `pdq.of_flips`); `format` the kind
    of file, as in "JPEG".

    To look up, as `turned`: `regions`, eight fingerprints of each telling region, the whole picture's first;
    `misread`, the wrong fingerprint that a widespread peer gives this very file (empty where it gives a right
    one); and `descriptors`, 576 bytes for each region that tells even more, in the same order (none where they
    were not asked for, or the networks are not installed). To bank: `windows`, the 660 bytes that
    `windows.unpack` reads, and `descriptor`, the whole picture's 576 bytes (b"" where it has none or is too
    flat). To verify a candidate: `sight`, which holds small pictures, lives in memory only, and takes no part
    in comparisons.
    """

    sha256: bytes
    pdq: bytes
    quality: int
    width: int
    height: int
    truncated: bool
    turned: tuple[bytes, ...]
    regions: tuple[bytes, ...] = ()
    misread: tuple[bytes, ...] = ()
    windows: bytes = b""
    format: str = ""
    descriptors: tuple[bytes, ...] = ()
    descriptor: bytes = b""
    sight: Sight = field(default_factory=lambda: Sight(()), compare=False, repr=False)

    @property
    def negatives(self) -> tuple[bytes, ...]:
        """`turned` and `regions` of the picture with its colours inverted, to look up as they are.

        Inverting turns the sign of every coefficient and of their median, so every bit becomes its opposite.
        """
        return tuple(form.translate(OPPOSITE) for form in (*self.turned, *self.regions))
