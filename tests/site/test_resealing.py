"""Words sealed to a former working key: readable all the time, and sealed to today's, wherever it is interrupted."""

from itertools import count

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt
from django.apps import apps
from django.conf import LazySettings
from django.db import models

from staydown.cases.actions import deciding, intake
from staydown.cases.details import Detail
from staydown.cases.models import Addition, Answer, Decision, Report, Subject
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.platforms.models import Platform
from staydown.regimes.harms import Harm
from staydown.site import resealing
from staydown.vault import opening, words
from tests import people

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Report:
    """A decided case with a word in every column that is sealed."""
    item = people.posted(people.plaza(), "one")
    notice = intake.Notice(
        harm=Harm.NCII,
        items=(item,),
        links=("https://elsewhere.example/1",),
        words="her words",
        details={Detail.POLICE: "her police number"},
    )
    report = intake.receive(notice, people.receipt(), people.NOW)
    intake.add_words(report, "more of her words", people.NOW)
    mina = people.staff("mina")
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), mina, people.NOW)
    TOTP.activate(mina, TOTP_SECRET)
    RecoveryCodes.activate(mina)
    return report


def another_key(settings: LazySettings) -> None:
    settings.FORMER_WORKING_KEYS = [settings.WORKING_KEY, *settings.FORMER_WORKING_KEYS]
    settings.WORKING_KEY, settings.WORKING_PUBLIC = words.new_key_pair()


def everything() -> list[str]:
    """Every sealed word, opened with whatever keys the settings name."""
    rows = [(column.name, row) for column in resealing.COLUMNS for row in column.model.objects.order_by("pk")]
    opened = [opening.read(sealed) for name, row in rows if (sealed := getattr(row, name))]
    totp, codes = Authenticator.objects.order_by("type").values_list("data", flat=True).reverse()
    return [*opened, decrypt(totp["secret"]), decrypt(codes["seed"])]


def test_words_are_readable_before_during_and_after(told: Report, settings: LazySettings):
    before = everything()
    assert any("her police number" in each for each in before)
    assert {"her words", "more of her words", "https://elsewhere.example/1", TOTP_SECRET} < set(before)
    another_key(settings)
    assert everything() == before
    assert not resealing.is_done()
    *_, changed = resealing.reseal()
    assert changed == len(before)
    assert resealing.is_done()
    settings.FORMER_WORKING_KEYS = []
    assert everything() == before
    *_, changed = resealing.reseal()
    assert changed == 0


def test_it_goes_on_wherever_it_was_interrupted(told: Report, settings: LazySettings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(resealing, "BATCH", 1)
    before = everything()
    for steps in count():
        another_key(settings)
        run = resealing.reseal()
        done = sum(1 for _, _ in zip(range(steps), run, strict=False))
        run.close()
        assert everything() == before
        list(resealing.reseal())
        assert resealing.is_done()
        if done < steps:
            break
    assert steps > len(before)


def test_the_reporter_reads_what_was_sealed_anew_with_her_receipt(told: Report, settings: LazySettings):
    another_key(settings)
    list(resealing.reseal())
    receipt = people.receipt()
    assert receipt.read(Report.objects.get().words_sealed) == "her words"
    assert receipt.read(Addition.objects.get().words_sealed) == "more of her words"
    assert receipt.read(Answer.objects.get().words_sealed).startswith("We removed it.")
    assert receipt.read(Subject.objects.get(item=None).link_sealed) == "https://elsewhere.example/1"


def test_what_changed_meanwhile_is_not_overwritten(
    told: Report, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
):
    another_key(settings)
    read = opening.read

    def read_while_somebody_writes(sealed: bytes) -> str:
        Decision.objects.update(reasons_sealed=words.seal("written meanwhile", settings.WORKING_PUBLIC))
        return read(sealed)

    monkeypatch.setattr(opening, "read", read_while_somebody_writes)
    list(resealing.reseal())
    assert read(Decision.objects.get().reasons_sealed) == "written meanwhile"


def test_it_is_in_the_journal(told: Report, settings: LazySettings):
    another_key(settings)
    list(resealing.reseal())
    assert Entry.objects.get(act="keys.words_resealed").facts["rows"] > 0
    assert verify() == []


def test_every_sealed_column_is_known():
    """A new column of words that nobody seals anew would be lost with the key it was sealed to."""
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField) and field.name.endswith("_sealed")
    }
    known = {f"{column.model._meta.label}.{column.name}" for column in resealing.COLUMNS}
    assert named - known == resealing.ELSEWHERE


def test_secrets_of_authenticators_from_before_there_was_sealing_are_sealed(told: Report):
    totp = Authenticator.objects.get(type="totp")
    Authenticator.objects.filter(pk=totp.pk).update(data={"secret": TOTP_SECRET})
    codes = Authenticator.objects.get(type="recovery_codes")
    Authenticator.objects.filter(pk=codes.pk).update(data={"migrated_codes": ["one", "two"], "used_mask": 0})
    assert not resealing.is_done()
    *_, changed = resealing.reseal()
    assert (changed, resealing.is_done()) == (2, True)
    totp.refresh_from_db()
    codes.refresh_from_db()
    assert TOTP_SECRET not in str(totp.data)
    assert decrypt(totp.data["secret"]) == TOTP_SECRET
    assert [decrypt(each) for each in codes.data["migrated_codes"]] == ["one", "two"]


def test_the_platforms_secret_is_among_them(told: Report, settings: LazySettings):
    another_key(settings)
    list(resealing.reseal())
    settings.FORMER_WORKING_KEYS = []
    platform = Platform.objects.get()
    assert not platform.webhook_secret_sealed or opening.read(platform.webhook_secret_sealed) == people.SECRET
