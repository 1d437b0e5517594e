"""Tasks that tests owe. Each writes a line where the test can see that it ran."""

import os
import threading
import time
from pathlib import Path

from django.db import OperationalError
from django.tasks import task

from staydown.promises.errors import GiveUp, Later

done: list[object] = []
entered = threading.Event()
leave = threading.Event()


def note(*words: object) -> None:
    done.append(words)


@task
def noted(word: str) -> None:
    done.append(word)


def write(path: str, line: str) -> None:
    """One write in append mode is one line, from any process."""
    with Path(path).open("a") as file:
        file.write(f"{line}\n")


def write_and_linger(path: str, line: str, seconds: float) -> None:
    write(path, f"{line} begun by {os.getpid()}")
    time.sleep(seconds)
    write(path, f"{line} done by {os.getpid()}")


def write_and_wait(path: str, line: str, until: str) -> None:
    """Until there is a file of that name."""
    write(path, f"{line} begun by {os.getpid()}")
    while not Path(until).exists():
        time.sleep(0.02)
    write(path, f"{line} done by {os.getpid()}")


def wait_inside(word: str) -> None:
    done.append(word)
    entered.set()
    leave.wait(600)


def break_quoting(words: str) -> None:
    try:
        raise KeyError(words)
    except KeyError as error:
        raise ValueError(f"cannot use {words}") from error


def not_yet() -> None:
    raise Later(60)


def hopeless() -> None:
    raise GiveUp("the platform is deleted")


def lose_the_database() -> None:
    raise OperationalError("server closed the connection")


def leave_the_process() -> None:
    raise SystemExit(1)


ROUNDS = Path(os.environ.get("STAYDOWN_TEST_ROUNDS", os.devnull))


def come_round() -> None:
    write(str(ROUNDS), f"round {os.getpid()}")


def come_round_and_break() -> None:
    come_round()
    raise ValueError("this duty fails each time")
