"""The yearly report counts what happened, from the first day; what anybody sees of it tells of nobody."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from staydown.authority_orders.actions import executing, receiving, undoing
from staydown.authority_orders.actions.receiving import Order, Sender
from staydown.authority_orders.models import AuthorityOrder
from staydown.authority_orders.rules import Answered, Said
from staydown.authority_orders.rules import Kind as OrderKind
from staydown.cases.actions import deciding
from staydown.cases.models import Statement
from staydown.cases.rules import Ground, Ruling
from staydown.cli import main
from staydown.journal.models import Entry
from staydown.organisations.models import Organisation
from staydown.regimes.harms import Harm, Tri
from staydown.transparency import counting, publishing, tables
from staydown.transparency.models import Yearly
from staydown.transparency.publishing import NotOver
from staydown.transparency.vocabulary import Source
from staydown.transparency.year import Year
from tests import people
from tests.desk.outside import SAID, admitted, team
from tests.vault.evidence.light import posted

AFTER = datetime(2027, 1, 2, tzinfo=UTC)


def decided(platform, number: int, harm: Harm = Harm.NCII, **also) -> None:
    """A report of one post, answered two hours later."""
    minor = Tri.YES if harm is Harm.CSAM else Tri.NO
    case = people.reported(posted(platform, f"post-{number}"), harm=harm, minor=minor, seed=str(number)).case
    plan = replace(people.proposal(case, Ruling.REMOVE), ground=also.get("ground", Ground.LAW))
    deciding.decide(case, plan, also["by"], people.later(hours=also.get("hours", 2)))


@pytest.fixture
def year() -> Year:
    return Year(2026, "Plaza")


@pytest.fixture
def lived(db) -> None:
    """A year: six reports of images by the law, one of a child, two by the platform's rules."""
    platform, mina = people.plaza(), people.staff("mina")
    for number in range(6):
        decided(platform, number, by=mina, hours=number + 1)
    decided(platform, 6, Harm.CSAM, by=mina, hours=1)
    for number in (7, 8):
        decided(platform, number, by=mina, ground=Ground.RULES)


def rows_of(table: tables.Table) -> list[dict[str, object]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def test_notices_are_counted_by_what_they_are_about_with_their_median_in_hours(lived, year):
    total, *kinds = rows_of(counting.notices(year))
    assert total["Service"] == "Plaza" and total["Reporting period"] == "2026-01-01/2026-12-31"
    assert (total["Number of notices received"], total["Median time to take action"]) == (9, 2.0)
    assert total["Number of actions taken on the basis of the law"] == 7
    assert total["Number of actions taken on the basis of the terms and conditions of the service"] == 2
    counts = {row["Category of illegal content"]: row["Number of notices received"] for row in kinds}
    assert counts["STATEMENT_CATEGORY_CYBER_VIOLENCE / KEYWORD_NON_CONSENSUAL_IMAGE_SHARING"] == 8
    assert counts["STATEMENT_CATEGORY_PROTECTION_OF_MINORS / KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"] == 1
    assert sum(counts.values()) == 9


def test_a_copy_that_nobody_reported_is_our_own_initiative(lived, year):
    Statement.objects.filter(order__item__external_id="post-1").update(
        source_type=Source.VOLUNTARY, automated_detection=True
    )
    by_law, by_rules = (rows_of(each)[0] for each in counting.report(year)[2:4])
    assert [by_law[name] for name in (*tables.OWN, "Visibility restriction Removal")] == [1, 1, 1]
    assert [by_rules[name] for name in tables.OWN] == [0, 0]
    assert rows_of(counting.notices(year))[0]["Number of actions taken on the basis of the law"] == 6
    machines = {(row["Indicator"], row["Scope"]): row["Value"] for row in rows_of(counting.machines(year))}
    assert machines["Number of measures solely taken by automated means", "Total number"] == 0
    assert machines["Number of measures not taken by automated means", "Own-initiative"] == 1


def ordered(court: Organisation, number: int, harm: Harm = Harm.NCII, **also) -> AuthorityOrder:
    """An order of an authority, served two hours before it was sent by its program; executed an hour later."""
    kind, now = also.get("kind", OrderKind.REMOVAL), people.later(hours=2)
    places = (f"https://elsewhere.example/{number}", f"https://elsewhere.example/{number}b", "@ana")
    minor = Tri.YES if harm is Harm.CSAM else Tri.NO
    told = Order(kind, Said(**SAID, places=places), harm=harm, minor=minor, served_at=people.NOW)
    row = receiving.receive(told, Sender(court), now)
    if kind is OrderKind.REMOVAL and "by" in also:
        executing.execute(row, "An authority ordered it removed.", also["by"], people.later(hours=3))
    return row


def test_orders_are_counted_by_kind_by_category_and_by_member_state_with_their_medians(db, year):
    mina, _tomas = team()
    court, police = admitted(name="Court"), admitted(name="Police", country="GR")
    for number in range(6):
        ordered(court, number, by=mina)
    ordered(court, 6, Harm.CSAM)
    ordered(police, 7, Harm.UNSPECIFIED, kind=OrderKind.INFORMATION)
    ordered(police, 8, kind=OrderKind.PRESERVATION)
    ordered(admitted(name="Commissioner", country="AU"), 9)
    by_letter = Order(OrderKind.REMOVAL, Said(**SAID, places=("https://elsewhere.example/10",)))
    letter = receiving.receive(by_letter, Sender(staff=mina), people.NOW)
    undoing.attribute(letter, court, mina, people.NOW)
    undoing.called_back(letter, Answered.DENIED, mina, people.NOW)
    found = rows_of(counting.report(year)[0])
    rows = {(row["Category of illegal content"], row["Scope"]): [row[name] for name in tables.ORDERS] for row in found}
    assert rows["TOTAL", "TOTAL"] == [7, 14, 2.0, 3.0, 2, 2.0, 2.0]
    assert rows["TOTAL", "BE"] == [7, 14, 2.0, 3.0, 0, "", ""]
    assert rows["TOTAL", "EL"] == [0, 0, "", "", 2, 2.0, 2.0]
    images = "STATEMENT_CATEGORY_CYBER_VIOLENCE / KEYWORD_NON_CONSENSUAL_IMAGE_SHARING"
    assert rows[images, "TOTAL"] == [6, 12, 2.0, 3.0, 1, 2.0, 2.0]
    assert rows["STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER", "EL"] == [0, 0, "", "", 1, 2.0, ""]
    assert {scope for _kind, scope in rows} == {"TOTAL", "BE", "EL"}
    assert rows_of(counting.notices(year))[0]["Number of notices received"] == 0  # an order is no notice
    seen = publishing.figures(year)
    assert seen["orders"] == {"act": None, "tell": None} and seen["order_countries"] == {"BE": None, "GR": None}
    assert seen["order_harms"] == {"NCII": None, "CSAM": None, "UNSPECIFIED": None}  # 7, 1 and 1
    assert seen["order_hours"] == {"acknowledged": 2.0, "effected": 3.0}


def test_what_an_authority_alone_had_told_of_is_neither_a_notice_nor_our_own_initiative(db):
    mina, _tomas = team()
    posted(people.plaza(), "post-1")
    said = Said(**SAID, places=("http://127.0.0.1:9/posts/post-1",))
    row = receiving.receive(
        Order(OrderKind.PRESERVATION, said, harm=Harm.NCII, minor=Tri.NO), Sender(admitted()), people.NOW
    )
    plan = replace(people.proposal(row.report.case, Ruling.REMOVE), statement="Your post was removed by the law.")
    deciding.decide(row.report.case, plan, mina, people.NOW)
    assert [each.source_type for each in Statement.objects.all()] == [Source.OTHER_NOTIFICATION]


def test_a_year_begins_and_ends_at_midnight_of_the_country(settings):
    start, end = Year(2026, "").span
    assert (start.astimezone(UTC), end.astimezone(UTC)) == (
        datetime(2025, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)
    )  # fmt: skip


def test_an_empty_year_has_every_row_and_no_median(db):
    for table in counting.report(Year(2020, "Plaza")):
        assert table.rows
        assert all(len(row) == len(table.columns) for row in table.rows)
    assert rows_of(counting.notices(Year(2020, "Plaza")))[0]["Median time to take action"] == ""


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({"a": 9, "b": 0}, {"a": 9, "b": 0}),
        ({"a": 9, "b": 4}, {"a": None, "b": None}),  # the sum would give b away
        ({"a": 9, "b": 4, "c": 7}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 4, "c": 1}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),  # two together are one each
        ({"a": 1}, {"a": None}),
    ],
)
def test_small_numbers_are_left_out_and_cannot_be_reckoned(counts: dict[str, int], shown: dict[str, int | None]):
    assert tables.for_everybody(counts) == shown


