"""A real server on loopback that counts who connects, and misbehaves in the ways strangers' servers do."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

type Behaviour = Callable[[socket.socket], None]


@dataclass
class Listener:
    """One listening socket; each connection is counted, its request head kept, and answered by `behaviour`."""

    sock: socket.socket
    behaviour: Behaviour
    heads: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def port(self) -> int:
        return int(self.sock.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.sock.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            head = connection.recv(65536, socket.MSG_PEEK)
            if not head.startswith(b"\x16"):  # a TLS hello stays unread, for the TLS server
                connection.recv(65536)
            self.heads.append(head)
            self.behaviour(connection)

    def close(self) -> None:
        self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


def answers(text: bytes, status: str = "200 OK", *headers: str) -> Behaviour:
    """A server that answers at once, as a good one does."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(text)}", *headers, "", ""]).encode()
    return lambda connection: connection.sendall(head + text)


@pytest.fixture
def listen() -> Iterator[Callable[[Behaviour], Listener]]:
    started: list[Listener] = []

    def start(behaviour: Behaviour) -> Listener:
        listener = Listener(socket.create_server(("127.0.0.1", 0)), behaviour)
        threading.Thread(target=listener.serve, daemon=True).start()
        started.append(listener)
        return listener

    yield start
    for listener in started:
        listener.close()
