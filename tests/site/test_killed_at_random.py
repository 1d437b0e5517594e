"""kill -9 of changing keys, of a backup and of a restore, at moments nobody chose: run again, and nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from staydown.site.home import Home
from tests.attacks import theft
from tests.crashes.killer import seed
from tests.site import deployments, sealing
from tests.site.deployments import staydown
from tests.site.test_backups import TO_BOTH, private

WORDS = "her words, seventeen violet umbrellas"
ALL_WELL = (WORDS, WORDS, "block", 0)
CHANGES = (
    ("keys", "rotate", "working"),
    ("keys", "reseal"),
    ("keys", "retire"),
    ("keys", "rotate", "fingerprint"),
    ("keys", "reseal"),
)
SECRETS = {"words": WORDS.encode(), "database": b"SQLite format 3", "tables": b"CREATE TABLE"}
SEED = seed()
RANDOM = random.Random(SEED)  # another moment each time, or STAYDOWN_SEED's
FEW = [pytest.param(1, id="once"), pytest.param(20, id="often", marks=pytest.mark.soak)]


def begun(home: Home, *words: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "staydown.cli", *map(str, words), "--home", str(home.path)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=deployments.clean(), process_group=0, **quiet)


def seconds(home: Home, *words: str | Path) -> float:
    """How long a command takes when nobody kills it."""
    start = time.monotonic()
    staydown(home, *words, check=False)
    return time.monotonic() - start


def killed(process: subprocess.Popen[bytes], within: float) -> None:
    """Kill it at some moment of its life; mostly late, because it begins by reading itself in."""
    print(f"STAYDOWN_SEED={SEED}")
    time.sleep(within * RANDOM.random() ** 0.5)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def reads(home: Home) -> tuple[str, str, str, int]:
    told = deployments.told(home)
    return told["words"], told["receipt"], told["verdict"], told["wrong"]


@pytest.mark.soak
@pytest.mark.parametrize("times", [1, 20])
def test_a_change_of_keys_killed_at_any_moment_loses_no_word_and_no_fingerprint(tmp_path: Path, times: int):
    home = deployments.lived_in(tmp_path / "house")
    lasts = seconds(home, "keys", "reseal")
    for _ in range(times):
        for change in CHANGES:
            killed(begun(home, *change), lasts)
            staydown(home, "keys", "reseal")  # what the page says to do
            if change == CHANGES[2] or change == CHANGES[-1]:
                assert reads(home) == ALL_WELL, change
    staydown(home, "keys", "retire")
    assert reads(home) == ALL_WELL


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Path]]:
    """A deployment with evidence, and its backup."""
    folder = tmp_path_factory.mktemp("random")
    home = sealing.lived_in(folder / "house")
    staydown(home, "backup", "--to", folder / "whole.age", *TO_BOTH)
    yield home, folder / "whole.age"


@pytest.mark.parametrize("times", FEW)
def test_a_backup_killed_at_any_moment_is_whole_or_not_there(house: tuple[Home, Path], tmp_path: Path, times: int):
    home, _ = house
    lasts = seconds(home, "backup", "--to", tmp_path / "first.age", *TO_BOTH)
    for number in range(times):
        path = tmp_path / f"{number}.age"
        killed(begun(home, "backup", "--to", path, *TO_BOTH), lasts)
        for _, content in theft.files(tmp_path):
            assert not [name for name, secret in SECRETS.items() if secret in content]
        if not path.exists():
            staydown(home, "backup", "--to", path, *TO_BOTH)
        other = deployments.with_the_keys_of(home, tmp_path / f"other {number}")
        staydown(other, "restore", path, "--identity", private(other.path))


@pytest.mark.parametrize("times", FEW)
def test_a_restore_killed_at_any_moment_is_done_again(house: tuple[Home, Path], tmp_path: Path, times: int):
    home, backup = house
    key = private(tmp_path)
    lasts = seconds(deployments.with_the_keys_of(home, tmp_path / "first"), "restore", backup, "--identity", key)
    for number in range(times):
        other = deployments.with_the_keys_of(home, tmp_path / f"other {number}")
        killed(begun(other, "restore", backup, "--identity", key), lasts)
        if not (other.data / "staydown.sqlite3").exists():
            assert all(WORDS.encode() not in content for _, content in theft.files(other.data))
            staydown(other, "restore", backup, "--identity", key)
        told = sealing.told(other)
        assert (told["sealed"], told["keys"], told["journal"], told["orphans"]) == (3, 2, 0, 0)
