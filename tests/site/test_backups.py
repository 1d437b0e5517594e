"""A backup of a real deployment, on SQLite and on PostgreSQL, and a deployment made again from it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from staydown.cli import main
from staydown.site.home import Home
from staydown.vault import sealed_files
from staydown.vault.words import new_key_pair
from tests import postgres
from tests.attacks import theft
from tests.site import deployments
from tests.site.deployments import staydown

WORDS = "her words, seventeen violet umbrellas"
COPY = b"a copy for reviewers" * 3000  # more than a page of the database holds
REVIEWED = "INSERT INTO evidence_reviewcopy (evidence_id, picture_sealed) VALUES "
ANNA, BELA, CORA = new_key_pair(), new_key_pair(), new_key_pair()
TO_BOTH = ("--recipient", ANNA[1], "--recipient", BELA[1])


@contextmanager
def copied(home: Home, other: Home) -> Iterator[sqlite3.Connection]:
    """The database of one deployment in the other's place, to be changed there."""
    places = [each.data / "staydown.sqlite3" for each in (home, other)]
    with closing(sqlite3.connect(places[0])) as source, closing(sqlite3.connect(places[1])) as copy:
        source.backup(copy)
        yield copy
        copy.commit()


def private(folder: Path, pair: tuple[str, str] = ANNA) -> Path:
    path = folder / f"{pair[1][:12]}.key"
    path.write_text(f"# public key: {pair[1]}\n{pair[0]}\n")
    return path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A deployment on SQLite, and a backup of it."""
    folder = tmp_path_factory.mktemp("backups")
    home, backup = deployments.lived_in(folder / "house"), folder / "monday.age"
    with closing(sqlite3.connect(home.data / "staydown.sqlite3")) as database:
        database.execute(f"{REVIEWED} (?, ?)", ("0" * 32, COPY))
        database.commit()
    staydown(home, "backup", "--to", backup, *TO_BOTH)
    return home, backup


def test_a_deployment_is_made_again_from_its_backup_and_its_keys(lived: tuple[Home, Path], tmp_path: Path):
    home, backup = lived
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    assert "entries verify" in staydown(other, "restore", backup, "--identity", private(tmp_path, BELA)).stdout
    assert not (other.data / ".restoring").exists()
    told = deployments.told(other)
    assert (told["words"], told["receipt"], told["verdict"], told["wrong"]) == (WORDS, WORDS, "block", 0)
    assert "backup.restored" in told["acts"]
    with closing(sqlite3.connect(other.data / "staydown.sqlite3")) as database:
        assert database.execute("SELECT * FROM evidence_reviewcopy").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert COPY[:40] not in (other.data / "staydown.sqlite3").read_bytes()


def test_the_database_of_postgresql_goes_the_same_way(tmp_path: Path):
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL here")
    with postgres.server() as first, postgres.server() as second:
        home, backup = deployments.lived_in(tmp_path / "house", first), tmp_path / "monday.age"
        with psycopg.connect(first) as database:
            database.execute("SET session_replication_role = replica")  # it belongs to no evidence
            database.execute(f"{REVIEWED} (%s, %s)", (UUID(int=0), COPY))
        staydown(home, "backup", "--to", backup, *TO_BOTH)
        assert theft.found_in(backup.read_bytes(), {"words": WORDS.encode(), "dump": b"CREATE TABLE public."}) == set()
        other = deployments.with_the_keys_of(home, tmp_path / "other", second)
        torn = tmp_path / "torn.age"
        torn.write_bytes(backup.read_bytes()[:-40])
        refused = staydown(other, "restore", torn, "--identity", private(tmp_path), check=False)
        assert (refused.returncode, "cut off" in refused.stderr) == (2, True), refused.stderr
        assert list(theft.postgresql_cells(second)) == []
        staydown(other, "restore", backup, "--identity", private(tmp_path))
        told = deployments.told(other)
        assert (told["words"], told["wrong"], told["verdict"]) == (WORDS, 0, "block")
        with psycopg.connect(second) as database:
            assert database.execute("SELECT * FROM evidence_reviewcopy").fetchall() == []
        again = staydown(other, "restore", backup, "--identity", private(tmp_path), check=False)
        assert "not empty" in again.stderr
        nowhere = staydown(home, "backup", "--to", tmp_path / "two.age", *TO_BOTH, check=False, PATH="/nowhere")
        assert (nowhere.returncode, "pg_dump is not on this machine" in nowhere.stderr) == (2, True)
        assert not (tmp_path / "two.age").exists()


def test_a_backup_says_nothing_to_whoever_finds_it(lived: tuple[Home, Path]):
    home, backup = lived
    content = backup.read_bytes()
    assert (
        theft.found_in(
            content, {"words": WORDS.encode(), "database": b"SQLite format 3", "journal": b"report.received"}
        )
        == set()
    )
    assert backup.stat().st_mode & 0o077 == 0
    assert all(key not in content for key in (b"AGE-SECRET-KEY", home.keys.name.encode() + b"/"))


def refusal(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What the command line says when it refuses at once, before it opens any database."""
    assert main([str(word) for word in words]) == 2
    return capsys.readouterr().err


