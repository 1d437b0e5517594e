"""Work in a process of its own, to be killed: it is started once, and forks for each line that it is given."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from select import select

import django
from django.conf import settings
from django.db import connection

ROOM = Path(__file__).parents[1]


def set_up() -> list[str]:
    """In that process, before anything of Staydown is imported: on the test's database; what else it was told."""
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    return sys.argv[2:]


def serve(work: Callable[[str], object]) -> None:
    """In that process: fork for each line, say who works on it, and once that child is gone, however, say so."""
    for line in sys.stdin:
        if child := os.fork():
            os.waitpid(child, 0)
            print("gone", flush=True)
        else:
            _child(work, line.strip())


def _child(work: Callable[[str], object], line: str) -> None:
    connection.ensure_connection()  # it stands before the clock of whoever kills runs
    print(os.getpid(), flush=True)
    with redirect_stdout(sys.stderr):
        work(line)
    os._exit(0)


@dataclass
class Worker:
    """That process, as the test has it: begin a line, then end it or measure it."""

    process: subprocess.Popen[str]
    seconds: float = 60.0  # that a whole line takes on this machine, once one was measured
    began: float = 0.0
    child: int = 0
    line: str = ""
    is_new: bool = True  # nobody has worked on this line before, so that it is a whole one

    def begin(self, line: str) -> int:
        """Have a line worked on; by whom."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin and stdout
        self.line, self.is_new = line, line != self.line
        stdin.write(f"{line}\n")
        stdin.flush()
        self.child, self.began = int(stdout.readline()), time.monotonic()
        return self.child

    def end(self) -> None:
        """Wait until nobody works on it any more."""
        assert self.process.stdout and self.process.stdout.readline() == "gone\n"

    def end_at(self, part: float) -> bool:
        """Kill it at this part of the time that a whole one takes; False where it was done before; a whole one measures."""
        done, _, _ = select([self.process.stdout], [], [], part * self.seconds)
        killed = not done and kill(self.child)
        self.end()
        if done and self.is_new:
            self.seconds = time.monotonic() - self.began
        return killed

    def measure(self) -> None:
        """Wait until it is done, and remember how long that took."""
        self.end()
        self.seconds = time.monotonic() - self.began


def kill(pid: int) -> bool:
    """kill -9; False where it is gone."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def worker(module: str, *told: str) -> Iterator[Worker]:
    """Start `python -m module`, on the database of the test that runs."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests"}
    command = [sys.executable, "-m", module, str(connection.settings_dict["NAME"]), *told]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environment, cwd=ROOM, text=True, **pipes) as process:
        yield Worker(process)
        assert process.stdin
        process.stdin.close()
