"""What is due to go, and by which rule."""

from datetime import UTC, datetime

import pytest
from django.conf import LazySettings

from staydown.cases.actions import deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.cli import main
from staydown.regimes.retention import Kept
from staydown.vault.retention.plans import Line, Standing, plan
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided() -> Case:
    report = people.reported(people.posted(people.plaza(), "one"))
    deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Case.objects.get()


def on(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=UTC)


def lines() -> dict[Kept, Line]:
    return {line.what: line for line in plan()}


def test_an_open_case_has_no_end_yet():
    people.reported(people.posted(people.plaza(), "one"))
    assert lines() == {}


def test_a_case_file_goes_three_years_after_nobody_can_complain_any_more(decided: Case):
    line = lines()[Kept.FILE]
    assert line.schedule.gone_by
    assert line.schedule.gone_by.rule.id == "case_file"
    assert line.standing(on(2030, 5)) is Standing.KEPT  # decided in November 2026, closed in May 2027
    assert line.standing(on(2030, 6)) is Standing.DUE


def test_a_banked_fingerprint_is_to_be_asked_about_after_a_year(decided: Case):
    line = lines()[Kept.FINGERPRINT]
    assert line.schedule.gone_by
    assert line.schedule.gone_by.rule.id == "fingerprint_review"
    assert [line.standing(on(2027, month)) for month in (11, 12)] == [Standing.KEPT, Standing.DUE]


def test_the_plan_names_case_rule_and_day_and_changes_nothing(
    decided: Case, settings: LazySettings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("staydown.commands.retention.django", lambda *_: None)
    assert main(["retention", "plan", "--all"]) == 0
    said = capsys.readouterr().out
    assert f"file of case {decided.reference}: by 2030-05-2" in said
    assert "(fingerprint_review): ask whether it is still wanted" in said
    assert "0 due, 0 for a person to decide, 0 held, 2 kept." in said
    assert "did not consent" not in said
