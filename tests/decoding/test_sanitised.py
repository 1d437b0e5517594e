"""The C that reads strangers' bytes touches no byte that it should not: compiled with sanitizers, on damaged files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from staydown.decoding import kernel

FOLDER = Path(kernel.__file__).parent
SOURCES = [FOLDER / "scan.c", *sorted(path for path in FOLDER.glob("*.c") if path.name not in ("scan.c", "module.c"))]
FLAGS = (
    "-I",
    str(FOLDER),
    "-O1",
    "-g",
    "-std=gnu11",
    "-shared",
    "-fPIC",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
)
pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc on this machine")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sanitised") / "scan.so"
    subprocess.run(["gcc", *FLAGS, *SOURCES, "-o", made], check=True)
    return made


def run(library: Path, count: int, seed: int) -> subprocess.CompletedProcess[str]:
    runtime = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], check=True, capture_output=True, text=True
    ).stdout.strip()
    alone = {**os.environ, "LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc"}
    asked = [sys.executable, "-m", "tests.decoding.sanitised", library, str(count), str(seed)]
    return subprocess.run(asked, env=alone, capture_output=True, text=True, check=False)


def test_damaged_files_are_read_or_refused_within_their_memory(library: Path) -> None:
    ended = run(library, 600, 1)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 10


def test_a_byte_beyond_its_memory_would_be_seen(library: Path, tmp_path: Path) -> None:
    """The same sources, changed to write too far: the sanitizer is really there."""
    short = tmp_path / "short.so"
    broken = tmp_path / "scan.c"
    broken.write_text(SOURCES[0].read_text().replace("memset(to, 0, PAD)", "memset(to, 0, 3 * PAD)"))
    subprocess.run(["gcc", *FLAGS, broken, *SOURCES[1:], "-o", short], check=True)
    ended = run(short, 60, 1)
    assert ended.returncode != 0
    assert "heap-buffer-overflow" in ended.stderr


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 6))
def test_very_many_damaged_files_are_read_or_refused_within_their_memory(library: Path, seed: int) -> None:
    ended = run(library, 50_000, seed)
    assert ended.returncode == 0, ended.stderr
