"""A decided case with words, an address and sealed evidence: what retention is about."""

from dataclasses import dataclass

import pytest
from django.conf import LazySettings

from staydown.cases import details
from staydown.cases.actions import deciding
from staydown.cases.models import Case, Report
from staydown.cases.rules import Ruling
from staydown.people.models import Staff
from staydown.regimes.harms import Harm, Tri
from staydown.vault import words
from staydown.vault.evidence import tasks as sealing
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState, Kind
from tests import people
from tests.vault.evidence.conftest import Originals, Vault, originals, vault
from tests.vault.evidence.light import posted

__all__ = ["originals", "vault"]
WORDS, ADDRESS = "her words, seventeen violet umbrellas", "ada@example.org"
BYTES = b"\xff\xd8\xff made up, not a picture " * 400


@dataclass
class File:
    """A decided case, and the people who may destroy it."""

    case: Case
    report: Report
    lena: Staff
    cleo: Staff
    vault: Vault

    @property
    def sealed_key(self) -> bytes | None:
        half = CaseKey.objects.get(case=self.case).private_half
        return None if half is None else bytes(half)


def made(vault: Vault, originals: Originals, item: str = "post-1", settings: LazySettings | None = None) -> File:
    originals.media[item] = BYTES
    platform = originals.platform()
    report = people.reported(posted(platform, item), harm=Harm.NCII, minor=Tri.NO, words=WORDS)
    told = details.pack({details.Detail.CONTACT: ADDRESS, details.Detail.SINCE: "since May"})
    from django.conf import settings as now

    report.details_sealed = words.seal(told, report.public_key, now.WORKING_PUBLIC)
    report.save()
    row = Evidence.objects.get(case=report.case, kind=Kind.ITEM)
    sealing.seal(str(row.pk))
    row.refresh_from_db()
    assert row.state == EvidenceState.SEALED
    mina = people.staff("mina")
    deciding.decide(report.case, people.proposal(report.case, Ruling.ONCE), mina, people.NOW)
    report.refresh_from_db()
    return File(Case.objects.get(), report, people.staff("lena", "lead"), people.staff("cleo", "custodian"), vault)


@pytest.fixture
def file(vault: Vault, originals: Originals) -> File:
    return made(vault, originals)
