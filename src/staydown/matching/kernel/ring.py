"""ring.c as it was built when Staydown was installed, opened with ctypes. Every call runs without Python's lock."""

import ctypes
from enum import IntEnum
from functools import cache
from pathlib import Path

INTERFACE = 6  # as in ring.c: a library built from other sources is not used
_pointer, _u64, _u32, _int = ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint32, ctypes.c_int


class Set(IntEnum):
    """An instruction set, by its number in ring.c; the quickest first."""

    AVX512 = 2
    AVX2 = 1
    NEON = 3
    PLAIN = 0


class Library:
    """The functions of the shared object in a file. Raises OSError, or AttributeError for another's file."""

    def __init__(self, path: Path) -> None:
        opened = ctypes.CDLL(str(path))
        self.interface = int(opened.staydown_interface())
        self._supports = opened.staydown_supports
        self.shuffle = opened.staydown_shuffle
        self.shuffle.argtypes = [_pointer, _pointer, _u64, _pointer]
        self.search = opened.staydown_search
        self.search.argtypes = [_int, _pointer, _u64, _pointer, _pointer, _u64, _int, _pointer, _u64]
        self.search.restype = _u64
        self.name = opened.staydown_name
        self.name.argtypes = [_pointer, _pointer, _u64, _u64, _pointer, _u64]
        self.name.restype = _u64
        self.join = opened.staydown_join
        self.join.argtypes = [_int, _pointer, _pointer, _int, _u32, _u32, _int, _pointer, _u64]
        self.join.restype = _u64
        self.table = opened.staydown_table
        self.table.argtypes = [_pointer, _u64, _int, _pointer, _pointer, _pointer, _pointer]
        self.first_equal = opened.staydown_first_equal
        self.first_equal.argtypes = [_pointer, _u64, _pointer, _int, _u32, _u32, _pointer]
        self.nearness = opened.staydown_nearness
        self.nearness.argtypes = [
            _int,
            _pointer,
            _pointer,
            _u64,
            _pointer,
            _u64,
            _int,
            _pointer,
            _pointer,
            _pointer,
            _pointer,
        ]
        for each in (self.shuffle, self.table, self.first_equal, self.nearness):
            each.restype = None

    def supports(self, instructions: Set) -> bool:
        """Whether this machine can run it so."""
        return bool(self._supports(int(instructions)))


@cache
def library() -> Library | None:
    """The library, if one was built when Staydown was installed, and of these very sources."""
    for path in sorted(Path(__file__).parent.glob("_ring*")):
        if path.suffix in {".so", ".pyd"}:
            try:
                found = Library(path)
            except (OSError, AttributeError):  # for another machine or of another version: `engine()` says "numpy"
                continue
            if found.interface == INTERFACE:
                return found
    return None
