"""Many request threads share a few decoding workers."""

import os
import queue
import threading
from collections.abc import Callable
from types import TracebackType

from staydown.decoding import wire
from staydown.decoding.errors import DecodingError, TookTooLong, TooLarge, Unavailable, Undecodable
from staydown.decoding.process import STILLS, Died, Process
from staydown.decoding.types import Decoded, Hashed, Limits, Picture


class Pool:
    """A fixed number of worker processes, each started when first needed. Thread-safe.

    A worker that dies, takes too long or has seen `limits.pictures_per_worker` pictures is replaced at the
    next use.
    """

    def __init__(self, size: int, limits: Limits | None = None, program: str = STILLS) -> None:
        self.limits = limits or Limits()
        self._program = program  # what each worker runs, as `python -m`
        # Last in, first out: the worker used most recently is the warmest.
        self._free: queue.LifoQueue[Process | None] = queue.LifoQueue()
        self._size = size
        for _ in range(size):
            self._free.put(None)

    def decode(self, data: bytes, colour: bool = False) -> Decoded:
        """A stranger's bytes, reduced inside the sandbox; with `colour`, each region has its `rgb`.

        Raises `Undecodable`, `Unsupported`, `TooLarge` (of which `TookTooLong`), or `Unavailable` when no
        worker can be had. A picture that ends its worker is tried once more; then it is `Undecodable`.
        """
        return self.ask(data, wire.DECODE_IN_COLOUR if colour else wire.DECODE)

    def reduce(self, data: bytes) -> Decoded:
        """`decode` of the whole picture alone: no parts of it are looked for. Raises as `decode` does."""
        return self.ask(data, wire.REDUCE_WHOLE)

    def hashed(self, data: bytes) -> Hashed:
        """The PDQ of the whole picture: no pixel of it leaves the sandbox. Raises as `decode` does."""
        return self.ask(data, wire.HASH_WHOLE)

    def show(self, data: bytes) -> Picture:
        """A stranger's bytes as a picture to look at, redrawn inside the sandbox. Raises as `decode` does."""
        return self.ask(data, wire.PICTURE)

    def ask[R](self, data: bytes, question: wire.Question[R]) -> R:
        """The answer about a stranger's bytes, found inside the sandbox. Raises as `decode` does."""
        if not data:
            raise Undecodable
        if len(data) > self.limits.bytes:
            raise TooLarge
        try:
            return self._once(data, question)
        except Died:
            pass  # perhaps it was another's fault: the operator's kill, the machine's memory
        try:
            return self._once(data, question)
        except Died as cause:
            raise Undecodable from cause

    def sandbox_kind(self) -> str:
        """What protects the workers here, in a worker's own words."""
        worker = self._take()
        self._free.put(worker)
        return worker.sandbox

    def close(self) -> None:
        """End every worker, waiting for those that have a picture."""
        for _ in range(self._size):
            worker = self._free.get()
            if worker:
                worker.stop()
        for _ in range(self._size):
            self._free.put(None)

    def _once[R](self, data: bytes, question: wire.Question[R]) -> R:
        worker = self._take()
        keep: Process | None = None
        try:
            result = worker.ask(data, question)
            keep = worker
            return result
        except TookTooLong:
            raise
        except DecodingError:
            keep = worker  # it refused, and lives
            raise
        finally:
            self._give_back(worker, keep)

    def _take(self) -> Process:
        try:
            worker = self._free.get(timeout=self.limits.waiting_seconds)
        except queue.Empty as cause:
            raise Unavailable from cause
        if worker:
            return worker
        try:
            worker = Process(self.limits, self._program)
            return worker
        finally:
            if not worker:
                self._free.put(None)

    def _give_back(self, worker: Process, keep: Process | None) -> None:
        if keep and keep.pictures < self.limits.pictures_per_worker:
            self._free.put(keep)
        else:
            worker.stop()
            self._free.put(None)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


class Shared:
    """The pool of this process, made when it is first asked for; a forked child makes its own.

    The lock is a new one, too: another thread may have held it at the fork, and no thread of the child would ever let
    go of it.
    """

    def __init__(self, make: Callable[[], Pool]) -> None:
        self._make = make
        self._forget()
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._pool: Pool | None = None

    def pool(self) -> Pool:
        with self._lock:
            if self._pool is None:
                self._pool = self._make()
            return self._pool


_shared = Shared(lambda: Pool(os.cpu_count() or 1))


def decode(data: bytes, colour: bool = False) -> Decoded:
    """`Pool.decode` in the pool that this process shares, one worker a processor."""
    return _shared.pool().decode(data, colour)


def reduce(data: bytes) -> Decoded:
    """`Pool.reduce` in the pool that this process shares."""
    return _shared.pool().reduce(data)


def hashed(data: bytes) -> Hashed:
    """`Pool.hashed` in the pool that this process shares."""
    return _shared.pool().hashed(data)


def show(data: bytes) -> Picture:
    """`Pool.show` in the pool that this process shares."""
    return _shared.pool().show(data)


def sandbox_kind() -> str:
    """What protects the workers of this process, for `staydown doctor`; starts one if none runs."""
    return _shared.pool().sandbox_kind()
