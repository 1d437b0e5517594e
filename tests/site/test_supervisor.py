"""The supervisor: what dies comes back, what is asked to stop stops, and nobody survives it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from staydown.site.supervisor import Spec, Supervisor, must_be_free
from staydown.site.trouble import Trouble
from tests.ports import free_port

PATIENCE = 300.0  # seconds: other tests may have the machine


def eventually(true: Callable[[], bool]) -> bool:
    latest = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > latest:
            return False
        time.sleep(0.02)
    return True


def lives(pid: int) -> bool:
    """Whether the process runs; one that has ended and is not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


class Kept:
    """A supervisor in a process of its own, with two children."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen((sys.executable, str(Path(__file__).with_name("keeping.py")), str(folder)))
        assert eventually((folder / "up").exists)
        assert eventually(lambda: len(self.pids("one")) == 1 and len(self.pids("two")) == 1)

    def pids(self, name: str) -> list[int]:
        """Every process that has run under this name, the last one last."""
        found = sorted(self.folder.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime_ns)
        return [int(path.name.partition("-")[2]) for path in found]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    supervisor = Kept(tmp_path)
    yield supervisor
    supervisor.process.kill()
    supervisor.process.wait()


def test_a_killed_program_is_started_again(kept: Kept) -> None:
    first = kept.pids("one")[0]
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: len(kept.pids("one")) == 2)
    assert lives(kept.pids("one")[-1])
    assert len(kept.pids("two")) == 1


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_who_asks_the_supervisor_to_stop_stops_all(kept: Kept, asked: signal.Signals) -> None:
    kept.process.send_signal(asked)
    assert kept.process.wait(PATIENCE) == 0
    assert (kept.folder / "down").exists()
    assert not any(lives(pid) for name in ("one", "two") for pid in kept.pids(name))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed parent")
def test_kill_9_of_the_supervisor_leaves_nobody_behind(kept: Kept) -> None:
    kept.process.kill()
    children = kept.pids("one") + kept.pids("two")
    assert eventually(lambda: not any(lives(pid) for pid in children))


def test_a_program_is_told_nothing_but_its_own(kept: Kept) -> None:
    (written,) = kept.folder.glob("one-*")
    assert eventually(lambda: "ONLY" in written.read_text(encoding="utf-8"))
    told = written.read_text(encoding="utf-8")
    assert "'ONLY': 'one'" in told
    assert "PATH" not in told


def test_a_taken_port_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Port {port} on 127.0.0.1 cannot be used .*another port"):
            must_be_free("127.0.0.1", port)


def test_a_free_port_is_no_trouble() -> None:
    must_be_free("127.0.0.1", free_port())


def test_a_program_that_cannot_start_is_said_in_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    quiet = tmp_path / "said"
    broken = Spec("portal", (sys.executable, "-c", "raise SystemExit(3)"), {}, ("127.0.0.1", free_port()), quiet)
    before = {asked: signal.getsignal(asked) for asked in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    supervisor = Supervisor([broken])
    try:
        with pytest.raises(Trouble, match=r"portal does not start .exit code 3"):
            supervisor.__enter__()
    finally:
        for asked, handler in before.items():
            signal.signal(asked, handler)
    assert supervisor.children == []
