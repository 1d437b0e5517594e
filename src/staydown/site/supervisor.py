"""Keeps the programs of one deployment running: starts them, starts again what dies, stops all in order.

Each program gets an environment of its own (decision 1) and dies with the supervisor, even one that is killed -9.
Start and restart happen on the main thread: Linux ties a child's life to the thread that made it.
"""

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

import structlog

from staydown.site import leash
from staydown.site.trouble import Trouble

log = structlog.get_logger("staydown.supervisor")
SETTLED = 10.0  # seconds after which a program counts as running well
LONGEST_WAIT = 5.0
READY_WITHIN = 300.0  # a machine may be slow, or busy; what ends instead is told at once
STOP_WITHIN = 10.0
LOOK_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Spec:
    """What to run, with which environment, and where it will accept connections, if anywhere."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    address: tuple[str, int] | None = None
    output: Path | None = None  # None: the supervisor's own


class Child:
    """One program, and how often it had to be started again."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.start_at = 0.0
        self._wait = 0.0
        self.process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        self.started_at = time.monotonic()
        output = self.spec.output.open("ab") if self.spec.output else None
        try:
            return subprocess.Popen(
                self.spec.command,
                env=dict(self.spec.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,  # Ctrl-C reaches the supervisor alone, which stops the others in order
                preexec_fn=partial(leash.die_with, os.getpid()),
            )
        finally:
            if output:
                output.close()

    def look(self) -> None:
        """Start again what has ended: at once when it had run well, else later and later, up to five seconds."""
        now = time.monotonic()
        if self.process.poll() is None:
            return
        if not self.start_at:
            self._wait = 0.0 if now - self.started_at > SETTLED else min(max(0.2, self._wait * 2), LONGEST_WAIT)
            self.start_at = now + self._wait
            log.warning("program ended, it is started again", program=self.spec.name, reason=self.ending())
        if now >= self.start_at:
            self.start_at = 0.0
            self.process = self._spawn()

    def ending(self) -> str:
        """How the process ended, in words."""
        code = self.process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"

    def stop(self) -> None:
        """Ask it to end, and end it when it does not."""
        self.process.terminate()
        try:
            self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            log.warning("program did not stop, it is killed", program=self.spec.name)
            self.process.kill()
            self.process.wait()


class Supervisor:
    """Runs a list of programs; use it as `with Supervisor(specs) as running: running.watch()`."""

    def __init__(self, specs: Sequence[Spec]) -> None:
        self.specs = specs
        self.children: list[Child] = []
        self.over = threading.Event()

    def __enter__(self) -> "Supervisor":
        for spec in self.specs:
            if spec.address:
                must_be_free(*spec.address)
        for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(asked, self._asked)
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop()

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Keep all programs running until a signal asks to stop, or `until` says so."""
        while not self.over.is_set() and not until():
            for child in self.children:
                child.look()
            self.over.wait(LOOK_EVERY)

    def _asked(self, _signal: int, _frame: FrameType | None) -> None:
        self.over.set()

    def _start(self) -> None:
        """Start all at once, then wait until each accepts. At the first start nothing is tried twice."""
        self.children.extend(Child(spec) for spec in self.specs)
        for child in self.children:
            self._until_ready(child)

    def _until_ready(self, child: Child) -> None:
        latest = time.monotonic() + READY_WITHIN
        while child.spec.address and not self.over.is_set() and not accepts(*child.spec.address):
            if child.process.poll() is not None or time.monotonic() > latest:
                how = child.ending() if child.process.returncode is not None else f"silent for {READY_WITHIN:.0f} s"
                where = f"in {child.spec.output}" if child.spec.output else "above"
                raise Trouble(
                    f"The program {child.spec.name} does not start ({how}). What it said stands {where}; "
                    "`staydown doctor` says what is wrong with the settings."
                )
            self.over.wait(LOOK_EVERY)

    def _stop(self) -> None:
        for child in self.children:
            child.stop()
        self.children.clear()


def must_be_free(host: str, port: int) -> None:
    """Raise `Trouble` when the address is taken: granian would share the port silently (SO_REUSEPORT)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Trouble(f"Port {port} may not be opened by this user. Choose one above 1023.") from error
        except OSError as error:
            raise Trouble(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop what uses it, or choose another port."
            ) from error


def accepts(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  compared, not bound
    try:
        with socket.create_connection((reachable, port), timeout=1):
            return True
    except OSError:
        return False


def free_port() -> int:
    """A port of this machine that nobody uses just now."""
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])
