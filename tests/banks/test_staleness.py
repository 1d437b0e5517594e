"""However many processes there are and however busy they are, none answers by a bank of a moment ago."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from staydown import fingerprints
from staydown.banks.actions import keeping
from staydown.platforms.rules import Verdict
from tests import people
from tests.banks.test_freshness import COPY, banked

PROCESSES = 4
Said = list[tuple[float, str]]  # when each check began, on the machine's monotonic clock, and the verdict


@pytest.fixture
def asking(transactional_db: None) -> Iterator[Callable[[], list[Said]]]:
    """Start processes that ask about a copy all the time; answers what each of them says, as it grows."""
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("several processes need a database on disk")
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "CONN_MAX_AGE")
    database = {name: connection.settings_dict[name] for name in wanted} | {
        "NAME": str(connection.settings_dict["NAME"])
    }
    told = json.dumps({"database": database, "pdq": fingerprints.of_image(COPY).pdq.hex()})
    environ = os.environ | {"STAYDOWN_FINGERPRINT_KEY": settings.FINGERPRINT_KEY.hex()}
    started: list[subprocess.Popen[str]] = []

    def start() -> list[Said]:
        said: list[Said] = []
        for _ in range(PROCESSES):
            command = [sys.executable, str(Path(__file__).with_name("asking.py")), told]
            process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
            started.append(process)
            said.append([])
            threading.Thread(target=_listen, args=(process, said[-1]), daemon=True).start()
        return said

    yield start
    for process in started:
        process.kill()
        process.wait()


def _listen(process: subprocess.Popen[str], said: Said) -> None:
    assert process.stdout
    for line in process.stdout:
        began, verdict = line.split()
        said.append((float(began), verdict))


def _wait_for_each(said: list[Said], since: float, count: int = 3) -> None:
    until = time.monotonic() + 600
    while any(sum(began > since for began, _ in each) < count for each in said):
        assert time.monotonic() < until, [len(each) for each in said]
        time.sleep(0.05)


def test_four_busy_processes_follow_every_commit_from_their_very_next_check(asking: Callable[[], list[Said]]):
    platform = people.plaza()
    said = asking()
    _wait_for_each(said, 0)
    entry = banked(platform)
    after_banking = time.monotonic()
    _wait_for_each(said, after_banking)
    keeping.withdraw(entry, people.staff("tomas", "lead"), people.NOW)
    after_withdrawal = time.monotonic()
    _wait_for_each(said, after_withdrawal)
    for each in said:
        first = [verdict for began, verdict in each if began > after_banking][:3]
        last = {verdict for began, verdict in each if began > after_withdrawal}
        assert first == [Verdict.HOLD.value] * 3
        assert last == {Verdict.ALLOW.value}
