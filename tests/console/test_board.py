"""The board counts what the lead may know of, names nobody, and says the same in bars, tables and CSV."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings

from staydown.cases.actions import deciding, intake, joining, later
from staydown.cases.models import Case, Subject
from staydown.cases.rules import Ruling
from staydown.console import figures
from staydown.journal.acting import action, note
from staydown.people.models import Exposed, Staff
from staydown.platforms.actions.registering import count_views
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph

pytestmark = pytest.mark.django_db


def counts(name: str) -> dict[str, int | None]:
    return {
        str(label): value for label, value in figures.BY_NAME[name].count(Case.objects.all(), people.later(hours=2))
    }


ROW = re.compile(r'<th scope="row">([^<]*)</th><td class="count">([^<]*)</td>')


def rows_of(page: str, name: str) -> list[str]:
    """The table of one figure on the board, as its CSV says it."""
    table = page.split(f'<h2 id="{name}">')[1].split("</section>")[0]
    return [f"{label},{'' if value == 'withheld' else value}" for label, value in ROW.findall(table)]


@pytest.fixture
def mina() -> Staff:
    return people.staff("mina")


@pytest.fixture
def case() -> Case:
    return people.reported(people.posted(people.plaza(), "post-1"), minor=Tri.NO).case


def test_cases_are_counted_by_age_inflow_and_by_views_after_the_report(mina: Staff, settings: LazySettings):
    item = people.posted(people.plaza(), "post-1")
    count_views(item, 5)
    item.refresh_from_db()
    case = people.reported(item, minor=Tri.NO).case
    count_views(item, 12)
    assert counts("ages")["1 to 6 hours"] == 1
    assert counts("inflow")[people.NOW.date().isoformat()] == 1
    assert counts("views") == {"still up": 0, "hidden": 7}
    assert (
        "12 views, 7 of them after the report"
        in people.console(settings, mina).get(f"/cases/{case.pk}").content.decode()
    )
    Subject.objects.update(views_before=None)  # reported before that was kept
    assert counts("views") == {"still up": 0, "hidden": 0}


def test_decisions_are_counted_by_what_was_left_of_their_time(case: Case, mina: Staff):
    Case.objects.filter(pk=case.pk).update(due_at=people.later(hours=1))
    joining.escalate(case, people.later(minutes=61))
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.later(minutes=70))
    assert counts("margins") == {
        "late": 1, "in the last tenth of the time": 0, "in the second half": 0, "in the first half": 0,
    }  # fmt: skip
    assert counts("breaches")[people.NOW.date().isoformat()] == 1


def test_what_was_decided_without_viewing_is_counted(case: Case, mina: Staff):
    @action
    def looked() -> None:
        note("media.peek", about=case, by=mina.journal_name, now=people.NOW, case=str(case.pk))

    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    assert counts("unviewed") == {"decided without viewing": 1, "viewed": 0}
    looked()
    assert counts("unviewed") == {"decided without viewing": 0, "viewed": 1}
    assert counts("copies")[people.NOW.date().isoformat()] == 0
    people.checked(people.Platform.objects.get(), jpeg(photograph("coffee")), "bob")
    assert counts("copies")[people.NOW.date().isoformat()] == 1


def test_a_decision_that_a_complaint_turned_is_an_overturn(case: Case, mina: Staff):
    deciding.decide(case, people.proposal(case, Ruling.KEEP), mina, people.NOW)
    later.contest(intake.find(people.receipt()), "it is me", people.later(minutes=5))
    tomas = people.staff("tomas", "lead")
    case.refresh_from_db()
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), tomas, people.later(minutes=9))
    assert counts("overturns") == {"decided": 2, "contested": 1, "decided otherwise then": 1}


def test_what_fewer_than_three_people_looked_at_is_withheld(mina: Staff):
    day = people.NOW.date().isoformat()
    for who in (mina, people.staff("tomas", "lead")):
        Exposed.objects.create(staff=who, at=people.NOW, seconds=20, weight=3)
    assert counts("exposure")[day] is None
    Exposed.objects.create(staff=people.staff("ola"), at=people.NOW, seconds=10, weight=1)
    assert counts("exposure")[day] == 130


def test_the_board_and_its_csv_say_the_same_and_leave_out_what_the_reader_must_not_know(
    case: Case, settings: LazySettings
):
    other = people.posted(people.Platform.objects.get(), "post-2", jpeg(photograph("rocket")), "eve")
    people.reported(other, seed="two", harm=Harm.CSAM, minor=Tri.YES)
    Staff.objects.filter(pk=people.staff("mina").pk).update(away_until=people.later(days=2))
    with time_machine.travel(people.NOW + timedelta(minutes=9), tick=False):
        said = {}
        for name, cleared in (("tomas", True), ("uma", False)):
            client = people.console(settings, people.staff(name, "lead", cleared))
            page = client.get("/board").content.decode()
            assert "<svg" in page
            assert ("mina, until" in page) is cleared  # a turn that is over tells what she looked at
            said[name] = client.get("/board/ages.csv").content.decode().splitlines()[1]
            assert client.get("/board/nothing.csv").status_code == 404
            for figure in figures.ALL:
                answer = client.get(f"/board/{figure.name}.csv")
                assert (answer.status_code == 200) is (cleared or not figure.for_cleared), figure.name
                assert (f'href="/board/{figure.name}.csv"' in page) is (answer.status_code == 200)
                if answer.status_code == 200:
                    assert answer.content.decode().splitlines()[1:] == rows_of(page, figure.name)
    assert said == {"tomas": "under 1 hour,2", "uma": "under 1 hour,1"}
