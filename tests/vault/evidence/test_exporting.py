"""What an authority gets can be checked without Staydown, and a package that was changed is refused."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import PdfSignatureStatus, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from staydown.site import document_keys
from staydown.vault.evidence import exporting, identities, opening, packages, signers
from staydown.vault.evidence.custodians import BadCustodians
from staydown.vault.evidence.exporting import Wish
from staydown.vault.evidence.opened import Opened
from tests import pdfs

from .conftest import Originals, Vault
from .released import PICTURE, REASON, identity_file, packed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def exported(
    vault: Vault, originals: Originals, folder: Path, language: str = "fr"
) -> tuple[Path, pyrage.x25519.Identity]:
    authority = pyrage.x25519.Identity.generate()
    people = [identities.read(Path(identity_file(vault, name, folder / "keys"))) for name in ("bea", "dan")]
    document_keys.make(folder / "document.pem", NOW)
    signer = signers.read((folder / "document.pem").read_bytes())
    with packages.reading(packed(originals, folder / "package.tar")) as package:
        opened = Opened.of(package, people)
        exporting.export(
            opened, Wish(str(authority.to_public()), language, signer, case_uco=True), folder / "authority.age", NOW
        )
    return folder / "authority.age", authority


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """The one package that these tests read and bend, each a copy of its own, once the first of them has made it."""
    return []


@pytest.fixture
def unpacked(request: pytest.FixtureRequest, made: list[bytes], tmp_path: Path) -> Path:
    if not made:
        path, authority = exported(request.getfixturevalue("vault"), request.getfixturevalue("originals"), tmp_path)
        made.append(pyrage.decrypt(path.read_bytes(), [authority]))
    with tarfile.open(fileobj=io.BytesIO(made[0])) as tar:
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
    assert "report.pdf is signed with the certificate" in done.stdout
    (picture,) = (unpacked / "originals").iterdir()
    assert picture.read_bytes() == PICTURE
    assert json.loads((unpacked / "manifest.json").read_text())["reason"] == REASON


def test_its_contents_are_told_in_the_words_of_case_and_uco_too(unpacked: Path):
    graph = json.loads((unpacked / "case-uco.jsonld").read_text())["@graph"]
    (file,) = (node for node in graph if node["@type"] == "uco-observable:File")
    path, content = file["uco-core:hasFacet"]
    assert (unpacked / path["uco-observable:filePath"]).read_bytes() == PICTURE
    assert content["uco-observable:hash"][0]["uco-types:hashValue"]["@value"] == hashlib.sha256(PICTURE).hexdigest()
    names = {node["@id"] for node in graph}
    assert {each["@id"] for each in graph[0]["uco-core:object"]} == names - {graph[0]["@id"]}
    acts = [node["uco-core:name"] for node in graph if node["@type"].endswith("InvestigativeAction")]
    assert acts[0] == "acquired"
    assert {"evidence.key_made", "evidence.sealed", "evidence.release_agreed"} <= set(acts)


def test_without_the_key_from_elsewhere_the_script_says_what_it_did_not_check(unpacked: Path):
    done = verified(unpacked)
    assert done.returncode == 0
    assert "NOT CHECKED: whose key this is" in done.stdout


def test_another_deployments_key_is_refused(unpacked: Path):
    assert verified(unpacked, "--key", "ab" * 32).returncode == 1


@pytest.mark.parametrize(
    "name", ["originals/*", "records/*", "custody.json", "report.pdf", "report-signer.der", "manifest.json"]
)
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
    assert pdfs.complaints(pdf) == []  # also with its signature
    if language == "fr":
        pdfs.photographed(pdf, "evidence-report-fr")
    assert b"/Subtype /Image" not in pdf
    assert b"/Subtype/Image" not in pdf


def test_nobody_to_seal_to_or_a_damaged_original_leaves_no_file(vault: Vault, originals: Originals, tmp_path: Path):
    package = packed(originals, tmp_path / "package.tar")
    people = [identities.read(Path(identity_file(vault, name, tmp_path / "keys"))) for name in ("ada", "cyd")]
    authority = str(pyrage.x25519.Identity.generate().to_public())
    with packages.reading(package) as read:
        opened = Opened.of(read, people)
        with pytest.raises(BadCustodians):
            exporting.export(opened, Wish("age1nobody"), tmp_path / "one.age", NOW)
        told = read.tar.getmember(read.originals[0].name)
    data = bytearray(package.read_bytes())
    data[told.offset_data + told.size - 9] ^= 1
    package.write_bytes(data)
    with packages.reading(package) as read, pytest.raises(opening.Altered):
        exporting.export(Opened.of(read, people), Wish(authority), tmp_path / "two.age", NOW)
    assert not list(tmp_path.glob("*.age"))


def read_signature(pdf: bytes, certificate: bytes) -> PdfSignatureStatus:
    """What a PDF reader says, which trusts this certificate."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trusted = ValidationContext(trust_roots=[Certificate.load(certificate)], allow_fetching=False)
    with ThreadPoolExecutor(1) as alone:  # it runs an event loop of its own
        return alone.submit(validate_pdf_signature, signature, trusted).result()


