"""kill -9 of whoever opens evidence: what has an original's name is the original, and nobody else reads what is not."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from staydown.cli import main
from staydown.vault.evidence import sealing
from staydown.vault.whole_files import PART, whole
from tests.crashes.killer import until
from tests.moments import Moments

from . import released
from .conftest import Originals, Vault
from .released import identity_file, packed

FEW = [pytest.param(4, id="a few"), pytest.param(100, id="often", marks=pytest.mark.soak)]
LARGE = bytes(range(256)) * (6 * sealing.PART // 256)
DIGEST = hashlib.sha256(LARGE).digest()


@pytest.fixture
def package(vault: Vault, originals: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A released original of six parts."""
    monkeypatch.setattr(released, "PICTURE", LARGE)
    return packed(originals, tmp_path / "package.tar")


def command(vault: Vault, package: Path, folder: Path) -> list[str]:
    keys = [
        word for name in ("ada", "cyd") for word in ("--identity", identity_file(vault, name, package.parent / "keys"))
    ]
    return ["evidence", "open", str(package), *keys, "--to", str(folder)]


def originals_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.suffix in {".jpg", ".bin"}]


def opener(vault: Vault, package: Path, folder: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "staydown.cli", *command(vault, package, folder)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, text=True)


def nothing_torn(folder: Path) -> int:
    """How many files of an opening are not whole; what has an original's name is the original, and nobody else's to read."""
    assert folder.stat().st_mode & 0o077 == 0
    for path in originals_in(folder):
        assert hashlib.sha256(path.read_bytes()).digest() == DIGEST
    return sum(path.name.endswith(PART) for path in folder.iterdir())


@pytest.mark.parametrize("times", FEW)
@pytest.mark.django_db
def test_kill_9_at_any_moment_of_opening_leaves_no_torn_original(
    vault: Vault, package: Path, tmp_path: Path, times: int
) -> None:
    moments, torn = Moments(), 0
    first = tmp_path / "first"
    moments.measure(opener(vault, package, first), first.exists)
    for number in range(times):
        folder = tmp_path / f"opened-{number}"
        moments.kill(opener(vault, package, folder), folder.exists)
        torn += nothing_torn(folder)
    assert torn or times < 100, "some kills came while the original was written"
    assert main(command(vault, package, tmp_path / "again")) == 0
    assert len(originals_in(tmp_path / "again")) == 1
    assert nothing_torn(tmp_path / "again") == 0


@pytest.mark.django_db
def test_kill_9_while_an_original_is_written_leaves_it_without_its_name(
    vault: Vault, package: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "opened"
    process = opener(vault, package, folder)
    until(lambda: list(folder.glob(f"*{PART}")) or process.poll() is not None, 600, "it writes the original")
    process.kill()
    process.wait()
    nothing_torn(folder)
    assert main(command(vault, package, tmp_path / "again")) == 0


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    (tmp_path / f"file{PART}").write_bytes(b"of a kill before")
    with whole(path) as file:
        file.write(b"all of it")
        assert not path.exists()
    assert path.read_bytes() == b"all of it"
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_what_fails_leaves_nothing_and_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(ValueError, match="half way"), whole(path) as file:
        file.write(b"half")
        raise ValueError("half way")
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError), whole(path):
        raise AssertionError
    assert path.read_bytes() == b"mine"
