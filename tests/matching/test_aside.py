"""Work beside searches is over before its process is, and says nothing about it."""

import subprocess
import sys

import pytest

ENDING = """
import threading, time
from staydown.matching import aside
from staydown.matching.kernel.threads import by_threads
def late():
    while threading.main_thread().is_alive():
        time.sleep(0.01)
    by_threads(abs, (1, 2), 2)
aside.begin(late, "late")
"""
FAILING = """
from staydown.matching import aside
def failing():
    raise RuntimeError("told")
aside.begin(failing, "failing").join()
"""


@pytest.mark.parametrize(("program", "said"), [(ENDING, ""), (FAILING, "RuntimeError: told")])
def test_a_step_that_no_pool_takes_any_more_is_left_in_silence_and_nothing_else_is(program: str, said: str):
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0
    assert ran.stderr.strip().endswith(said)
    assert bool(ran.stderr) == bool(said)
