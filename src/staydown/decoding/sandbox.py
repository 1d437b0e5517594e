"""What a decoding worker gives up before it sees a stranger's byte: files, network, processes, memory
without end.

Linux on x86_64 and aarch64: seccomp allows the few system calls that decoding needs (read, write, memory,
time) and answers all others with "not permitted"; in particular nothing can be opened, connected, executed
or signalled. Elsewhere only the kernel's resource limits hold: weaker, because a taken-over decoder could
read files and connect. Sources: seccomp(2), Linux include/uapi/linux/{filter,seccomp,audit}.h.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

FULL = "seccomp and resource limits"
WEAKER = "resource limits only"

_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _FILTER_MODE = 22, 38, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _KILL, _NOT_PERMITTED = 0x7FFF0000, 0x80000000, 0x00050001
_NUMBER_AT, _ARCHITECTURE_AT, _THIRD_ARGUMENT_AT = 0, 4, 32
_EXECUTABLE = 4  # PROT_EXEC


@dataclass(frozen=True, slots=True)
class _Architecture:
    audit: int
    mapping: tuple[int, int]  # mmap, mprotect: allowed, unless memory would become executable
    calls: tuple[int, ...]


# read write close fstat lseek munmap brk rt_sigaction rt_sigprocmask rt_sigreturn mremap madvise nanosleep
# exit fcntl getrusage gettimeofday gettid futex clock_gettime exit_group newfstatat getrandom getpid
# sched_yield clock_nanosleep getcpu rseq
_ARCHITECTURES = {
    "x86_64": _Architecture(
        0xC000003E,
        (9, 10),
        (0, 1, 3, 5, 8, 11, 12, 13, 14, 15, 25, 28, 35, 60, 72, 98, 96, 186, 202, 228, 231, 262, 318, 39,
        24, 230, 309, 334), ), "aarch64": _Architecture( 0xC00000B7, (222, 226), (63, 64, 57, 80, 62, 215,
        214, 134, 135, 139, 216, 233, 101, 93, 25, 165, 169, 178, 98, 113, 94, 79, 278, 172, 124, 115, 168,
        293), ), }  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def confine(memory: int) -> str:
    """Give up, for the rest of this process, what decoding does not need; return what protects it now.

    `memory` is the address space in bytes. Raises OSError when the kernel refuses a protection it should
    have.
    """
    _limit(memory)
    here = _ARCHITECTURES.get(platform.machine())
    if here is None or sys.platform != "linux" or sys.maxsize < 2**32:
        return WEAKER
    _filter(here)
    return FULL


def _limit(memory: int) -> None:
    """CPU time is limited from outside, picture by picture (see `process`)."""
    never = [resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC]
    for what in never:
        resource.setrlimit(what, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    if sys.platform == "linux":  # macOS refuses a limit below what is mapped already
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _steps(here: _Architecture) -> Iterator[bytes]:
    """The filter, in classic BPF; a refused call fails instead of killing, for C libraries ask for odd
    things.
    """
    yield _step(_LOAD, _ARCHITECTURE_AT)
    yield _step(_JUMP_IF_EQUAL, here.audit, then=1)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER_AT)
    for left, call in zip(range(len(here.calls), 0, -1), here.calls, strict=True):
        yield _step(_JUMP_IF_EQUAL, call, then=left - 1 + 5)
    yield _step(_JUMP_IF_EQUAL, here.mapping[0], then=1)
    yield _step(_JUMP_IF_EQUAL, here.mapping[1], otherwise=2)
    yield _step(_LOAD, _THIRD_ARGUMENT_AT)
    yield _step(_JUMP_IF_SET, _EXECUTABLE, otherwise=1)
    yield _step(_RETURN, _NOT_PERMITTED)
    yield _step(_RETURN, _ALLOW)


def _filter(here: _Architecture) -> None:
    steps = list(_steps(here))
    code = b"".join(steps)
    held = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_FILTER_MODE), ctypes.byref(program), zero, zero):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
