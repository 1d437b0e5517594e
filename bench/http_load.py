"""Requests over real connections, kept open where the server does: what a client asks, and how long each took."""

import socket
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import quote

PATIENCE = 1800.0  # seconds for one answer: a server that has just started may have a million hashes to load
JSON = "application/json"
BOUNDARY = "0123456789abcdef" * 2  # as long as the usual clients make theirs: a server looks for it in every byte


def post(path: str, body: bytes, key: str = "", kind: str = JSON) -> bytes:
    """A whole request."""
    allowed = f"Authorization: Bearer {key}\r\n" if key else ""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{allowed}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def get(path: str, **query: str) -> bytes:
    """A whole request with its query."""
    asked = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    return f"GET {path}?{asked} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def upload(path: str, field_name: str, media: bytes, key: str = "") -> bytes:
    """A whole request with one file."""
    named = f'Content-Disposition: form-data; name="{field_name}"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = f"--{BOUNDARY}\r\n{named}".encode() + media + f"\r\n--{BOUNDARY}--\r\n".encode()
    return post(path, body, key, f"multipart/form-data; boundary={BOUNDARY}")


class Wire:
    """One connection to a port of this machine, made again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> bytes:
        """The body of the answer. Raises `AssertionError` when it is no 200."""
        try:
            return self._asked(request)
        except (ConnectionError, BrokenPipeError):
            self.close()
            return self._asked(request)

    def _asked(self, request: bytes) -> bytes:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        told = b""
        while b"\r\n\r\n" not in told:
            told += self._more()
        head, _, body = told.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        while len(body) < int(fields["content-length"]):
            body += self._more()
        if fields.get("connection") == "close":
            self.close()
        assert lines[0].split()[1] == "200", (lines[0], body[:300])
        return body

    def _more(self) -> bytes:
        assert self._socket
        some = self._socket.recv(65536)
        if not some:
            raise ConnectionError
        return some

    def close(self) -> None:
        """Hang up."""
        if self._socket:
            self._socket.close()
        self._socket = None


@dataclass
class Load:
    """What came of asking without a pause for some seconds: milliseconds of each answer."""

    seconds: float = 0
    times: list[float] = field(default_factory=list)


def load(port: int, requests: list[bytes], seconds: float, clients: int = 4) -> Load:
    """Ask as so many clients at once, each the next as soon as the last is answered. Raises what an answer raised."""
    found, wrong, began = Load(), list[BaseException](), time.monotonic()

    def ask(first: int) -> None:
        wire = Wire(port)
        try:
            for request in cycle(requests[first:] + requests[:first]):
                start = time.monotonic()
                if start > began + seconds:
                    break
                wire.ask(request)
                found.times.append((time.monotonic() - start) * 1000)
        except BaseException as error:  # noqa: BLE001 - raised below, where it is seen
            wrong.append(error)
        wire.close()

    people = [threading.Thread(target=ask, args=(number * len(requests) // clients,)) for number in range(clients)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    if wrong:
        raise wrong[0]
    found.seconds = time.monotonic() - began
    return found
