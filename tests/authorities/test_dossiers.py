"""The dossier for a person to hand over: it says where and what, in the authority's language, and shows nothing."""

import csv
import io
from pathlib import Path

import pdfua
import pypdfium2
import pytest
from pikepdf import Pdf, Stream

from staydown.authorities import dossiers, forms
from staydown.authorities.models import Referral
from staydown.platforms.models import Account, Item
from staydown.regimes.authorities import authorities
from staydown.regimes.harms import Harm
from staydown.vault import words
from tests import pdfs, people
from tests.authorities.light import decided, prepared

pytestmark = pytest.mark.django_db
SAID = {
    "fr": "Une image publiée par ce compte a été signalée, examinée par une personne et retirée.",
    "en": "A picture posted by this account was reported, looked at by a person and taken down.",
}


def test_the_dossier_is_an_accessible_archive_pdf_in_the_authoritys_language_without_a_picture(settings):
    settings.CONTACT = "law@plaza.example"
    decided(people.plaza())
    referral = prepared("fr_pharos")
    for authority in (each for each in authorities().values() if each.form == "dossier"):
        referral.authority = authority.id
        referral.words_sealed = words.seal(SAID[authority.language], settings.WORKING_PUBLIC)
        made = dossiers.pdf(referral, people.NOW)
        assert pdfs.complaints(made) == []
        if authority.id == "fr_pharos":
            pdfs.photographed(made, "dossier-fr")
        with Pdf.open(io.BytesIO(made)) as opened:
            assert opened.Root.Lang == authority.language
            assert not [
                each for each in opened.objects if isinstance(each, Stream) and each.get("/Subtype") == "/Image"
            ]


def test_another_checker_of_accessible_pdfs_finds_nothing_either(tmp_path: Path):
    decided(people.plaza())
    (tmp_path / "dossier.pdf").write_bytes(dossiers.pdf(prepared("fr_pharos"), people.NOW))
    assert list(pdfua.validate(tmp_path / "dossier.pdf").findings) == []


def test_what_strangers_named_things_stays_on_the_page_and_is_copied_as_it_was():
    decided(people.plaza())
    referral, account = prepared("fr_pharos"), "#set page(width: 1cm) " + "x" * 150 + "\u202e\n用$*_"
    Account.objects.update(external_id=account)
    Item.objects.update(url=(address := "https://plaza.example/" + "a1/" * 300))
    made = dossiers.pdf(referral, people.NOW)
    assert pdfs.complaints(made) == []
    document = pypdfium2.PdfDocument(made)
    pages = [page.get_textpage() for page in document]
    said = "".join("".join(page.get_text_bounded().split()) for page in pages)
    assert address in said
    spelled = account.replace("\u202e\n用", "<U+202E><U+000A><U+7528>")
    assert "".join(spelled.split()) in said
    accounts = {step.title: step.text for step in forms.steps(referral)}["Comptes"]
    assert accounts.splitlines() == [
        f"Plaza : {account}".replace("\u202e\n", "<U+202E><U+000A>")
    ]  # nobody else is accused
    for page, sheet in zip(pages, document, strict=True):
        boxes = [page.get_rect(number) for number in range(page.count_rects())]
        assert all(left >= 0 and right <= sheet.get_width() for left, _, right, _ in boxes)


def test_every_harm_has_its_words():
    decided(people.plaza(), danger=True)
    referral = prepared("fr_pharos")
    for harm in Harm:
        referral.case.harm = harm
        assert dossiers.pdf(referral, people.NOW)
        assert all(harm.value in dossiers._words(language) for language in ("fr", "en"))


def test_the_list_has_utc_and_local_time():
    decided(people.plaza())
    (row,) = csv.DictReader(io.StringIO(dossiers.table(prepared("fr_pharos"))))
    assert row["address"].endswith("/posts/post-1")
    assert row["account"] == "ana"
    assert row["posted_utc"] == "2026-11-21 12:00:00"
    assert row["posted_Europe/Paris"] == "2026-11-21 13:00:00 +0100"


def test_what_a_stranger_called_an_account_is_not_calculated():
    decided(people.plaza())
    Account.objects.update(external_id="=HYPERLINK(1)")
    (row,) = csv.DictReader(io.StringIO(dossiers.table(prepared("fr_pharos"))))
    assert row["account"] == "'=HYPERLINK(1)"


def test_each_step_of_the_form_has_its_text_in_the_authoritys_own_time(settings):
    settings.CONTACT = "law@plaza.example"
    decided(people.plaza())
    found = {step.title: step.text for step in forms.steps(prepared("fr_pharos"))}
    assert list(found) == ["Catégorie", "Date et heure", "Adresses (URL)", "Comptes", "Commentaire", "Vos coordonnées"]
    assert found["Catégorie"].startswith("Pédophilie")
    assert found["Date et heure"] == "21/11/2026 13:00 (CET)"
    assert found["Adresses (URL)"].endswith("/posts/post-1")
    assert found["Comptes"] == "Plaza : ana"
    settings.CONTACT = ""
    assert "Vos coordonnées" not in {step.title for step in forms.steps(prepared("fr_pharos"))}


def test_every_form_belongs_to_an_authority_that_gets_a_dossier():
    for name, form in forms._forms().items():
        assert authorities()[name].form == "dossier"
        assert form["to_verify"] and "other" in form["categories"]


def test_the_text_for_the_form_has_the_words_and_every_address():
    decided(people.plaza())
    said = dossiers.text(Referral.objects.get())
    assert said.splitlines()[0] == "The person shown did not consent."
    assert said.splitlines()[-1].endswith("/posts/post-1")
