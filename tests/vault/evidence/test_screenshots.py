"""Screenshots that a reporter hands over: sealed in the portal, which cannot open them, and only where no child may be."""

import hashlib
import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest
from django.conf import LazySettings

from staydown.cases.actions import later
from staydown.cases.models import Report
from staydown.journal.models import Entry
from staydown.promises.models import Promise
from staydown.regimes.harms import Harm, Tri
from staydown.vault.evidence import (
    checking,
    destroying,
    exporting,
    identities,
    packages,
    packing,
    screenshots,
    sealing,
    taking,
    tasks,
)
from staydown.vault.evidence.models import CaseKey, Evidence, Handed
from staydown.vault.evidence.opened import Opened
from staydown.vault.evidence.rules import MOST_SCREENSHOTS, EvidenceState, Reason
from staydown.vault.evidence.screenshots import Told
from staydown.vault.evidence.store import store
from tests import people
from tests.pictures import jpeg, photograph, png, resized

from .conftest import Originals, Vault
from .released import agreed, identity_file
from .test_kinds import WORDS, read, taken, told

pytestmark = pytest.mark.django_db
SHOT = png(resized(photograph("page"), 0.5))
PNG = Told("image/png", covered=2)


def kept(report: Report, data: bytes = SHOT) -> Evidence:
    return screenshots.keep(report, [data[:1000], data[1000:]], PNG, people.NOW)


def test_a_screenshot_is_sealed_as_it_came_with_who_when_and_no_address(vault: Vault):
    row = taken(kept(told()))
    data, record = read(vault, row)
    assert data == SHOT
    assert (record.kind, record.by, record.source) == ("screenshot", "reporter", "handed over by the reporter")
    assert (record.size, record.sha256) == (len(SHOT), hashlib.sha256(SHOT).hexdigest())
    assert (record.media_type, record.headers["covered-by-the-reporter"]) == ("image/png", "2 areas")
    assert record.tool.startswith("staydown ")
    assert "://" not in str(record)
    assert not Handed.objects.exists()
    assert checking.check(store()).wrong == []


def test_it_waits_sealed_and_the_journal_has_its_record_before_it_is_in_the_store(vault: Vault):
    row = kept(told())
    waiting = Handed.objects.get(evidence=row)
    for held in (waiting.content, waiting.record):
        assert bytes(held).startswith(b"age-encryption.org/v1")
        assert SHOT[100:200] not in bytes(held)
    (entry,) = Entry.objects.filter(act="evidence.handed_over")
    assert (entry.actor, entry.facts["record"]) == ("reporter", waiting.record_digest)
    Handed.objects.update(content=sealing.whole(b"another's", CaseKey.objects.get().public))
    with pytest.raises(taking.Exchanged):
        tasks.seal(str(row.pk))
    Handed.objects.update(content=waiting.content)
    taken(row)
    assert Entry.objects.get(act="evidence.sealed").facts["record"] == waiting.record_digest
    tasks.seal(str(row.pk))  # again, after a kill: nothing to do


def test_no_key_of_the_server_opens_it(vault: Vault, settings: LazySettings):
    row = kept(told())
    own = [pyrage.x25519.Identity.from_str(key) for key in (settings.WORKING_KEY, *settings.FORMER_WORKING_KEYS)]
    sealed = bytes(Handed.objects.get(evidence=row).content)
    for one in own:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(sealed, [one])
    taken(row)
    assert SHOT[100:200] not in vault.stored()


@pytest.mark.parametrize("minor", [Tri.YES, Tri.UNKNOWN])
def test_where_a_child_may_be_shown_none_is_kept(vault: Vault, minor: Tri):
    report = told(minor=minor)
    assert not screenshots.accepted(report)
    with pytest.raises(screenshots.NotAccepted):
        kept(report)
    assert not Handed.objects.exists()


def test_where_its_case_is_a_childs_none_is_kept(vault: Vault):
    report = told()
    assert screenshots.accepted(report)
    report.case.harm = Harm.CSAM
    with pytest.raises(screenshots.NotAccepted):
        kept(report)


@pytest.mark.parametrize(("setting", "value"), [("ROLE", "support_ngo"), ("CUSTODIANS", None)])
def test_a_deployment_that_may_not_or_cannot_takes_none(vault: Vault, settings: LazySettings, setting: str, value: str):
    report = told()
    setattr(settings, setting, value)
    assert not screenshots.offered()
    with pytest.raises(screenshots.NotAccepted):
        kept(report)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 a document", SHOT[:40]])
def test_what_is_no_picture_is_refused_and_nothing_is_kept(vault: Vault, data: bytes):
    with pytest.raises(screenshots.NoPicture):
        kept(told(), data)
    assert not Handed.objects.exists()


def test_one_too_large_is_refused_before_all_of_it_is_read(vault: Vault):
    piece, read_ = bytes(2**20), []

    def endless():
        while True:
            read_.append(1)
            yield piece

    with pytest.raises(screenshots.TooLarge):
        screenshots.keep(told(), endless(), PNG, people.NOW)
    assert len(read_) == 17


def test_of_one_report_so_many_and_no_more(vault: Vault):
    report = told()
    for _ in range(MOST_SCREENSHOTS):
        kept(report, jpeg(resized(photograph("page"), 0.1)))
    with pytest.raises(screenshots.TooMany):
        kept(report)


def test_she_takes_it_back_with_her_report(vault: Vault):
    report = told()
    row = taken(kept(report))
    waiting = kept(report)
    assert later.withdraw(report, people.NOW)
    assert not Evidence.objects.filter(pk__in=[row.pk, waiting.pk]).exists()
    assert not Handed.objects.exists()
    tasks.erase(*Promise.objects.owed().get(key=f"erase:{row.pk}").args)
    assert store().names() == []


def test_what_waits_goes_with_its_cases_key(vault: Vault):
    row = kept(told())
    destroying.destroy_keys([row.case], people.NOW)
    row.refresh_from_db()
    assert (row.state, row.reason) == (EvidenceState.UNOBTAINABLE, Reason.DESTROYED)
    assert not Handed.objects.exists()


def test_the_authority_gets_it_with_the_rest(vault: Vault, originals: Originals, tmp_path: Path):
    row = taken(kept(told()))
    packing.write(agreed(row), tmp_path / "package.tar", store(), "test", people.NOW)
    authority = pyrage.x25519.Identity.generate()
    custodians = [identities.read(Path(identity_file(vault, name, tmp_path / "keys"))) for name in ("ada", "dan")]
    with packages.reading(tmp_path / "package.tar") as package:
        opened = Opened.of(package, custodians)
        exporting.export(opened, exporting.Wish(str(authority.to_public())), tmp_path / "authority.age", people.NOW)
    clear = pyrage.decrypt((tmp_path / "authority.age").read_bytes(), [authority])
    with tarfile.open(fileobj=io.BytesIO(clear)) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    assert (tmp_path / "unpacked" / "originals" / f"{row.pk}.png").read_bytes() == SHOT
    command = [sys.executable, "-I", "-S", "verify.py"]
    done = subprocess.run(command, cwd=tmp_path / "unpacked", env={}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_her_words_are_sealed_as_ever_beside_it(vault: Vault):
    report = told()
    kept(report)
    rows = Evidence.objects.filter(report=report)
    assert sorted(rows.values_list("kind", flat=True)) == ["report", "screenshot"]
    assert WORDS.encode() in read(vault, taken(rows.get(kind="report")))[0]
