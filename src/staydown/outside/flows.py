"""An answer that is read while it arrives: at most four pieces of it are in memory, whatever its size."""

import queue
import threading
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import Future
from time import monotonic

from staydown.outside.errors import AnswerTooLarge, OutsideError, TooSlow

DEPTH = 4  # pieces of at most 64 KiB
_END = b""


class Flow:
    """One answer on its way: `status` and `headers` once they are there, then `read`, as of a file."""

    def __init__(self, host: str, limit: int, deadline: float) -> None:
        self.host, self.limit, self.deadline = host, limit, deadline
        self._head: Future[tuple[int, Mapping[str, str]]] = Future()
        self._pieces: queue.Queue[bytes | OutsideError] = queue.Queue(DEPTH)
        self._closed = threading.Event()
        self._rest = b""
        self._ended = False

    @property
    def status(self) -> int:
        """The HTTP status. Waits for it; raises `OutsideError`."""
        return self._head.result()[0]

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, names in lower case. Waits for them; raises `OutsideError`."""
        return self._head.result()[1]

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; nothing at the end. Raises `OutsideError`, also when the answer was cut short."""
        if not self._rest and not self._ended:
            piece = self._pieces.get()
            if isinstance(piece, OutsideError):
                self._ended = True
                raise piece
            self._rest, self._ended = piece, piece == _END
        size = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:size], self._rest[size:]
        return given

    def close(self) -> None:
        """Nobody reads on: the call ends."""
        self._closed.set()

    async def pour(self, status: int, headers: Mapping[str, str], pieces: AsyncIterator[bytes]) -> None:
        """Hand on an answer as it comes, in the thread of the call. Raises `AnswerTooLarge` and `TooSlow`."""
        self._head.set_result((status, headers))
        seen = 0
        async for piece in pieces:
            seen += len(piece)
            if seen > self.limit:
                raise AnswerTooLarge(f"{self.host}: more than {self.limit} bytes")
            if piece:
                self._put(piece)
        self._put(_END)

    def fail(self, error: OutsideError) -> None:
        """Let whoever reads know that no more comes."""
        if not self._head.done():
            self._head.set_exception(error)
            return
        self.deadline = max(self.deadline, monotonic() + 5)
        self._put(error)

    def _put(self, piece: bytes | OutsideError) -> None:
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=0.2)
                return
            except queue.Full:
                if monotonic() > self.deadline and not isinstance(piece, OutsideError):
                    raise TooSlow(self.host) from None
