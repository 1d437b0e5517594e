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
from staydown.fingerprints import tmk
from tests.films import film, scene
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


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    (folder / "one.mp4").write_bytes(film(scene("coffee", 3)))
    (folder / "copy.webm").write_bytes(film(scene("coffee", 3), "webm", "libvpx"))
    (folder / "other.mp4").write_bytes(film(scene("rocket", 3)))
    (folder / "notes.txt").write_text("no film")
    return folder


def test_films_give_their_tmk_as_threatexchange_carries_it(films: Path):
    ran = staydown("--tmk", films)
    by_name = {Path(line["path"]).name: line for line in lines(ran.stdout)}
    assert ran.returncode == 1  # the notes
    made = tmk.of_film(films / "one.mp4")
    assert by_name["one.mp4"] == {
        "path": str(films / "one.mp4"),
        "sha256": fingerprints.exact((films / "one.mp4").read_bytes()).hex(),
        "truncated": False,
        "frames": made.frames,
        "tmk": tmk.text(made),
    }
    assert by_name["notes.txt"]["error"] == "UndecodableFilm"
    assert "MP4" in by_name["notes.txt"]["do"]
    assert len(by_name) == 4


def test_hashes_are_written_as_files_and_never_over_others(films: Path, tmp_path: Path):
    out = tmp_path / "new" / "hashes"
    first, second = (staydown("--tmk", "--out", out, films / "one.mp4") for _ in range(2))
    (line,) = lines(first.stdout)
    assert (first.returncode, line["written"]) == (0, str(out / "one.tmk"))
    assert tmk.write(tmk.of_film(films / "one.mp4")) == (out / "one.tmk").read_bytes()
    (refused,) = lines(second.stdout)
    assert (second.returncode, refused["error"]) == (1, "FileExistsError")
    assert "Write to another folder" in refused["do"]


def test_a_film_is_compared_with_others_and_with_hashes_that_others_sent(films: Path, tmp_path: Path):
    stored = tmk.write(tmk.of_film(films / "one.mp4"))
    (tmp_path / "theirs.tmk").write_bytes(stored)
    (tmp_path / "damaged.tmk").write_bytes(stored[:-1])
    ran = staydown("--tmk", "--compare", films / "one.mp4", films / "copy.webm", films / "other.mp4", tmp_path)
    copy, other, damaged, theirs = lines(ran.stdout)
    assert ran.returncode == 1
    assert (copy["alike"], other["alike"], theirs["alike"]) == (True, False, True)
    assert theirs["path"] == str(tmp_path / "theirs.tmk")
    assert (theirs["with"], theirs["level1"], theirs["level2"]) == (
        str(films / "one.mp4"), pytest.approx(1), pytest.approx(1),
    )  # fmt: skip
    assert damaged["error"] == "DamagedTmk"
    assert "Fetch it again" in damaged["do"]


def test_what_cannot_be_compared_is_said(films: Path, tmp_path: Path):
    (only,) = lines(staydown("--tmk", "--compare", tmp_path / "missing.mp4", films / "one.mp4").stdout)
    assert only["error"] == "FileNotFoundError"
    assert "missing.mp4" in only["do"]
    for words in (["--compare", films], ["--tmk", "--compare", films / "one.mp4"]):
        ran = staydown(*words)
        assert (ran.returncode, ran.stdout) == (2, b"")
        assert ran.stderr.startswith(b"staydown: ")


def test_the_bar_says_how_far_how_fast_and_how_long():
    assert progress.line(50, 200, 10.0).endswith("50/200  5/s  0:30 left")
    assert progress.line(200, 200, 10.0).startswith("[" + "█" * progress.WIDTH)
    assert list(progress.shown("abc", 3)) == ["a", "b", "c"]
