"""Deadlines warn at 50, 80 and 100 per cent, once each, whatever the regime, the zone and the change of clocks."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings

from staydown.cases import rules, story, tasks
from staydown.cases.actions import alerting, claiming, deciding
from staydown.cases.models import Alert, Case, Report
from staydown.cases.rules import Ruling
from staydown.journal.models import Entry as JournalEntry
from staydown.people.rules import SENIORS, Role
from staydown.regimes.harms import Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db
STARTS = (
    datetime(2026, 11, 21, 12, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # half an hour before Europe's clocks go forward
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # half an hour before New York's go back
)


def case_of(start: datetime, harm: Harm = Harm.NCII, minor: Tri = Tri.NO) -> Case:
    return people.reported(people.posted(people.plaza(), "post-1"), harm=harm, minor=minor, now=start).case


def fired(case: Case) -> list[int]:
    return list(case.alerts.exclude(fired_at=None).order_by("percent").values_list("percent", flat=True))


@pytest.mark.parametrize("country", ["FR", "US", "AU", "GB"])
@pytest.mark.parametrize("start", STARTS)
def test_each_part_of_the_time_fires_once_and_the_end_escalates(settings: LazySettings, country: str, start: datetime):
    settings.COUNTRY = country
    case = case_of(start)
    span = case.due_at - start
    assert span > timedelta(0)
    with time_machine.travel(start, tick=False) as clock:
        for part, expected in (
            (0.0, []),
            (0.49, []),
            (0.51, [50]),
            (0.79, [50]),
            (0.81, [50, 80]),
            (1.01, [50, 80, 100]),
        ):
            clock.move_to(start + span * part)
            tasks.watch_deadlines()
            tasks.watch_deadlines()
            assert fired(case) == expected, f"{country} at {part}"
    case.refresh_from_db()
    assert case.escalated_at is not None
    said = JournalEntry.objects.filter(act="case.alerted", about=f"cases.case:{case.pk}").order_by("index")
    assert [entry.facts["percent"] for entry in said] == [50, 80, 100]


def test_who_answers_for_the_case_is_warned_and_who_must_not_know_of_it_is_not():
    case = case_of(people.NOW, Harm.CSAM, Tri.YES)
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    ola, cleo = people.staff("ola", cleared=False), people.staff("cleo", "custodian")
    alerting.plan(people.NOW)
    warned = {}
    for percent in rules.ALERTED:
        alerting.fire(rules.alert_at(people.NOW, case.due_at, percent))
        warned[percent] = [one.username for one in (mina, tomas, ola, cleo) if alerting.of(one, people.NOW)]
    assert warned == {50: ["mina", "tomas"], 80: ["mina", "tomas"], 100: ["mina", "tomas"]}
    assert [(one.case, one.percent) for one in alerting.of(tomas, people.NOW)] == [(case, 100)]
    assert [one.percent for one in alerting.of(mina, people.NOW)] == [50]
    claiming.claim(case, mina, people.NOW)
    assert [one.percent for one in alerting.of(mina, people.NOW)] == [100]
    assert Role.LEAD in SENIORS


def test_a_deadline_that_comes_nearer_has_alerts_of_its_own_and_the_old_ones_never_fire():
    case = case_of(people.NOW)
    alerting.plan(people.NOW)
    near = people.later(hours=1)
    assert near < case.due_at
    Case.objects.filter(pk=case.pk).update(due_at=near)
    alerting.plan(people.NOW)
    alerting.fire(people.later(minutes=31))
    assert set(Alert.objects.exclude(fired_at=None).values_list("due_at", "percent")) == {(near, 50)}
    assert alerting.plan(people.NOW) == 0


def test_a_decided_case_warns_nobody_any_more():
    case = case_of(people.NOW)
    alerting.plan(people.NOW)
    mina = people.staff("mina")
    alerting.fire(case.due_at)
    assert alerting.of(mina, people.NOW)
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    assert alerting.of(mina, people.NOW) == []


def test_a_missed_deadline_stays_visible_and_is_told_to_the_reporter(settings: LazySettings):
    case = case_of(people.NOW)
    with time_machine.travel(case.due_at + timedelta(minutes=1), tick=False):
        tasks.watch_deadlines()
        report = Report.objects.get()
        kinds = [step.kind for step in story.steps(report, case.due_at + timedelta(minutes=1))]
        assert {"escalated", "late"} <= set(kinds)
        lead = people.staff("tomas", "lead")
        page = people.console(settings, lead).get("/").content.decode()
    assert "1 late" in page
    assert "100 %" in page
