"""The samples of a loaded picture where Pillow keeps them, without a copy.

Pillow hands out its memory by the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html), an
agreement between libraries about one C structure (kernel/reduce.c); so no other library is needed to read it. To copy a
megapixel takes as long as its fingerprint.
"""

import ctypes
from typing import NamedTuple

import numpy as np
from PIL import Image

from staydown.decoding.kernel import library
from staydown.decoding.types import Pixels

DEEP = {"L": 1, "RGB": 4}  # bytes of a pixel; behind blue lies one that says nothing

_content = ctypes.pythonapi.PyCapsule_GetPointer
_content.restype, _content.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)


class Place(NamedTuple):
    """Where samples lie, row after row without a gap: height x width, or height x width x 4; as long as `keeper` is there."""

    keeper: object
    address: int
    shape: tuple[int, ...]


class _Held:
    """Samples as numpy looks for them; as long as they are looked at, the capsule is kept, and by it Pillow's memory."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.__array_interface__ = {"shape": place.shape, "typestr": "|u1", "data": (place.address, True), "version": 3}


def samples(picture: Image.Image) -> Pixels | None:
    """Of a grey picture height x width, of one in colour height x width x 4; read only. None where `place` is."""
    found = place(picture)
    return np.asarray(_Held(found)) if found else None


def place(picture: Image.Image) -> Place | None:
    """Where the samples of a loaded picture are, grey or in colour.

    None for any other mode, where the picture lies in pieces because it is large, and without a compiled library.
    """
    deep, compiled = DEEP.get(picture.mode), library()
    if deep is None or compiled is None:
        return None
    try:
        capsule = picture.im.__arrow_c_array__()  # the picture's own method makes a schema, too
    except ValueError:
        return None
    address = compiled.staydown_samples(_content(capsule, b"arrow_array"))
    size = picture.height, picture.width
    return Place(capsule, address, size if deep == 1 else (*size, deep))
