from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.utils.html import escape

from staydown.cases import owing
from staydown.cases.models import Report
from staydown.regimes.harms import Harm, Tri
from tests import people

pytestmark = pytest.mark.django_db


def test_every_deadline_of_a_case_runs_from_the_report_that_started_it(settings):
    settings.COUNTRY = "US"
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.NCII, minor=Tri.NO).case
    first = {one.duty.id: one.at for one in owing.running(case)}
    assert set(first) == {"us_take_it_down", "intimate_image", "any_notice"}
    assert min(first.values()) == case.due_at
    Report.objects.filter(case=case).update(received_at=case.opened_at - timedelta(hours=5))
    assert {one.at for one in owing.running(case)} == {at - timedelta(hours=5) for at in first.values()}


def test_a_graver_report_adds_its_own_deadlines_and_takes_none_away_and_the_page_says_where_each_is_written(
    settings: LazySettings,
):
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, harm=Harm.NCII, minor=Tri.NO).case
    people.reported(item, seed="two", harm=Harm.CSAM, minor=Tri.YES)
    case.refresh_from_db()
    running = [one.duty.id for one in owing.running(case)]
    assert running[0] == case.duty.id == "child_safety"
    assert {"intimate_image", "eu_dsa_16_decide"} <= set(running)
    page = people.console(settings, people.staff("mina")).get(f"/cases/{case.pk}").content.decode()
    for one in owing.running(case):
        assert f'href="{escape(one.duty.source)}"' in page and escape(one.duty.article) in page, one.duty.id