def test_what_is_damaged_cut_off_or_for_others_is_refused_and_leaves_nothing(
    lived: tuple[Home, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    home, backup = lived
    whole = backup.read_bytes()
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    spoiled = {
        "altered": whole[:-5000] + bytes([whole[-5000] ^ 1]) + whole[-4999:],
        "cut off": whole[: len(whole) // 2],
        "cut off by a little": whole[:-20],
        "something else": b"hello" * 1000,
        "empty": b"",
    }
    path = tmp_path / "spoiled.age"
    for name, content in spoiled.items():
        path.write_bytes(content)
        said = refusal(capsys, "restore", path, "--identity", private(tmp_path), "--home", other.path)
        assert (str(path) in said, "nothing of it was used" in said) == (True, True), name
        assert list(other.data.iterdir()) == []
    with sealed_files.sealing(tmp_path / "other.age", sealed_files.recipients_of([ANNA[1], BELA[1]])) as into:
        into.write(b"sealed to the right people, and no backup" * 1000)
    said = refusal(capsys, "restore", tmp_path / "other.age", "--identity", private(tmp_path), "--home", other.path)
    assert "no backup of Staydown" in said
    said = refusal(capsys, "restore", backup, "--identity", private(tmp_path, CORA), "--home", other.path)
    assert "sealed to other people" in said
    assert list(other.data.iterdir()) == []


def test_nothing_that_is_there_is_overwritten(
    lived: tuple[Home, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    home, backup = lived
    before = backup.read_bytes()
    at = ("--home", home.path)
    assert "exists already" in refusal(capsys, "backup", "--to", backup, *TO_BOTH, *at)
    assert backup.read_bytes() == before
    assert "empty place" in refusal(capsys, "restore", backup, "--identity", private(tmp_path), *at)
    alone = refusal(capsys, "backup", "--to", tmp_path / "one.age", "--recipient", ANNA[1], *at)
    assert "at least two different people" in alone
    assert not (tmp_path / "one.age").exists()


def test_a_backup_whose_journal_was_changed_is_not_restored(lived: tuple[Home, Path], tmp_path: Path):
    home, _ = lived
    forged = deployments.with_the_keys_of(home, tmp_path / "forged")
    with copied(home, forged) as copy:
        copy.execute("DROP TRIGGER journal_entry_only_erased")
        copy.execute("UPDATE journal_entry SET act = 'nothing.happened' WHERE \"index\" = 2")
    staydown(forged, "backup", "--to", tmp_path / "forged.age", *TO_BOTH)
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    done = staydown(other, "restore", tmp_path / "forged.age", "--identity", private(tmp_path), check=False)
    assert "the journal in it is not" in done.stderr
    assert list(other.data.iterdir()) == []


@pytest.fixture(scope="module")
def heavy(lived: tuple[Home, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Path]]:
    """The same with 60 MB of noise in its database, so that a backup and a restore take a moment; and its backup."""
    home, _ = lived
    folder = tmp_path_factory.mktemp("heavy")
    other = deployments.with_the_keys_of(home, folder / "house")
    with copied(home, other) as copy:
        copy.execute("CREATE TABLE noise (it BLOB)")
        copy.executemany("INSERT INTO noise VALUES (?)", ((os.urandom(2**20),) for _ in range(60)))
    staydown(other, "backup", "--to", folder / "heavy.age", *TO_BOTH)
    yield other, folder / "heavy.age"


KILLED = """
import signal, sys
from pathlib import Path
from staydown.cli import main
Path.hardlink_to = lambda *_: signal.pause()  # what is whole gets its name: whoever is to be killed comes no further
main(sys.argv[1:])
"""


def killed_when(folder: Path, pattern: str, size: int, command: list[str]) -> None:
    """Start a command; kill -9 once a file of at least that size is there."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, *command],
        env=deployments.clean(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    latest = time.monotonic() + deployments.PATIENCE
    while process.poll() is None and not any(_size(path) >= size for path in folder.glob(pattern)):
        assert time.monotonic() < latest
        time.sleep(0.002)
    assert process.poll() is None, "it ended before it was killed"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


@pytest.mark.parametrize("size", [0, 30 * 2**20])
def test_a_backup_that_is_killed_leaves_neither_a_half_one_nor_anything_in_clear(
    heavy: tuple[Home, Path], tmp_path: Path, size: int
):
    home, _ = heavy
    path = tmp_path / "tuesday.age"
    before = {path.name for path in home.data.iterdir()}
    killed_when(tmp_path, ".tuesday.age.*", size, ["backup", "--to", str(path), *TO_BOTH, "--home", str(home.path)])
    assert not path.exists()
    secrets = {"database": b"SQLite format 3", "tables": b"CREATE TABLE", "words": WORDS.encode()}
    assert [
        found for _, content in theft.files(tmp_path) if (found := {n for n, s in secrets.items() if s in content})
    ] == []
    left = {
        path for path in home.data.iterdir() if path.name not in before and not path.name.endswith(("-wal", "-shm"))
    }
    assert all(path.stat().st_size == 0 for path in left)
    staydown(home, "backup", "--to", path, *TO_BOTH)
    assert [each.name for each in tmp_path.iterdir()] == ["tuesday.age"]


@pytest.mark.parametrize("size", [0, 40 * 2**20])
def test_a_restore_that_is_killed_leaves_no_database_under_its_name_and_can_be_done_again(
    heavy: tuple[Home, Path], tmp_path: Path, size: int
):
    home, backup = heavy
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    key = str(private(tmp_path))
    command = ["restore", str(backup), "--identity", key, "--home", str(other.path)]
    killed_when(other.data, ".restoring/staydown.sqlite3", size, command)
    assert not (other.data / "staydown.sqlite3").exists()
    assert all(WORDS.encode() not in content for _, content in theft.files(other.data))
    staydown(other, "restore", backup, "--identity", key)
    assert (other.data / "staydown.sqlite3").stat().st_size > 60 * 2**20
    assert not (other.data / ".restoring").exists()


MEASURED = """
import resource, sys
from staydown.cli import main
main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def peak(home: Home, *words: str | Path) -> int:
    """MB of memory that a command needs at most."""
    command = [sys.executable, "-c", MEASURED, *map(str, words), "--home", str(home.path)]
    done = subprocess.run(command, env=deployments.clean(), capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) // 1024


def test_memory_does_not_grow_with_the_database(lived: tuple[Home, Path], heavy: tuple[Home, Path], tmp_path: Path):
    made, restored = [], []
    for name, (home, backup) in {"small": lived, "large": heavy}.items():
        made.append(peak(home, "backup", "--to", tmp_path / f"{name}.age", *TO_BOTH))
        other = deployments.with_the_keys_of(home, tmp_path / name)
        restored.append(peak(other, "restore", backup, "--identity", private(tmp_path)))
    print(f"peak memory in MB, of 1 and 60 MB: backup {made}, restore {restored}")
    assert made[1] < made[0] + 30
    assert restored[1] < restored[0] + 30
