"""What of decoding is in C, where a compiler was there when Staydown was installed; elsewhere Pillow does it, slower."""

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy.typing as npt

INTERFACE = 10  # as in scan.c: a library built from other sources is not used
_pointer, _u64, _size, _int = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_size_t, ctypes.c_int
_i64, _float, _double = ctypes.c_int64, ctypes.c_float, ctypes.c_double
SCAN = (_pointer, _u64, _pointer, _pointer, _u64, _pointer, _pointer, _pointer, _int, _pointer, _pointer)
FOLD = (_pointer, _size, _size, _size, _size, _pointer)
DOWN = (_pointer, _size, _size, _size, _size, _int, _pointer, _pointer, _size, _size, _pointer)
ACROSS = (_pointer, _size, _size, _pointer, _pointer, _size, _size, _pointer)
REDUCED = (_int, _pointer, _size, _size, _size, _int, *2 * (_pointer, _pointer, _size, _size), _pointer)
BRIGHTNESS = (_pointer, _size, _pointer)
MOVED = (_pointer, _i64, _i64, _pointer, _size, _i64, _pointer)
JOINTS = (_pointer, _i64, _pointer, _pointer, _size, _float, _float, _pointer)
# What parts of a picture are found and cut with: what comes back (None: nothing), what it takes.
PARTS: dict[str, tuple[type[ctypes.c_int] | None, tuple[type[Any], ...]]] = {  # types of ctypes have no other name
    "staydown_canvas": (_int, (_pointer, _size, _size, _pointer, _pointer)),
    "staydown_warped": (_int, (_pointer, _size, _size, _pointer, _int, _pointer)),
    "staydown_votes": (_int, (_pointer, _size, _size, _float, _pointer, _size, _size, _pointer, _pointer)),
    "staydown_quads": (_int, (_size, _size, *8 * (_pointer,), _size, _pointer)),
    "staydown_inside": (_int, (_pointer, _i64, _i64, _pointer, _pointer)),
    "staydown_banded": (_int, (_pointer, _i64, _i64, _pointer, _pointer)),
    "staydown_framed": (None, (_pointer, _i64, _i64, _float, _double, _pointer)),
    "staydown_steps": (_int, (_pointer, _size, _size, _size, _float, _pointer)),
    "staydown_lines": (_int, (_pointer, _pointer, _pointer, _size, _size, _pointer, _pointer, _pointer)),
    "staydown_rectangles": (_int, (*2 * (_pointer, _i64, _pointer), _pointer, _pointer)),
    "staydown_cells": (_int, (*2 * (_pointer, _i64, _pointer), *3 * (_pointer,))),
    "staydown_beside": (None, (_pointer, _size, _size, _pointer, _size, _pointer, _float, _pointer)),
    "staydown_judged": (None, (_pointer, _pointer, _size, *4 * (_double,), _float, _pointer)),
    "staydown_across_sides": (_int, (_pointer, _size, _size, _pointer, _size, _pointer, _int, _int, _float, _pointer)),
    "staydown_laid": (None, (_pointer, _size, _pointer, _int, *4 * (_double,), _pointer)),
    "staydown_means": (_int, (_pointer, _size, _size, _size, _pointer)),
    "staydown_windows": (_int, (_pointer, _pointer, _pointer, _size, _size, _pointer, _size, _pointer)),
    "staydown_shrunk": (None, (_pointer, _size, _size, _size, _pointer)),
}


@cache
def library() -> ctypes.CDLL | None:
    """The library that was built when Staydown was installed, of these very sources: `staydown_scan` (see
    `staydown.decoding.lowest`), `staydown_fold` (`staydown.decoding.frames`), `staydown_down`, `staydown_across` and
    `staydown_reduced` (`staydown.decoding.bands`), `staydown_samples` (`staydown.decoding.samples`),
    `staydown_brightness` (`staydown.decoding.luminance`), `staydown_moved` and `staydown_joints`
    (`staydown.decoding.fitting`), `staydown_quality` and `staydown_pdq` (`staydown.decoding.pdq`), and those of `PARTS`.
    """
    return opened(
        Path(__file__).parent, "_scan", declare, lambda found: bool(found.staydown_scan_interface() == INTERFACE)
    )


def opened(
    folder: Path, name: str, declare: Callable[[ctypes.CDLL], None], fits: Callable[[ctypes.CDLL], bool]
) -> ctypes.CDLL | None:
    """The library of that name in a folder, if there is one that fits: for this machine, and of these very sources."""
    for path in sorted(folder.glob(f"{name}*")):
        if path.suffix not in {".so", ".pyd"}:
            continue
        try:
            found = ctypes.CDLL(str(path))
            fit = fits(found)
            declare(found)
        except (OSError, AttributeError):  # for another machine or of another version
            continue
        if fit:
            return found
    return None


def declare(found: ctypes.CDLL) -> None:
    """Say what the library's functions take. Raises `AttributeError` where one is missing."""
    found.staydown_scan.argtypes, found.staydown_fold.argtypes = SCAN, FOLD
    found.staydown_down.argtypes, found.staydown_across.argtypes = DOWN, ACROSS
    found.staydown_moved.argtypes, found.staydown_joints.argtypes = MOVED, JOINTS
    found.staydown_brightness.argtypes = BRIGHTNESS
    found.staydown_samples.argtypes, found.staydown_samples.restype = (_pointer,), _pointer
    found.staydown_brightness.restype, found.staydown_reduced.argtypes = None, REDUCED
    found.staydown_moved.restype = found.staydown_joints.restype = None
    found.staydown_quality.argtypes = (_pointer, _size, _pointer)
    found.staydown_pdq.argtypes, found.staydown_pdq.restype = (_pointer, _pointer, _pointer, _pointer), None
    for name, (gives, takes) in PARTS.items():
        function = getattr(found, name)
        function.restype, function.argtypes = gives, takes
    found.staydown_quality.restype = found.staydown_down.restype = found.staydown_across.restype = None


def address(array: npt.NDArray[Any]) -> int:  # of any number type, hence Any
    """Where an array begins. `array.ctypes.data` says the same, and makes objects for it first."""
    begin: int = array.__array_interface__["data"][0]
    return begin
