"""A cluster of Ray on this machine, started as an operator starts one (how it behaves is in the package's environment)."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ray

from tests.ports import free_port

PATIENCE = 600.0  # seconds for what takes two where nobody else is at work
TRIES = 2
PORTS = ("dashboard-agent-grpc", "dashboard-agent-listen", "runtime-env-agent", "metrics-export")


@contextmanager
def running() -> Iterator[str]:
    """The address of a head that has one core."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # the names of its sockets must be short
    started: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(TRIES):  # a machine may be too busy even for the limits it was given
            port = free_port()
            started.append(_head(port, folder))
            if _is_up(started[-1], folder):
                break
        else:
            raise AssertionError((folder / "said").read_text())
        yield f"127.0.0.1:{port}"
    finally:
        ray.shutdown()
        for process in started:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _head(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """Ray's head, in a group of its own. Its ports are given: else it waits for its agents to name them, and not long."""
    ports = [f"--{name}-port={free_port()}" for name in PORTS]
    few = ["--num-cpus=1", f"--object-store-memory={80 * 2**20}", "--include-dashboard=false", "--no-monitor"]
    where = ["--head", "--block", "--node-ip-address=127.0.0.1", f"--port={port}", f"--temp-dir={folder}"]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with (folder / "said").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.head", "start", *where, *few, *ports, "--include-log-monitor=false"],
            cwd=Path(__file__).parents[2],
            env=environment,  # a shard's machine has settings of its own
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def _is_up(process: subprocess.Popen[bytes], folder: Path) -> bool:
    """Wait until it says so, or ends."""
    until = time.monotonic() + PATIENCE
    while b"Ray runtime started" not in (folder / "said").read_bytes():
        if process.poll() is not None:
            _end(process)
            return False
        assert time.monotonic() < until, (folder / "said").read_text()
        time.sleep(0.2)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it, and what it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
