"""What the bank promises, once more on real PostgreSQL: the same tests, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres

AGAIN = (
    "tests/banks/test_progress.py::test_kill_9_of_an_import_loses_no_post_and_orders_nothing_twice",
    "tests/banks/test_digests.py::test_a_banked_jpeg_is_blocked_whatever_was_written_about_it",
    "tests/banks/test_digests.py::test_a_platforms_own_list_may_name_its_posts_by_forgeable_digests",
    "tests/banks/test_allowed.py::test_what_looks_just_like_it_takes_two_people",
    "tests/banks/test_allowed.py::test_whoever_banks_a_picture_later_has_the_newer_word",
    "tests/banks/test_policy.py::test_a_raised_entry_holds_for_a_while_before_it_blocks_and_can_be_stopped",
)


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed on this machine")
def test_the_bank_keeps_its_promises_on_postgresql():
    with postgres.server() as address:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STAYDOWN_")}
        environment |= {"STAYDOWN_DATABASE": address}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *AGAIN]
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
            timeout=900,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert f"{len(AGAIN)} passed" in done.stdout
