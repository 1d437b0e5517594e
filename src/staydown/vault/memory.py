"""Memory that processes of one machine share, so that what is opened once is there once, and never on a disk.

A segment in clear lies in anonymous memory (memfd_create(2)) that ends with the last process that uses it. It is
locked against swapping where the system allows, left out of core dumps, and sealed (fcntl(2), F_SEAL_WRITE), so that
nobody changes it once it was built. Others find it through a small file that says which process holds it under which
descriptor; only processes of the same user can open that (proc_pid_fd(5)). Where there is no memfd, that is outside
Linux, each process has memory of its own.
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
from pathlib import Path

import numpy as np

NAME = "staydown-segment"
_SALT = 32
_FINAL = mmap.PAGESIZE  # a last page says of which segment the memory is, once it is whole
_ON_FAULT = 1  # MLOCK_ONFAULT (linux/mman.h): pages are locked as they come into use


class Memory:
    """One piece of shared memory. It is there as long as this object, or somebody else's of it."""

    def __init__(self, fd: int, mapped: mmap.mmap) -> None:
        self._fd = fd
        self._take(mapped)

    @classmethod
    def new(cls, size: int) -> "Memory":
        """So many zero bytes, of this process alone until `share`. Raises OSError where there is no room."""
        if not hasattr(os, "memfd_create"):
            return cls(-1, mmap.mmap(-1, size + _FINAL))
        fd = os.memfd_create(NAME, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(fd, size + _FINAL)
        return cls(fd, mmap.mmap(fd, size + _FINAL))

    @classmethod
    def shared(cls, advert: Path, salt: bytes) -> "Memory | None":
        """The memory of the segment with that salt, if one of the processes named in a file holds it."""
        for pid, fd in _held(advert, salt):
            with contextlib.suppress(OSError, ValueError):  # that process has ended, or its number is another's now
                path = Path(f"/proc/{pid}/fd/{fd}")
                if not str(path.readlink()).startswith(f"/memfd:{NAME}"):
                    continue
                mine = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                memory = cls(mine, mmap.mmap(mine, 0, prot=mmap.PROT_READ))
                if memory._mapped[-_FINAL:][:_SALT] == salt:
                    return memory
        return None

    def __del__(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)

    def share(self, salt: bytes) -> None:
        """Let nobody write here any more: the memory is whole. Nothing may look into `bytes` while this runs."""
        self._mapped[-_FINAL : _SALT - _FINAL] = salt
        if self._fd < 0:
            return
        self.bytes.release()
        self._mapped.close()
        fcntl.fcntl(self._fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
        self._take(mmap.mmap(self._fd, 0, prot=mmap.PROT_READ))

    def advertise(self, advert: Path, salt: bytes) -> None:
        """Say in a file that this process holds the memory of the segment with that salt, beside others that do."""
        if self._fd < 0:
            return
        alive = [(pid, fd) for pid, fd in _held(advert, salt) if Path(f"/proc/{pid}").exists()]
        lines = [f"{pid} {fd} {salt.hex()}\n" for pid, fd in [*alive, (os.getpid(), self._fd)]]
        advert.write_text("".join(lines))

    def _take(self, mapped: mmap.mmap) -> None:
        self._mapped = mapped
        self.bytes = memoryview(mapped)[:-_FINAL]
        self.locked = _kept_from_disk(mapped)


def _held(advert: Path, salt: bytes) -> list[tuple[int, int]]:
    """(process, descriptor) of those that hold the memory of a segment, as a file says."""
    try:
        lines = [line.split() for line in advert.read_text().splitlines()]
    except FileNotFoundError:
        return []
    return [(int(line[0]), int(line[1])) for line in lines if len(line) == 3 and line[2] == salt.hex()]


def _kept_from_disk(mapped: mmap.mmap) -> bool:
    """Keep memory out of core dumps, and locked against swapping; whether the system allowed the latter (mlock2(2))."""
    for advice in ("MADV_DONTDUMP", "MADV_HUGEPAGE"):
        if hasattr(mmap, advice):
            with contextlib.suppress(OSError):
                mapped.madvise(getattr(mmap, advice))
    return _lock(mapped)


def _lock(mapped: mmap.mmap) -> bool:
    """Lock a mapping into memory; False where this user may not lock so much (RLIMIT_MEMLOCK)."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "mlock2"):
        return False
    at = np.frombuffer(mapped, np.uint8).ctypes.data
    return int(libc.mlock2(ctypes.c_void_p(at), ctypes.c_size_t(len(mapped)), _ON_FAULT)) == 0
