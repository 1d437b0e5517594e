"""Real worker processes for the tests that kill them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from . import chores

HERE = Path(__file__).parent
type Start = Callable[..., subprocess.Popen[bytes]]


PATIENCE = 600.0  # seconds: other tests may have the machine


def eventually(true: Callable[[], object]) -> None:
    """Wait until the condition holds; fail when it never does."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.02)


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(autouse=True)
def nothing_done(settings: Any) -> None:
    settings.DUTIES = {}  # a worker in a test keeps what the test owes
    settings.LEASE_SECONDS = PATIENCE  # and loses it to nobody because the machine is busy
    chores.done.clear()
    chores.entered.clear()
    chores.leave.clear()


@pytest.fixture
def a_worker(transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    """Start worker processes on the test's database; what is left of them is killed at the end."""
    if "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip('two processes need a database on disk: set DATABASES["default"]["TEST"]["NAME"]')
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "CONN_MAX_AGE")
    database = {name: connection.settings_dict[name] for name in wanted}
    database["NAME"] = str(database["NAME"])
    started: list[subprocess.Popen[bytes]] = []

    def start(**given: Any) -> subprocess.Popen[bytes]:
        environ = os.environ | {"STAYDOWN_TEST_ROUNDS": str(tmp_path / "rounds")}
        command = [sys.executable, str(HERE / "a_worker.py"), json.dumps({"database": database, **given})]
        started.append(subprocess.Popen(command, env=environ))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
