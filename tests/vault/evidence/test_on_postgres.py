"""What evidence promises, once more on real PostgreSQL: the same tests, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres

HERE = "tests/vault/evidence"
AGAIN = (
    f"{HERE}/test_taking.py::test_a_reported_original_is_sealed_and_two_custodians_open_it",
    f"{HERE}/test_taking.py::test_a_removal_waits_a_minute_at_most_and_the_gap_is_written_down",
    f"{HERE}/test_taking.py::test_who_polls_does_not_see_a_removal_that_waits",
    f"{HERE}/test_releasing.py::test_the_whole_way_on_the_command_line",
    f"{HERE}/test_exporting.py::test_the_authority_checks_the_package_with_its_own_script_and_nothing_else",
    f"{HERE}/test_killed.py::test_kill_9_at_moments_of_sealing_leaves_nothing_torn_and_loses_nothing",
)


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed on this machine")
def test_evidence_keeps_its_promises_on_postgresql():
    with postgres.server() as address:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STAYDOWN_")}
        environment |= {"STAYDOWN_DATABASE": address}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *AGAIN]
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False,
            timeout=1800,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert f"{len(AGAIN)} passed" in done.stdout
