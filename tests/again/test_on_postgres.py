"""What banks, cases, journal, evidence and retention promise, once more on real PostgreSQL: the same tests, in a process of their
own. One for all of them: to make the tables takes longer than most of what is tested. It takes longest of all tests, so it stands
where it begins first.
"""

import os
import re
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
    "tests/cases/test_joining.py::test_a_joined_case_brings_its_reports_posts_and_orders_and_the_earliest_deadline_wins",
    "tests/cases/test_joining.py::test_taking_apart_gives_back_what_was_brought_and_what_was_known",
    "tests/cases/test_joining.py::test_reports_that_do_not_belong_together_are_split_and_joined_again",
    "tests/cases/test_joining.py::test_the_database_refuses_a_joined_case_that_is_nowhere",
    "tests/cases/test_joining.py::test_any_sequence_of_joining_and_taking_apart_leaves_every_report_in_one_case_and_nothing_lost",
    "tests/console/test_gathering.py::test_a_case_is_found_by_its_reference",
    "tests/journal/test_recording.py",
    "tests/journal/test_sending.py::test_an_authority_stamps_the_newest_checkpoint",
    "tests/journal/test_sending.py::test_a_witness_refuses_a_journal_that_was_rewritten_and_the_operator_sees_it",
    "tests/journal/test_exporting.py::test_an_untouched_export_verifies_with_the_key_and_a_head_that_was_kept",
    "tests/journal/test_writers.py",
    "tests/site/test_writing.py",
    "tests/vault/evidence/test_taking.py::test_a_reported_original_is_sealed_and_two_custodians_open_it",
    "tests/vault/evidence/test_taking.py::test_a_removal_waits_a_minute_at_most_and_the_gap_is_written_down",
    "tests/vault/evidence/test_taking.py::test_who_polls_does_not_see_a_removal_that_waits",
    "tests/vault/evidence/test_releasing.py::test_the_operator_writes_out_what_two_people_released_and_speaks_for_nobody",
    "tests/console/test_evidence.py::test_two_people_who_are_signed_in_release_and_each_step_is_in_the_journal",
    "tests/vault/evidence/test_kinds.py",
    "tests/vault/evidence/test_exporting.py::test_the_authority_checks_the_package_with_its_own_script_and_nothing_else",
    "tests/vault/evidence/test_killed.py::test_kill_9_at_moments_of_sealing_leaves_nothing_torn_and_loses_nothing",
    "tests/vault/retention/test_holding.py",
    "tests/vault/retention/test_destroying.py::test_destroyed_media_opens_for_nobody_and_its_ciphertext_is_gone",
    "tests/vault/retention/test_destroying.py::test_a_destroyed_file_tells_nobodys_story_and_the_tree_verifies",
    "tests/vault/retention/test_destroying.py::test_the_timer_destroys_only_by_the_rules_it_was_given",
    "tests/vault/retention/test_killed.py::test_kill_9_of_a_retention_run_leaves_no_half_destroyed_case",
)


@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed on this machine")
def test_what_is_promised_is_kept_on_postgresql():
    with postgres.server() as address:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STAYDOWN_")}
        environment |= {"STAYDOWN_DATABASE": address, "PYTEST_ADDOPTS": ""}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *AGAIN]
        done = subprocess.run(
            command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
            timeout=1800,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) >= len(AGAIN), done.stdout
    assert "skipped" not in done.stdout, done.stdout
