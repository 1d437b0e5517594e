"""What an authority gets can be checked without Staydown, and a package that was changed is refused."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from staydown.vault.evidence import exporting, opening, packages
from staydown.vault.evidence.custodians import BadCustodians
from staydown.vault.evidence.exporting import Opened

from .conftest import Originals, Vault
from .released import PICTURE, REASON, identity_file, packed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def exported(
    vault: Vault, originals: Originals, folder: Path, language: str = "fr"
) -> tuple[Path, pyrage.x25519.Identity]:
    authority = pyrage.x25519.Identity.generate()
    people = [opening.identities(Path(identity_file(vault, name, folder / "keys"))) for name in ("bea", "dan")]
    with packages.reading(packed(originals, folder / "package.tar")) as package:
        opened = Opened.of(package, people)
        exporting.export(opened, str(authority.to_public()), language, folder / "authority.age", NOW)
    return folder / "authority.age", authority


@pytest.fixture
def unpacked(vault: Vault, originals: Originals, tmp_path: Path) -> Path:
    path, authority = exported(vault, originals, tmp_path)
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(path.read_bytes(), [authority]))) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    return tmp_path / "unpacked"


def verified(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The package's own script: no Staydown, no site packages, no environment."""
    command = [sys.executable, "-I", "-S", "verify.py", *words]
    return subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, check=False, timeout=120)


def journal_key(folder: Path) -> str:
    return json.loads((folder / "custody.json").read_text())["journal_public"]


def test_the_authority_checks_the_package_with_its_own_script_and_nothing_else(unpacked: Path):
    done = verified(unpacked, "--key", journal_key(unpacked))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 originals (the journal has sealed 1 in this case) are as they were sealed" in done.stdout
    assert "NOT CHECKED" not in done.stdout
    (picture,) = (unpacked / "originals").iterdir()
    assert picture.read_bytes() == PICTURE
    assert json.loads((unpacked / "manifest.json").read_text())["reason"] == REASON


def test_without_the_key_from_elsewhere_the_script_says_what_it_did_not_check(unpacked: Path):
    done = verified(unpacked)
    assert done.returncode == 0
    assert "NOT CHECKED: whose key this is" in done.stdout


def test_another_deployments_key_is_refused(unpacked: Path):
    assert verified(unpacked, "--key", "ab" * 32).returncode == 1


@pytest.mark.parametrize("name", ["originals/*", "records/*", "custody.json", "report.pdf", "manifest.json"])
def test_any_byte_changed_is_refused_and_the_file_named(unpacked: Path, name: str):
    (path,) = unpacked.glob(name)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = verified(unpacked)
    assert done.returncode == 1
    assert "REFUSED" in done.stdout


def altered(unpacked: Path, change) -> subprocess.CompletedProcess[str]:
    """Somebody changes files and makes the manifest fit again."""
    manifest = json.loads((unpacked / "manifest.json").read_text())
    change(manifest)
    for name in list(manifest["files"]):
        data = (unpacked / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    (unpacked / "manifest.json").write_text(json.dumps(manifest))
    return verified(unpacked)


def test_another_picture_is_refused_also_when_manifest_and_record_were_made_to_fit(unpacked: Path):
    def change(manifest):
        one = manifest["originals"][0]
        (unpacked / one["file"]).write_bytes(b"another picture")
        record = json.loads((unpacked / one["record"]).read_text())
        record |= {"sha256": hashlib.sha256(b"another picture").hexdigest(), "size": 15}
        (unpacked / one["record"]).write_text(json.dumps(record))

    done = altered(unpacked, change)
    assert done.returncode == 1
    assert "is not the record that the journal committed to" in done.stdout


@pytest.mark.parametrize("field", ["actor", "at", "act"])
def test_a_custody_log_that_says_something_else_is_refused(unpacked: Path, field: str):
    def change(_manifest):
        path = unpacked / "custody.json"
        custody = json.loads(path.read_text())
        custody["entries"][-1][field] += "x"
        path.write_text(json.dumps(custody))

    done = altered(unpacked, change)
    assert done.returncode == 1
    assert "of the custody log is not in the journal" in done.stdout


def test_a_head_that_nobody_signed_is_refused(unpacked: Path):
    def change(_manifest):
        path = unpacked / "custody.json"
        custody = json.loads(path.read_text())
        custody["head"]["signed_at"] = "2020-01-01T00:00:00.000000+00:00"
        path.write_text(json.dumps(custody))

    assert "not signed" in altered(unpacked, change).stdout


def test_a_file_too_many_is_refused(unpacked: Path):
    (unpacked / "originals" / "one-more.jpg").write_bytes(b"x")
    assert "not in the manifest" in verified(unpacked).stdout


def test_what_is_written_for_the_authority_opens_for_it_alone(vault: Vault, originals: Originals, tmp_path: Path):
    path, _authority = exported(vault, originals, tmp_path)
    sealed = path.read_bytes()
    assert PICTURE[:64] not in sealed
    for private in vault.private.values():
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(private)])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_is_an_archive_pdf_and_shows_no_picture(vault, originals, tmp_path: Path, language: str):
    path, authority = exported(vault, originals, tmp_path, language)
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(path.read_bytes(), [authority]))) as tar:
        pdf = tar.extractfile("report.pdf").read()
    assert pdf.startswith(b"%PDF-")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"/Subtype /Image" not in pdf
    assert b"/Subtype/Image" not in pdf


def test_nobody_to_seal_to_or_a_damaged_original_leaves_no_file(vault: Vault, originals: Originals, tmp_path: Path):
    package = packed(originals, tmp_path / "package.tar")
    people = [opening.identities(Path(identity_file(vault, name, tmp_path / "keys"))) for name in ("ada", "cyd")]
    authority = str(pyrage.x25519.Identity.generate().to_public())
    with packages.reading(package) as read:
        opened = Opened.of(read, people)
        with pytest.raises(BadCustodians):
            exporting.export(opened, "age1nobody", "en", tmp_path / "one.age", NOW)
        told = read.tar.getmember(read.originals[0].name)
    data = bytearray(package.read_bytes())
    data[told.offset_data + told.size - 9] ^= 1
    package.write_bytes(data)
    with packages.reading(package) as read, pytest.raises(opening.Altered):
        exporting.export(Opened.of(read, people), authority, "en", tmp_path / "two.age", NOW)
    assert not list(tmp_path.glob("*.age"))
