"""The compiled part of verifying, under AddressSanitizer and UndefinedBehaviorSanitizer: no number leads it astray."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from staydown.fingerprints import kernel

SOURCES = sorted(path for path in Path(kernel.__file__).parent.glob("*.[ch]") if path.name != "module.c")
FLAGS = ("-O1", "-g", "-std=gnu11", "-shared", "-fPIC", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc on this machine")


def run(folder: Path, count: int, broken: str = "", instead: str = "") -> subprocess.CompletedProcess[str]:
    """The script with a library of these sources, one line of which may be changed."""
    for path in SOURCES:
        text = path.read_text()
        (folder / path.name).write_text(text.replace(broken, instead) if broken else text)
    library = folder / "verify.so"
    subprocess.run(["gcc", *FLAGS, *sorted(folder.glob("*.c")), "-o", library], check=True)
    asked = ["gcc", "-print-file-name=libasan.so"]
    runtime = subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    alone = {**os.environ, "LD_PRELOAD": runtime, "ASAN_OPTIONS": "detect_leaks=0", "PYTHONMALLOC": "malloc"}
    script = [sys.executable, "-m", "tests.fingerprints.sanitised", library, str(count)]
    return subprocess.run(script, env=alone, capture_output=True, text=True, check=False, timeout=300)


def test_frames_of_chance_are_verified_within_their_memory(tmp_path: Path) -> None:
    ended = run(tmp_path, 120)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) == 120


def test_a_byte_beyond_its_memory_would_be_seen(tmp_path: Path) -> None:
    ended = run(tmp_path, 20, "#define WIDEST 128", "#define WIDEST 96")
    assert ended.returncode != 0
    assert "overflow" in ended.stderr or "out of bounds" in ended.stderr
