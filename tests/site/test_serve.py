"""`staydown serve` as an operator runs it: three programs, each with its own secrets, that outlive every kill but one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from staydown.cli import main
from staydown.site.home import Home, create
from staydown.site.options import OPTIONS
from staydown.site.options.declaration import Program
from staydown.site.supervisor import accepts
from tests import tables
from tests.ports import free_port
from tests.site.test_supervisor import PATIENCE, eventually, lives

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Served:
    """A running deployment, seen from outside: its processes by their settings module, its ports."""

    def __init__(self, home: Home) -> None:
        self.home = home
        tables.copied_to(home)
        self.ports = {Program.PORTAL: free_port(), Program.APP: free_port()}
        ports = [f"--{program}-port={port}" for program, port in self.ports.items()]
        command = (sys.executable, "-m", "staydown.cli", "serve", "--home", str(home.path), *ports)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert self.comes_back(), "serve did not start"

    def comes_back(self) -> bool:
        """Whether all programs serve, in the end."""
        return eventually(lambda: all(map(self.healthy, self.ports)) and bool(self.pids(Program.WORKER)))

    def healthy(self, program: Program) -> bool:
        try:
            connection = HTTPConnection("127.0.0.1", self.ports[program], timeout=5)
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False

    def pids(self, program: Program) -> list[int]:
        """The processes of a program, the first one started first."""
        wanted = f"DJANGO_SETTINGS_MODULE=staydown.site.settings.{program}".encode()
        here = f"STAYDOWN_DATA={self.home.data}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                told = (folder / "environ").read_bytes().split(b"\0")
                if wanted in told and here in told and lives(int(folder.name)):
                    found.append(int(folder.name))
        return sorted(found)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = Home(tmp_path_factory.mktemp("serve") / "home")
    create(home, "platform", "FR")
    running = Served(home)
    yield running
    running.process.kill()
    running.process.wait()


def unknown_to_portal(home: Home) -> dict[str, bytes]:
    """Every secret of the other programs, by its name: as it is written, and as bytes where it is written in hex."""
    others = home.environment(Program.APP) | home.environment(Program.WORKER)
    secrets = {
        option.variable: others[option.variable] for option in OPTIONS if option.secret and option.variable in others
    }
    found = {name: secret.encode() for name, secret in secrets.items()}
    for name, secret in secrets.items():
        with suppress(ValueError):
            found[f"{name} in bytes"] = bytes.fromhex(secret)
    return found


def memory_of(pid: int) -> Iterator[bytes]:
    """Every stretch of memory a process can write."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            span, rights = line.split()[:2]
            first, last = (int(end, 16) for end in span.split("-"))
            with suppress(OSError, ValueError, OverflowError):  # [vvar] and the like cannot be read
                if "w" in rights:
                    memory.seek(first)
                    yield memory.read(last - first)


def test_no_secret_is_in_the_portals_environment_or_memory(served: Served) -> None:
    assert len(served.pids(Program.PORTAL)) == 2  # granian, and the process that serves
    secrets = unknown_to_portal(served.home)
    for pid in served.pids(Program.PORTAL):
        told = Path(f"/proc/{pid}/environ").read_bytes()
        assert not [name for name, secret in secrets.items() if secret in told]
        try:
            stretches = list(memory_of(pid))
        except PermissionError:
            pytest.skip("this machine lets nobody read another process's memory")
        public = served.home.environment(Program.PORTAL)["STAYDOWN_WORKING_PUBLIC"].encode()
        assert any(public in stretch for stretch in stretches)  # we do find what is there
        assert not [name for name, secret in secrets.items() if any(secret in stretch for stretch in stretches)]


def test_a_program_is_given_a_few_variables_beside_its_own(served: Served) -> None:
    own = {option.variable for option in OPTIONS if Program.PORTAL in option.programs}
    told = Path(f"/proc/{served.pids(Program.PORTAL)[0]}/environ").read_bytes().decode().split("\0")
    names = {line.partition("=")[0] for line in told if line}
    assert names <= own | {"PATH", "HOME", "LANG", "TMPDIR", "DJANGO_SETTINGS_MODULE", "OPENBLAS_NUM_THREADS"}


@pytest.mark.parametrize("program", Program)
@pytest.mark.parametrize("which", [0, -1])  # granian's own process, and the one that serves
def test_a_program_that_was_killed_serves_again(served: Served, program: Program, which: int) -> None:
    before = served.pids(program)
    os.kill(before[which], signal.SIGKILL)
    assert eventually(lambda: not any(lives(pid) for pid in before))
    assert served.comes_back()


def test_a_second_start_says_that_the_port_is_taken(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    port = served.ports[Program.PORTAL]
    assert main(["serve", "--home", str(served.home.path), f"--portal-port={port}"]) == 2
    assert f"Port {port} on 127.0.0.1 cannot be used" in capsys.readouterr().err


@pytest.mark.parametrize("asked", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.soak)])
def test_nothing_is_left_when_serve_ends(tmp_path: Path, asked: signal.Signals) -> None:
    home = Home(tmp_path / "home")
    create(home, "platform", "FR")
    served = Served(home)
    served.process.send_signal(asked)
    assert served.process.wait(PATIENCE) == (0 if asked is signal.SIGTERM else -signal.SIGKILL)
    assert eventually(lambda: not any(served.pids(program) for program in Program))
    assert eventually(lambda: not any(accepts("127.0.0.1", port) for port in served.ports.values()))


def test_a_missing_key_file_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "home")
    create(home, "platform", "FR")
    home.file_of(Program.WORKER).unlink()
    assert main(["serve", "--home", str(home.path)]) == 2
    assert "worker.env is missing. Restore it" in capsys.readouterr().err


def test_a_setting_in_the_wrong_file_stops_the_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "home")
    create(home, "platform", "FR")
    with home.file_of(Program.PORTAL).open("a", encoding="utf-8") as file:
        file.write("STAYDOWN_WORKING_KEY=AGE-SECRET-KEY-1\n")
    assert main(["serve", "--home", str(home.path)]) == 2
    assert "STAYDOWN_WORKING_KEY, which the program portal may not know" in capsys.readouterr().err
