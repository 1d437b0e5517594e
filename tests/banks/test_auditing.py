"""The audit compares what the indexes find with what the tables say, and says so when they differ."""

import numpy as np
import pytest

from staydown.banks import auditing, catalogue, following
from staydown.banks.catalogue import CatalogueIndex
from staydown.banks.following import BankIndex
from staydown.cases.actions import deciding
from staydown.cases.rules import Ruling
from staydown.cli import main
from tests import people

pytestmark = pytest.mark.django_db
RNG = np.random.default_rng(4)


@pytest.fixture
def banked() -> None:
    platform = people.plaza()
    people.posted(platform, "other")
    item = people.posted(platform, "first")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)


@pytest.mark.usefixtures("banked")
def test_indexes_that_follow_the_tables_pass_the_audit(capsys: pytest.CaptureFixture[str]):
    assert main(["matching", "audit", "--sample", "40"]) == 0
    said = capsys.readouterr().out
    assert "bank: 40 of 40 answers are exact, over 8 fingerprints." in said
    assert "catalogue: 40 of 40 answers are exact" in said


@pytest.mark.usefixtures("banked")
def test_an_index_that_lost_a_fingerprint_does_not_pass(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    index = BankIndex()
    known = auditing.bank_rows()
    assert len(index.search(known.forms)) >= len(known.ids)
    kept = next(forms for forms in (index._pictures, index._hashes) if forms._counts)
    kept._index.remove(known.ids[:1])
    monkeypatch.setattr(following, "bank", index)
    assert main(["matching", "audit", "--sample", "60"]) == 1
    said = capsys.readouterr().out
    assert "missed: the bank's index" in said
    assert "restart everything" in said


@pytest.mark.usefixtures("banked")
def test_an_index_that_finds_what_is_not_there_does_not_pass():
    known = auditing.catalogue_rows(10**6)
    asked = auditing.sampled(known, 40, RNG)
    turned = catalogue.Index()
    turned.add(known.ids, np.roll(known.forms, 1, axis=0))
    audited = auditing.audit(known, asked, turned.search)
    assert audited.missed
    assert audited.wrong


@pytest.mark.usefixtures("banked")
def test_what_an_index_holds_of_deleted_rows_is_no_difference():
    known = auditing.catalogue_rows(10**6)
    asked = auditing.sampled(known, 40, RNG)
    search = CatalogueIndex().upto(10**6).search
    fewer = auditing.Known(known.ids[1:], known.forms[1:])
    assert auditing.audit(fewer, asked, search) == auditing.Audited(len(known.ids) - 1, 40, (), ())


def test_an_audit_of_nothing_passes(capsys: pytest.CaptureFixture[str]):
    assert main(["matching", "audit"]) == 0
    assert "over 0 fingerprints" in capsys.readouterr().out


def test_a_sample_of_no_searches_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["matching", "audit", "--sample", "0"]) == 2
    assert "larger number" in capsys.readouterr().err
