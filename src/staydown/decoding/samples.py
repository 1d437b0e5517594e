"""The samples of a loaded picture where Pillow keeps them, without a copy.

Pillow hands out its memory by the Arrow C data interface (https://arrow.apache.org/docs/format/CDataInterface.html), an
agreement between libraries about one C structure; so no other library is needed to read it. Of a megapixel, a copy
takes as long as its fingerprint.
"""

import ctypes
from typing import Any

import numpy as np
from PIL import Image

from staydown.decoding.types import Pixels

DEEP = {"L": 1, "RGB": 4}  # bytes of a pixel; behind blue lies one that says nothing


class _Array(ctypes.Structure):
    """struct ArrowArray, as far as samples that are all there need it."""


_Array._fields_ = [
    ("length", ctypes.c_int64), ("nulls", ctypes.c_int64), ("offset", ctypes.c_int64),
    ("buffers", ctypes.c_int64), ("children", ctypes.c_int64),
    ("buffer", ctypes.POINTER(ctypes.c_void_p)), ("child", ctypes.POINTER(ctypes.POINTER(_Array))),
]  # fmt: skip

_content = ctypes.pythonapi.PyCapsule_GetPointer
_content.restype, _content.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)


class _Held:
    """Samples as numpy looks for them; as long as they are looked at, the capsule is kept, and by it Pillow's memory."""

    def __init__(self, capsule: Any, shape: tuple[int, ...]) -> None:  # Pillow does not say what it hands out
        outer = _Array.from_address(_content(capsule, b"arrow_array"))
        inner = outer.child[0].contents if outer.children else outer
        self.capsule = capsule
        self.__array_interface__ = {"shape": shape, "typestr": "|u1", "data": (inner.buffer[1], True), "version": 3}


def samples(picture: Image.Image) -> Pixels | None:
    """Of a grey picture height x width, of one in colour height x width x 4; read only.

    None for any other mode, and where the picture lies in pieces because it is large.
    """
    deep = DEEP.get(picture.mode)
    if deep is None:
        return None
    try:
        _, capsule = picture.__arrow_c_array__()
    except ValueError:
        return None
    size = picture.height, picture.width
    return np.asarray(_Held(capsule, size if deep == 1 else (*size, deep)))