def test_the_report_is_signed_with_the_certificate_that_the_journal_names(unpacked: Path):
    pdf, certificate = ((unpacked / name).read_bytes() for name in ("report.pdf", "report-signer.der"))
    told = read_signature(pdf, certificate)
    assert told.bottom_line
    assert told.coverage == SignatureCoverageLevel.ENTIRE_FILE
    fingerprint = hashlib.sha256(certificate).hexdigest()
    assert json.loads((unpacked / "manifest.json").read_text())["report_signer"] == fingerprint
    custody = json.loads((unpacked / "custody.json").read_text())
    (named,) = (entry for entry in custody["entries"] if entry["act"] == signers.ACT)
    assert named["facts"] == {"certificate_sha256": fingerprint}


def test_signed_it_is_an_archive_pdf_as_before(unpacked: Path):
    """Nothing of it is written anew but the page's list of annotations, with one that shows nowhere and is printed."""
    pdf = PdfFileReader(io.BytesIO((unpacked / "report.pdf").read_bytes()))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf.root["/Metadata"].data
    first = pdf.get_historical_root(0)
    assert pdf.root.raw_get("/Metadata") == first.raw_get("/Metadata")
    field = pdf.root["/AcroForm"]["/Fields"][0]
    assert (list(field["/Rect"]), field["/F"] & 0b100) == ([-1, -1, -1, -1], 0b100)
    assert "/NeedAppearances" not in pdf.root["/AcroForm"]


def test_a_changed_report_is_refused_by_readers_and_by_the_script_also_when_the_manifest_was_made_to_fit(
    unpacked: Path,
):
    path, certificate = unpacked / "report.pdf", (unpacked / "report-signer.der").read_bytes()
    whole = path.read_bytes()
    for at in (200, len(whole) // 3, len(whole) - 30):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert "REFUSED: report.pdf is not what was signed" in altered(unpacked, lambda _manifest: None).stdout
    changed = bytearray(whole)
    changed[200] ^= 1
    assert not read_signature(bytes(changed), certificate).bottom_line
    path.write_bytes(whole + b"\n% and more")
    assert "REFUSED: the signature of report.pdf is not over all of it" in altered(unpacked, lambda _m: None).stdout


def test_another_certificate_than_the_journals_is_refused(unpacked: Path):
    another = signers.make("Staydown", NOW)

    def change(manifest):
        (unpacked / "report-signer.der").write_bytes(another.certificate)
        manifest["report_signer"] = another.fingerprint

    assert "REFUSED: the report's certificate is not one that the journal names" in altered(unpacked, change).stdout


def test_a_signer_that_the_journal_does_not_name_signs_nothing(vault: Vault, originals: Originals, tmp_path: Path):
    people = [identities.read(Path(identity_file(vault, name, tmp_path / "keys"))) for name in ("ada", "cyd")]
    to = str(pyrage.x25519.Identity.generate().to_public())
    with packages.reading(packed(originals, tmp_path / "package.tar")) as package:
        opened = Opened.of(package, people)
        with pytest.raises(exporting.UnknownSigner):
            exporting.export(opened, Wish(to, signer=signers.make("x", NOW)), tmp_path / "one.age", NOW)
    assert not (tmp_path / "one.age").exists()


def test_what_is_no_document_key_is_refused():
    mine, other = signers.make("x", NOW), signers.make("y", NOW)
    mixed = (
        mine.to_pem().partition(b"-----BEGIN CERTIFICATE")[0] + other.to_pem().partition(b"END PRIVATE KEY-----\n")[2]
    )
    for pem in (b"", b"rubbish", mixed):
        with pytest.raises(signers.NoSigner):
            signers.read(pem)
    assert signers.read(mine.to_pem()).certificate == mine.certificate
