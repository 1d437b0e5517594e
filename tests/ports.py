"""Ports on loopback."""

import os
import random
import socket

# Below the ports that the system hands to outgoing connections, and apart for each process of a parallel run.
FIRST, WIDTH = 20_000, 1_000
_mine = FIRST + WIDTH * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw9")[2:]) % 12)
_given: set[int] = set()


def free_port() -> int:
    """A port that nothing listens on, and that was not given before."""
    while True:
        port = _mine + random.randrange(WIDTH)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if port not in _given and _binds(probe, port):
                _given.add(port)
                return port


def _binds(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
