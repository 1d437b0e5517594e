"""Two at once, on real PostgreSQL (SQLite has one writer at a time)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import postgres


@pytest.fixture(scope="module")
def came_to() -> dict[str, Any]:
    """What each race of `racing` came to."""
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    with postgres.server() as address:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STAYDOWN_")}
        environment |= {"STAYDOWN_DATABASE": address, "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests"}
        command = [sys.executable, "-m", "tests.attacks.racing"]
        done = subprocess.run(
            command,
            env=environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


RACES = {
    "reports_of_one_item": [["done"], 1, 1, 6],
    "one_report_sent_often": [["done"], 1],
    "a_report_while_its_case_is_decided": "open",
    "two_decisions": [["AlreadyDecided", "AlreadyDecided", "done"], 1, 1],
    "two_second_persons": [["AlreadyDecided", "done"], True],
    "one_confirmation_sent_often": [["done"], 1],
    "a_registration_while_its_picture_is_banked": "held",
    "a_banking_while_a_copy_registers": "held",
    "one_idempotency_key_sent_often": [4, 1, 201, 1],
}


@pytest.mark.parametrize("race", RACES)
def test_two_at_once_come_to_what_one_after_the_other_would(came_to: dict[str, Any], race: str):
    assert came_to[race] == RACES[race]
