"""The key that signs reports for authorities: written once, for the custodians; the journal says which certificate is ours."""

from pathlib import Path

import pytest
from cryptography import x509

from staydown.cli import main
from staydown.commands import keys
from staydown.journal.models import Entry
from staydown.site import home as homes
from staydown.site.home import Home
from staydown.vault.evidence import signers

pytestmark = pytest.mark.django_db


def test_the_document_key_is_written_once_and_its_certificate_named_in_the_journal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keys, "django", lambda *_: None)  # it is set up already
    house = Home(tmp_path / "house")
    homes.create(house, "platform", "FR")
    words = ["keys", "document", "--to", str(tmp_path / "document.pem"), "--home", str(house.path)]
    assert main(words) == 0
    signer = signers.read((tmp_path / "document.pem").read_bytes())
    assert (tmp_path / "document.pem").stat().st_mode & 0o077 == 0
    assert signer.fingerprint in capsys.readouterr().out
    assert Entry.objects.get(act="keys.document_signer").facts == {"certificate_sha256": signer.fingerprint}
    assert "Staydown" in x509.load_der_x509_certificate(signer.certificate).subject.rfc4514_string()
    assert main(words) == 2
    assert signers.read((tmp_path / "document.pem").read_bytes()).certificate == signer.certificate
    assert Entry.objects.filter(act="keys.document_signer").count() == 1
