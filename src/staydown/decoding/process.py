"""One decoding worker as its parent sees it: started, asked under a deadline, replaced."""

import contextlib
import fcntl
import os
import resource
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

from staydown.decoding import wire
from staydown.decoding.errors import TookTooLong, Unavailable
from staydown.decoding.types import Limits

STARTING_SECONDS = 60.0  # importing numpy on a busy machine; measured 0.3 s on an idle one
PIPE = 1 << 20  # bytes a pipe holds: the most that Linux gives without being asked by root
STILLS = "staydown.decoding.worker"
_PACKAGES = str(Path(__file__).resolve().parents[2])
_LINUX = sys.platform == "linux"


class Died(Exception):
    """The worker ended, or answered nonsense, while it had a picture. Try the picture once more in a new
    worker.
    """


def _environment() -> dict[str, str]:
    """All that a worker knows of its parent: where the code is, and to use one thread. No secret can leak.

    And to keep the memory of one picture for the next, which the GNU library would give back and fetch again
    for every array: half the time of looking for regions.
    """
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    memory = {"MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}
    return {"PYTHONPATH": _PACKAGES, **dict.fromkeys(threads, "1"), **memory}


def _start(limits: Limits, program: str, pictures: int, answers: int) -> subprocess.Popen[bytes]:
    """A new interpreter, never a fork: the parent runs threads, and its memory holds keys."""
    numbers = map(str, (limits.pixels, limits.side, limits.memory, limits.cpu_seconds))
    command = [sys.executable, "-P", "-s", "-B", "-m", program, *numbers]
    return subprocess.Popen(command, stdin=pictures, stdout=answers, cwd="/", env=_environment())


def _widen(pipe: int) -> None:
    """Let a pipe hold a whole photograph, so that the two processes need not take turns every 64 KiB.

    Linux gives each user so much memory for pipes; beyond, or elsewhere, a pipe stays as it is, and slower.
    """
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


class Process:
    """A running worker. Not thread-safe: the pool gives it to one thread at a time."""

    def __init__(self, limits: Limits, program: str = STILLS) -> None:
        self._limits = limits
        self.pictures = 0
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        for pipe in (self._to, self._from):
            _widen(pipe)
        try:
            self._child = _start(limits, program, theirs_in, theirs_out)
        except OSError as cause:
            self._close()
            raise Unavailable from cause
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        os.set_blocking(self._to, False)
        self.sandbox = self._hello()

    @property
    def pid(self) -> int:
        return self._child.pid

    def _hello(self) -> str:
        """What protects the worker, in its own words, said once it is confined."""
        try:
            return self._receive(100, time.monotonic() + STARTING_SECONDS).decode()
        except (Died, TookTooLong, UnicodeDecodeError) as cause:
            self.stop()
            raise Unavailable from cause

    def ask[R](self, data: bytes, question: wire.Question[R]) -> R:
        """The answer about one file. Raises its refusal, `TookTooLong`, or `Died`."""
        self.pictures += 1
        self._allow_cpu()
        deadline = time.monotonic() + self._limits.wall_seconds
        self._send(wire.ASKED.pack(len(data), question.asked), deadline)
        self._send(data, deadline)
        try:
            return question.read(self._receive(question.longest, deadline))
        except wire.Garbled as cause:
            raise Died from cause

    def _allow_cpu(self) -> None:
        """Move the kernel's CPU limit to what was used so far plus this picture's share.

        It is set from outside: a worker that may change limits could change those of its parent as well.
        """
        if not _LINUX:
            return  # the deadline alone holds
        try:
            used = time.clock_gettime((~self.pid << 3) | 2)  # that process's clock: clock_getcpuclockid(3)
            soft = int(used) + 1 + self._limits.cpu_seconds
            resource.prlimit(self.pid, resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        except OSError as cause:  # it has ended
            raise Died from cause

    def _send(self, message: bytes, deadline: float) -> None:
        rest = memoryview(message)
        while rest:
            self._wait(self._to, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._to, rest) :]
            except BrokenPipeError as cause:
                raise self._ending() from cause

    def _receive(self, longest: int, deadline: float) -> bytes:
        (length,) = wire.LENGTH.unpack(self._read(wire.LENGTH.size, deadline))
        if length > longest:
            raise Died
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float) -> bytes:
        chunks = []
        while length:
            self._wait(self._from, select.POLLIN, deadline)
            chunk = os.read(self._from, min(length, PIPE))
            if not chunk:
                raise self._ending()
            chunks.append(chunk)
            length -= len(chunk)
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TookTooLong

    def _ending(self) -> Died | TookTooLong:
        """Why the pipe closed: the kernel's CPU limit, or anything else."""
        self._child.kill()
        return TookTooLong() if self._child.wait() == -signal.SIGXCPU else Died()

    def stop(self) -> None:
        """End the worker, whatever it is doing, and leave nothing of it behind."""
        self._child.kill()
        self._child.wait()
        self._close()

    def _close(self) -> None:
        os.close(self._to)
        os.close(self._from)
