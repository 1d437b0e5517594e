"""The whole house as real processes, as `make demo` runs it: portal, app, worker, and Plaza beside them."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from staydown.site import demo, home
from staydown.site.demo_plaza import Place
from tests import tables
from tests.ports import free_port

PROGRAMS = ("portal", "app", "worker", "plaza")
LINK = re.compile(r"^\s+(mina|tomas|ola)\b.*?(https?://\S+)$", re.MULTILINE)


@dataclass
class House:
    """A running house; `sign_in` has one fresh link for each member of the staff."""

    place: Place
    database: str
    process: subprocess.Popen[str]
    sign_in: dict[str, str] = field(default_factory=dict)

    @property
    def plaza(self) -> str:
        return self.place.plaza

    @property
    def portal(self) -> str:
        return self.place.places.urls["STAYDOWN_PORTAL_URL"]

    @property
    def console(self) -> str:
        return self.place.places.urls["STAYDOWN_APP_URL"]

    def kill(self, program: str) -> None:
        """kill -9 of one program, with whatever it started; the supervisor starts it again."""
        for pid in self._pids(program):
            with suppress(ProcessLookupError):  # it died just now
                os.killpg(pid, signal.SIGKILL)

    def _pids(self, program: str) -> list[int]:
        wanted = {
            "portal": str(self.place.portal_port),
            "app": str(self.place.app_port),
            "plaza": str(self.place.plaza_port),
            "worker": "work",
        }[program]
        return [pid for pid, words in _children(self.process.pid) if words and words[-1] == wanted]

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of Staydown's database."""
        if self.database:
            import psycopg

            with psycopg.connect(self.database) as connection:
                return connection.execute(sql).fetchall()
        return _sqlite(self.place.home.data / "staydown.sqlite3", sql)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While somebody reads, what was written to SQLite's log stays in it."""
        if self.database:
            yield
            return
        path = self.place.home.data / "staydown.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            yield

    def plaza_query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of Plaza's own database."""
        (path,) = (self.place.folder / "plaza").glob("*.sqlite3")
        return _sqlite(path, sql)

    def staydown(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run the command line on this house's folder."""
        command = [sys.executable, "-m", "staydown.cli", *words, "--home", str(self.place.folder)]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)

    @property
    def said(self) -> str:
        """What the programs said."""
        return self.place.output.read_text(encoding="utf-8") if self.place.output.exists() else ""


def _sqlite(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def _children(parent: int) -> list[tuple[int, list[str]]]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            words = (stat.parent / "cmdline").read_text().split("\0")
        except OSError:
            continue  # it ended meanwhile
        if int(fields[1]) == parent:
            found.append((int(stat.parent.name), [word for word in words if word]))
    return found


@contextmanager
def running(
    folder: Path, database: str = "", seeded: bool = True, also: dict[str, str] | None = None
) -> Iterator[House]:
    """The house, started in `folder`; stopped, with all its programs, at the end. `seeded`: Plaza starts empty."""
    place = Place(folder, free_port(), free_port(), free_port())
    folder.mkdir(parents=True, exist_ok=True)
    if not place.home.is_made():
        told = {"STAYDOWN_DATABASE": database, "STAYDOWN_REPORTS_PER_HOUR": "1000000", "STAYDOWN_UNDO": "0"} | (
            also or {}
        )
        home.create(place.home, "platform", "FR", also=demo.ALSO | told)
        if not database:
            tables.copied_to(place.home)
    if seeded:
        (folder / "seeded").touch()
    house = House(place, database, _start(place))
    try:
        house.sign_in = _links(house)
        yield house
    finally:
        house.process.send_signal(signal.SIGTERM)
        try:
            house.process.wait(30)
        except subprocess.TimeoutExpired:
            house.process.kill()


def _start(place: Place) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STAYDOWN_", "DJANGO_"))}
    environment |= {
        "DEMO_HOME": str(place.folder),
        "PORTAL_PORT": str(place.portal_port),
        "APP_PORT": str(place.app_port),
        "PLAZA_PORT": str(place.plaza_port),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "staydown.cli", "demo"]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, process_group=0
    )


def _links(house: House) -> dict[str, str]:
    """Read the printed page until it is whole."""
    assert house.process.stdout is not None
    said = ""
    deadline = time.monotonic() + 300
    while "Ctrl-C" not in said:
        line = house.process.stdout.readline()
        assert line, f"the house did not start:\n{said}\n{house.said[-4000:]}"
        assert time.monotonic() < deadline, said
        said += line
    return dict(LINK.findall(said))
