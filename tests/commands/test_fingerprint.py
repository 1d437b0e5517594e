"""`staydown fingerprint PATH ...` as a person runs it: a process without a deployment, a setting or a key."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from staydown import fingerprints
from staydown.commands import progress
from tests.pictures import jpeg, photograph, png


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "a.jpg").write_bytes(jpeg(photograph("coffee")))
    (tmp_path / "deep" / "deeper" / "b.png").write_bytes(png(photograph("cat")))
    (tmp_path / "deep" / "notes.txt").write_text("no picture")
    return tmp_path


def staydown(*words: str | bytes | Path) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STAYDOWN_", "DJANGO_"))}
    command = [sys.executable, "-m", "staydown.cli", "fingerprint", *words]
    return subprocess.run(command, capture_output=True, env=environment, check=False, timeout=300)


def lines(said: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.splitlines()]


def test_a_folder_gives_a_line_for_every_file_in_it_and_a_bad_file_stops_nothing(folder: Path):
    ran = staydown(folder)
    coffee, cat, notes = lines(ran.stdout)
    assert ran.returncode == 1
    made = fingerprints.of_image(folder / "a.jpg")
    assert coffee["path"] == str(folder / "a.jpg")
    assert (coffee["sha256"], coffee["pdq"]) == (made.sha256.hex(), made.pdq.hex())
    assert (coffee["format"], coffee["width"], coffee["height"]) == ("JPEG", made.width, made.height)
    assert [bytes.fromhex(form) for form in coffee["turned"]] == list(made.turned)
    assert cat["format"] == "PNG"
    assert notes["md5"] == fingerprints.digests(b"no picture").md5.hex()
    assert notes["sha256"] == fingerprints.exact(b"no picture").hex()
    assert notes["error"] == "Undecodable"
    assert "JPEG" in notes["do"]
    assert ran.stderr == b""  # no bar where nobody watches


def test_plain_lines_are_those_of_the_pdq_tools(folder: Path):
    ran = staydown("--pdq", folder / "a.jpg", folder / "missing.jpg")
    made = fingerprints.of_image(folder / "a.jpg")
    assert ran.stdout.decode() == f"{made.pdq.hex()},{made.quality},{folder / 'a.jpg'}\n"
    assert b"missing.jpg: The file cannot be read" in ran.stderr
    assert ran.returncode == 1


def test_names_in_any_bytes_come_out_as_they_went_in(tmp_path: Path):
    name = os.fsencode(tmp_path) + b"/\xff \xc3\xa9.jpg"
    Path(os.fsdecode(name)).write_bytes(jpeg(photograph("rocket")))
    plain = staydown("--pdq", tmp_path)
    assert plain.stdout.endswith(b"," + name + b"\n")
    (record,) = lines(staydown(tmp_path).stdout)
    assert os.fsencode(record["path"]) == name


def test_the_bar_says_how_far_how_fast_and_how_long():
    assert progress.line(50, 200, 10.0).endswith("50/200  5/s  0:30 left")
    assert progress.line(200, 200, 10.0).startswith("[" + "█" * progress.WIDTH)
    assert list(progress.shown("abc", 3)) == ["a", "b", "c"]
