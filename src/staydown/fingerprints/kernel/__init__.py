"""What of verifying is in C, where a compiler was there when Staydown was installed; elsewhere numpy does it, slower."""

import ctypes
from functools import cache
from pathlib import Path

from staydown.decoding.kernel import opened

INTERFACE = 1  # as in seeds.c: a library built from other sources is not used
_pointer, _size, _float = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_float
SEEDS = (_pointer, _size, _pointer, _pointer, _size, _pointer, _size, _pointer)
ALIGNED = (_pointer, _pointer, _size, _pointer, _size, _pointer, _pointer, _size, _size, _float, _pointer)
CROSSED = (_pointer, _size, _pointer, _pointer, _size, _pointer, _size, _pointer, _pointer)


@cache
def library() -> ctypes.CDLL | None:
    """The library that was built when Staydown was installed, of these very sources: `staydown_seeds` (see
    `staydown.fingerprints.seeds`), `staydown_aligned` (`staydown.fingerprints.align`) and `staydown_crossed`
    (`staydown.fingerprints.crossings`).
    """
    return opened(
        Path(__file__).parent, "_verify", declare, lambda found: bool(found.staydown_verify_interface() == INTERFACE)
    )


def declare(found: ctypes.CDLL) -> None:
    """Say what the library's functions take. Raises `AttributeError` where one is missing."""
    found.staydown_seeds.argtypes, found.staydown_seeds.restype = SEEDS, _size
    found.staydown_aligned.argtypes, found.staydown_aligned.restype = ALIGNED, None
    found.staydown_crossed.argtypes = CROSSED
