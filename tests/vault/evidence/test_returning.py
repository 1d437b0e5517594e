"""What custodians do on their own machine comes back into the journal, signed with the case's own key, and nothing secret."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from staydown.cli import main
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.site.doctor_rows import kept
from staydown.vault.evidence import openings, returning
from staydown.vault.evidence.models import CaseKey, Evidence, Release
from staydown.vault.words import new_key_pair
from tests import people

from .conftest import Originals, Vault
from .released import PICTURE, REASON, packed
from .test_releasing import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(vault: Vault, originals: Originals, tmp_path: Path) -> Path:
    """The record of an opening by Ada and Cyd."""
    assert opened(vault, packed(originals, tmp_path / "package.tar"), tmp_path / "opened", "cyd", "ada") == 0
    return tmp_path / "opened.opening.json"


def take(path: Path) -> openings.OpeningRecord:
    return returning.record(path.read_bytes(), "operator", people.NOW)


def test_an_opening_comes_back_with_who_when_and_what(vault: Vault, returned: Path):
    said = take(returned)
    assert said.by == (vault.named.first[0], vault.named.second[0])
    row = Evidence.objects.get(kind="item")
    assert [(each["id"], each["sealed_sha256"]) for each in said.released] == [(str(row.pk), bytes(row.sha256).hex())]
    entry = Entry.objects.get(act="evidence.opened")
    assert (entry.about, entry.actor) == (f"evidence.release:{Release.objects.get().pk}", "operator")
    assert entry.facts["opening"]["at"] == said.at
    assert openings.read(returned.read_bytes()).signature == entry.facts["signature"]
    assert verify() == []


def test_nothing_in_it_is_secret(returned: Path):
    text = returned.read_bytes()
    assert REASON.encode() not in text
    assert hashlib.sha256(PICTURE).hexdigest().encode() not in text
    assert b"AGE-SECRET" not in text


def test_it_is_taken_once(returned: Path):
    take(returned)
    with pytest.raises(returning.AlreadyRecorded):
        take(returned)
    assert Entry.objects.filter(act="evidence.opened").count() == 1


@pytest.mark.parametrize("name", ["at", "by", "how", "released", "reason_sha256", "release", "case", "salt"])
def test_a_changed_one_is_refused(returned: Path, name: str):
    said = json.loads(returned.read_bytes())
    value = said["record"][name]
    said["record"][name] = (
        value[:-1] if isinstance(value, list) else ("01" if value.startswith("00") else "00") + value[2:]
    )
    returned.write_text(json.dumps(said))
    with pytest.raises((returning.NotOurs, openings.BadOpening)):
        take(returned)
    assert not Entry.objects.filter(act="evidence.opened").exists()


def test_who_has_not_opened_the_case_cannot_write_one(returned: Path):
    said = openings.read(returned.read_bytes())
    forged = openings.sign(said.record, new_key_pair()[0])
    returned.write_bytes(forged.to_bytes())
    with pytest.raises(returning.NotOurs):
        take(returned)
    key = CaseKey.objects.get()
    assert Entry.objects.get(act="evidence.key_made").facts["opening_public"] not in (key.public, "")


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"format": "staydown opening record v1", "record": {}}'])
def test_what_is_no_record_is_refused(data: bytes):
    with pytest.raises(openings.BadOpening):
        openings.read(data)


def test_a_release_of_which_nothing_came_back_is_named_after_two_weeks(returned: Path):
    packed_at = Entry.objects.get(act="evidence.packed").at
    assert returning.missing(packed_at + timedelta(days=13)) == []
    late = packed_at + timedelta(days=15)
    (release,) = returning.missing(late)
    assert any(release.case.reference in finding.what for finding in kept.evidence(late))
    take(returned)
    assert returning.missing(late) == []
    assert not any(release.case.reference in finding.what for finding in kept.evidence(late))


def test_by_the_command_line_and_in_the_console(
    returned: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
):
    client = people.console(settings, people.staff("lena", "lead"))
    assert "No record of its opening has come back" in client.get("/evidence").content.decode()
    assert main(["evidence", "record", str(returned)]) == 0
    assert "was opened at" in capsys.readouterr().out
    assert main(["evidence", "record", str(returned)]) == 2
    page = client.get("/evidence").content.decode()
    assert "No record of its opening" not in page
    assert "Opened on" in page
    assert main(["evidence", "list"]) == 0
    assert "as their machine wrote" in capsys.readouterr().out
