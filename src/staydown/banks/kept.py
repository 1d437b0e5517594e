"""What is kept of one picture, as bytes to be sealed.

Kept of the catalogue's items as of the bank's entries, because an item may become an entry. The layout (version 2):
version, number of forms in the picture's orientations, number of regions, whether there are windows (a byte each),
number of descriptors (a byte) and the length of one (two bytes); then these, in this order. Version 3 is the same with a
film behind it (`fingerprints.footage`). Version 1, which older rows say they have, is forms only, the picture as it is
first.
"""

import struct
from dataclasses import dataclass, replace

from staydown.banks.media import Media
from staydown.fingerprints import OPPOSITE, ImageFingerprints, footage

FORM = 32  # bytes of one PDQ
WINDOWS = 660  # bytes of the windows of a picture
FORMS_ONLY, LAYOUT, WITH_FILM = 1, 2, 3
_HEAD = struct.Struct(">BBBBBH")
_ORIENTATIONS = 8


@dataclass(frozen=True, slots=True)
class Kept:
    """`turned`: PDQ of the picture as it is, then, where it was here, in its seven other orientations; `regions`: of
    each telling region as it is; `windows`: 660 bytes or none; `descriptors`: the whole picture's, where there is one;
    `film`: of what moves, as `footage.pack` has it. Nothing of a picture is there where a film shows none by itself.
    """

    turned: tuple[bytes, ...]
    regions: tuple[bytes, ...] = ()
    windows: bytes = b""
    descriptors: tuple[bytes, ...] = ()
    film: bytes = b""

    @classmethod
    def of(cls, made: Media) -> "Kept":
        """What is kept of media that was opened here."""
        film = footage.pack(made.film) if made.film else b""
        return replace(cls.of_picture(made.picture) if made.picture else cls(()), film=film)

    @classmethod
    def of_picture(cls, made: ImageFingerprints) -> "Kept":
        """Regions upright only: an entry's own eight orientations meet them, and seven eighths of the bytes are saved."""
        regions = tuple(dict.fromkeys(made.regions[::_ORIENTATIONS]))
        return cls(made.turned, regions, made.windows, (made.descriptor,) if made.descriptor else ())

    @property
    def descriptor(self) -> bytes:
        """The whole picture's, or nothing."""
        return self.descriptors[0] if self.descriptors else b""

    @property
    def layout(self) -> int:
        """The version in which it is packed."""
        return WITH_FILM if self.film else LAYOUT

    @property
    def upright(self) -> tuple[bytes, ...]:
        """The picture and its regions, each as it is."""
        return tuple(dict.fromkeys(self.turned[:1] + self.regions))

    @property
    def negatives(self) -> tuple[bytes, ...]:
        """The same with their colours inverted: every bit is the opposite."""
        return tuple(form.translate(OPPOSITE) for form in self.upright)

    @property
    def forms(self) -> tuple[bytes, ...]:
        """Every form there is."""
        return tuple(dict.fromkeys(self.turned + self.regions))


class UnknownLayout(ValueError):
    """This fingerprint was kept by a later version of Staydown. Run that version, or a newer one."""


def pack(kept: Kept) -> bytes:
    """The bytes of its `layout`."""
    length = len(kept.descriptors[0]) if kept.descriptors else 0
    counts = len(kept.turned), len(kept.regions), bool(kept.windows), len(kept.descriptors)
    return _HEAD.pack(kept.layout, *counts, length) + b"".join(
        (*kept.turned, *kept.regions, kept.windows, *kept.descriptors, kept.film)
    )


def unpack(clear: bytes, layout: int) -> Kept:
    """What was packed. Raises `UnknownLayout`."""
    if layout == FORMS_ONLY:
        forms = _parts(clear, FORM)
        return Kept(forms[:1], forms[1:])
    version, turned, regions, has_windows, described, length = _HEAD.unpack_from(clear)
    if layout not in (LAYOUT, WITH_FILM) or version != layout:
        raise UnknownLayout(UnknownLayout.__doc__)
    forms_end = _HEAD.size + FORM * (turned + regions)
    windows_end = forms_end + WINDOWS * has_windows
    forms = _parts(clear[_HEAD.size : forms_end], FORM)
    end = windows_end + described * length
    descriptors = _parts(clear[windows_end:end], length)
    return Kept(forms[:turned], forms[turned:], clear[forms_end:windows_end], descriptors, clear[end:])


def _parts(joined: bytes, length: int) -> tuple[bytes, ...]:
    return tuple(joined[start : start + length] for start in range(0, len(joined), length or 1))
