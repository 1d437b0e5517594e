"""A deployment of Staydown for the bench: its own folder, keys and SQLite database, its app program as it is deployed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

from bench.http_load import Wire, post
from bench.http_processes import ended, family
from staydown.site import serving
from staydown.site.home import Home, create
from staydown.site.options.declaration import Program

ROOT = Path(__file__).parents[1]
ANY = b'{"hashes": [{"pdq": "%s", "quality": 100}]}' % (b"00" * 32)
WITHOUT = "raise ImportError('the bench leaves the extra copydetect out')\n"


@dataclass(frozen=True)
class App:
    """One app program. `ready`: seconds from its start to its first answer, with the whole bank in its memory."""

    port: int
    server: int
    ready: float

    @property
    def processes(self) -> list[int]:
        return family(self.server)


@dataclass(frozen=True)
class House:
    """A deployment whose bank is filled, and its platform's key."""

    home: Home
    key: str

    @classmethod
    def made(cls, folder: Path, number: int) -> "House":
        """A new one with so many hashes banked."""
        home = Home(folder)
        create(home, "platform", "FR")
        serving.prepare(home, serving.Places())
        said = subprocess.run(
            [sys.executable, "-m", "bench.http_seed", str(number)],
            cwd=ROOT, env=environment(home, 0), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return cls(home, said.stdout.strip())

    @contextmanager
    def apps(self, count: int = 1) -> Iterator[list[App]]:
        """So many app programs at once, each on a port of its own, over the one database."""
        with ExitStack() as stack:
            servers = [stack.enter_context(self._app()) for _ in range(count)]
            yield [self._answering(port, server, began) for port, server, began in servers]

    @contextmanager
    def _app(self) -> Iterator[tuple[int, int, float]]:
        port, began = free_port(), time.monotonic()
        command = serving.run("web", "127.0.0.1", str(port))
        with (self.home.path / f"app-{port}.log").open("w") as log:
            server = subprocess.Popen(command, env=environment(self.home, port), stdout=log, stderr=log)
        try:
            yield port, server.pid, began
        finally:
            ended(server)

    def _answering(self, port: int, server: int, began: float) -> App:
        """Once it has answered: its first answer comes when it has followed the bank to its end."""
        wire, asked = Wire(port), post("/api/v1/hashes/check", ANY, self.key)
        while True:
            try:
                wire.ask(asked)
            except ConnectionError:
                time.sleep(0.2)
            else:
                wire.close()
                return App(port, server, time.monotonic() - began)


def environment(home: Home, port: int) -> dict[str, str]:
    """That of the app as it is deployed, but for the networks of descriptors: they are left out, as where the extra
    copydetect is not installed.
    """
    without = home.path / "without"
    without.mkdir(exist_ok=True)
    (without / "onnxruntime.py").write_text(WITHOUT)
    told = serving.environment(home, Program.APP, serving.Places(app_port=port).urls)
    return told | {"PYTHONPATH": str(without)}
