"""The exported journal verifies itself, with Python and nothing else; whatever is changed in it is refused."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.contenttypes.models import ContentType

from staydown.journal import actions, checkpoints, errors, exporting, heads, partners, sending, tasks
from staydown.journal.models import Entry
from staydown.journal.timestamps import Roots

from . import outside
from .conftest import START, record

pytestmark = pytest.mark.django_db
type Lines = list[dict[str, object]]


@pytest.fixture
def exported(tmp_path: Path, settings: LazySettings) -> Path:
    """Nine entries, one erased, checkpoints at 4 and 10."""
    for number in range(9):
        record(number, ground="NCII", nth=number, words="é")
        if number == 3:
            sending.checkpoint()
    actions.erase(Entry.objects.filter(index=2), about=ContentType(pk=9), by="worker", now=START)
    sending.checkpoint()
    exporting.export(tmp_path / "journal.zip", START)
    return tmp_path / "journal.zip"


def verified(path: Path, *words: str) -> tuple[int, str]:
    """What the export says of itself, in an empty folder of its own and without our packages."""
    alone = path.parent / "alone"
    alone.mkdir(exist_ok=True)
    there = alone / path.name
    there.write_bytes(path.read_bytes())
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(there), *words], cwd=alone, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def changed(path: Path, change: Callable[[Lines], object]) -> Path:
    """The same export with other lines."""
    other = path.parent / "other.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        lines: Lines = [json.loads(line) for line in old.read("journal.jsonl").splitlines()]
        lines = change(lines) or lines  # type: ignore[assignment]  # a change in place answers nothing
        new.writestr("__main__.py", old.read("__main__.py"))
        new.writestr("journal.jsonl", "\n".join(json.dumps(line) for line in lines) + "\n")
    return other


def test_an_untouched_export_verifies_with_the_key_and_a_head_that_was_kept(
    exported: Path, settings: LazySettings, tmp_path: Path
):
    heads.export_head(tmp_path / "head.json")
    code, said = verified(exported, "--key", settings.JOURNAL_PUBLIC.hex(), "--head", str(tmp_path / "head.json"))
    assert code == 0, said
    assert "10 entries are as they were written; 1 of them were erased" in said
    assert "2 checkpoints" in said and "NOT CHECKED" not in said
    assert "NOT CHECKED: whose key" in verified(exported)[1]
    assert verified(exported, "--key", "00" * 32)[0] == 1
    assert verified(exported, "--nonsense", "x")[0] == 2


TAMPERS: dict[str, Callable[[Lines], object]] = {
    "a fact": lambda lines: lines[2].update(facts={"ground": "CSAM"}),
    "a moment": lambda lines: lines[2].update(at="2026-11-21T02:00:09.000000+00:00"),
    "the act of an erased one": lambda lines: lines[3].update(act="x"),
    "an entry less": lambda lines: lines[:2] + lines[3:],
    "two entries in the other order": lambda lines: [*lines[:1], lines[2], lines[1], *lines[3:]],
    "an entry more": lambda lines: [*lines[:11], {**lines[10], "index": 9}, *lines[11:]],
    "a commitment": lambda lines: lines[3].update(erased="00" * 32),
    "erased without a record": lambda lines: [
        {"index": 0, "at": lines[1]["at"], "act": lines[1]["act"], "erased": "00" * 32} if n == 1 else line
        for n, line in enumerate(lines)
    ],
    "the head's signature": lambda lines: lines[-1]["head"].update(signature="00" * 64),  # type: ignore[attr-defined]
    "the head's moment": lambda lines: lines[-1]["head"].update(signed_at=lines[1]["at"]),  # type: ignore[attr-defined]
    "no head": lambda lines: lines[:-1],
    "another key": lambda lines: lines[0].update(keys=["11" * 32]),
    "a checkpoint": lambda lines: lines[5].update(checkpoint=str(lines[5]["checkpoint"]).replace("\n4\n", "\n5\n")),
}


def test_whatever_is_changed_in_an_export_is_refused(exported: Path):
    for name, tamper in TAMPERS.items():
        code, said = verified(changed(exported, tamper))
        assert (code, said.startswith("REFUSED")) == (1, True), f"{name}: {said}"


def test_a_head_that_was_kept_shows_a_journal_that_was_cut_off(exported: Path, tmp_path: Path):
    record(11)
    tasks.sign_head()
    heads.export_head(tmp_path / "later.json")
    code, said = verified(exported, "--head", str(tmp_path / "later.json"))
    assert (code, "cut off" in said) == (1, True), said


def test_stamps_and_cosignatures_are_checked_by_the_export_too(settings: LazySettings, tmp_path: Path):
    authority = outside.Authority(tmp_path / "authority")
    settings.TSA_ROOTS = Roots.read(authority.roots)
    own = str(checkpoints.journal_keys()[0])
    with outside.listening(authority) as tsa, outside.witness(tmp_path / "w", own) as (url, key):
        settings.TSA, settings.WITNESSES = (tsa,), partners.witnesses(f"{url} {key}")
        record(1)
        sending.close()
    exporting.export(tmp_path / "journal.zip", START)
    code, said = verified(tmp_path / "journal.zip", "--tsa-roots", str(authority.roots), "--witness", key)
    assert code == 0, said
    assert "time-stamped 1 entries" in said and "checked with openssl" in said
    assert "witness.test/w1 cosigned 1 entries" in said
    other = outside.Authority(tmp_path / "other")
    assert "does not accept" in verified(tmp_path / "journal.zip", "--tsa-roots", str(other.roots))[1]
    moved = changed(tmp_path / "journal.zip", lambda lines: lines[2].update(vouched=[
        {**each, "data": lines[2]["vouched"][0]["data"]} for each in lines[2]["vouched"][::-1]  # type: ignore[index]
    ]))  # fmt: skip
    assert verified(moved, "--witness", key)[0] == 1


def test_an_export_is_a_new_file_or_none(exported: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(FileExistsError):
        exporting.export(exported, START)
    monkeypatch.setattr(exporting, "_json", lambda _line: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        exporting.export(exported.parent / "torn.zip", START)
    assert not (exported.parent / "torn.zip").exists()


def test_nothing_is_exported_before_a_head_is_signed_nor_while_something_is_erased(exported: Path):
    actions.erase(Entry.objects.filter(index=5), about=ContentType(pk=9), by="worker", now=START)
    with pytest.raises(exporting.Meanwhile):
        exporting.export(exported.parent / "again.zip", START)
    assert not (exported.parent / "again.zip").exists()


def test_an_empty_journal_has_nothing_to_export(tmp_path: Path):
    with pytest.raises(errors.NoHead):
        exporting.export(tmp_path / "journal.zip", START)