def test_medians_are_hours():
    times = [timedelta(hours=1), timedelta(hours=3), timedelta(minutes=90)]
    assert (tables.median_hours(times), tables.median_hours([])) == (1.5, "")


def test_the_command_writes_the_tables_and_publishes_once_the_year_is_over(lived, year, tmp_path: Path, capsys):
    assert main(["transparency", "report", "2026", "--to", str(tmp_path / "tables")]) == 0
    written = {path.name for path in (tmp_path / "tables").iterdir()}
    assert written == {f"2026-{each.name}.csv" for each in counting.report(year)}
    text = (tmp_path / "tables" / "2026-1-3-notices.csv").read_text(encoding="utf-8")
    assert next(csv.DictReader(text.splitlines()))["Number of notices received"] == "9"
    assert main(["transparency", "report", "2031", "--to", str(tmp_path / "later"), "--publish"]) == 2
    assert "not over" in capsys.readouterr().err
    assert not Yearly.objects.exists()


@pytest.mark.urls("staydown.portal.urls")
def test_the_public_page_shows_the_last_version_without_small_numbers(lived, year):
    assert "Nothing has been published yet" in Client().get("/en/published").content.decode()
    with pytest.raises(NotOver):
        publishing.publish(year, "operator", people.NOW)
    publishing.publish(Year(2026, "Plaza"), "operator", AFTER)
    made = publishing.publish(Year(2026, "Plaza"), "operator", AFTER)
    assert (made.version, Entry.objects.filter(act="transparency.published").count()) == (2, 2)
    assert made.figures["reports"] == {harm.value: 0 for harm in Harm} | {"NCII": None, "CSAM": None}
    assert made.figures["hours"] == {"median": 2.0}
    page = Client().get("/en/published").content.decode()
    assert page.count("<h2>2026: Reports received</h2>") == 1
    assert "not shown" in page and "A child is shown naked" in page
    assert "2026: Orders of authorities" in page
    Yearly.objects.update(
        figures={"reports": {}, "orders": {"act": 9, "tell": 0}, "order_countries": {"GR": 7, "FR": 5}}
    )
    page = Client().get("/en/published").content.decode()
    assert "Greece: <strong>7" in page and "France: <strong>5" in page and "How long it took" not in page
    assert "/en/published" in Client().get("/en/organisations").content.decode()
