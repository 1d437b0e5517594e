"""A service of somebody else, on this machine: it answers over HTTP as its rules say, and breaks as it is told."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Said(NamedTuple):
    """An answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = {}


@dataclass
class Memory:
    """What it remembers. `faults` are spent one a call: "drop" and "drop after" it has acted, and those of the service."""

    faults: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    url: str = ""

    def moment(self, when: str, call: str) -> None:
        """Called "before" it acts, "within" (it has acted and not answered) and "after": for whoever kills callers."""


class FarSide(BaseHTTPRequestHandler):
    """One call. Subclasses name it, and answer it."""

    @property
    def memory(self) -> Memory:
        return self.server.memory  # type: ignore[attr-defined]  # set by `running`

    def name(self) -> str:
        """What is written into `calls`."""
        raise NotImplementedError

    def answer(self, body: bytes, fault: str) -> Said:
        """What it says, having acted."""
        raise NotImplementedError

    def do_GET(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.memory.moment("before", self.name())
        with self.memory.lock:
            self.memory.calls.append(self.name())
            fault = self.memory.faults.pop(0) if self.memory.faults else ""
            said = None if fault == "drop" else self.answer(body, fault)
        self.memory.moment("within", self.name())
        if said is None or fault == "drop after":
            self.close_connection = True
            return
        with suppress(OSError):  # whoever asked was killed
            self._say(said)
        self.memory.moment("after", self.name())

    def _say(self, said: Said) -> None:
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def running[M: Memory](memory: M, handler: type[FarSide], path: str = "") -> Iterator[M]:
    """The service, until the end of the block; its address is the memory's `url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.memory = memory  # type: ignore[attr-defined]  # the handler reads it
    memory.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield memory
    finally:
        server.shutdown()
        server.server_close()
