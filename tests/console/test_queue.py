"""The queue: the most urgent first, whoever asks, fifty to a page, and who works on what."""

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staydown.banks import tasks as bank_tasks
from staydown.banks.models import Entry, Match
from staydown.cases import seeing, tasks
from staydown.cases.actions import claiming, deciding
from staydown.cases.models import Case
from staydown.cases.rules import Ruling
from staydown.console import listing
from staydown.platforms.models import Item
from staydown.platforms.rules import ItemState
from staydown.regimes.harms import Harm, Tri
from tests import people
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db


def opened(due: timedelta, harm: Harm = Harm.NCII, minor: Tri = Tri.NO) -> Case:
    """A case that is due so long from now."""
    now = timezone.now()
    return Case.objects.create(harm=harm, minor=minor, opened_at=now, due_at=now + due, clock="dsa-16-timely")


def order(cases: list[Case]) -> list[Case]:
    return list(seeing.urgent_first(Case.objects.filter(pk__in=[case.pk for case in cases]), timezone.now(), 0, 100))


def test_what_is_late_comes_first_then_what_is_due_soon() -> None:
    hours = (-2, 0.5, 3, 12, 40)
    cases = [opened(timedelta(hours=each)) for each in hours]
    assert order(cases[::-1]) == cases


@pytest.mark.parametrize(("sooner", "later"), [(-30, -20), (10, 50), (61, 350), (7 * 60, 23 * 60), (25 * 60, 90 * 60)])
def test_of_two_that_are_about_as_urgent_the_graver_comes_first(sooner: int, later: int) -> None:
    ordinary, grave = opened(timedelta(minutes=sooner)), opened(timedelta(minutes=later), Harm.CSAM)
    assert order([ordinary, grave]) == [grave, ordinary]


def test_of_the_same_harm_what_is_due_first_comes_first_however_many_reported() -> None:
    platform = people.plaza()
    media = jpeg(photograph("coffee"))
    item = people.posted(platform, "many", media)
    many = people.reported(item).case
    one = people.reported(people.posted(platform, "one", jpeg(photograph("rocket")), account="zoe"), seed="b").case
    for seed in "cde":
        people.reported(item, seed=seed)
    now = timezone.now()
    Case.objects.filter(pk=many.pk).update(due_at=now + timedelta(hours=4))
    Case.objects.filter(pk=one.pk).update(due_at=now + timedelta(hours=3))
    assert order([many, one]) == [one, many]


def test_a_line_of_the_queue_says_what_waits_and_who_works_on_it(settings: LazySettings) -> None:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    people.reported(item, seed="two")
    mina = people.staff("mina")
    claiming.claim(case, mina, timezone.now())
    (row,) = listing.rows(seeing.urgent_first(seeing.hers(mina, people.NOW), timezone.now(), 0, 9), timezone.now())
    assert (row.case, row.claimant, row.reports, row.items, row.copies, row.uploads) == (case, mina, 2, 1, 0, 0)
    assert "mina" in people.console(settings, people.staff("tomas", "lead")).get("/").content.decode()
    assert "<strong>you</strong>" in people.console(settings, mina).get("/").content.decode()


def test_the_queue_asks_the_database_as_often_for_fifty_cases_as_for_one(settings: LazySettings) -> None:
    client = people.console(settings, people.staff("mina"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/").status_code == 200
        return len(asked)

    opened(timedelta(hours=1))
    client.get("/")
    for_one = queries()
    for _ in range(49):
        opened(timedelta(hours=2))
    assert queries() == for_one
    assert for_one <= 20


def test_a_case_asks_the_database_as_often_however_many_others_are_open(settings: LazySettings) -> None:
    client = people.console(settings, people.staff("mina"))
    case = people.reported(people.posted(people.plaza(), "post-1")).case

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/cases/{case.pk}").status_code == 200
        return len(asked)

    client.get("/")
    alone = queries()
    for _ in range(30):
        opened(timedelta(hours=2))
    assert queries() == alone
    assert alone <= 64


@pytest.mark.skipif(connection.vendor != "sqlite", reason="plans are told in the words of SQLite")
@pytest.mark.parametrize("cleared", [True, False])
def test_no_page_reads_through_all_cases_reports_posts_accounts_or_uploads(
    cleared: bool, settings: LazySettings
) -> None:
    case = people.reported(people.posted(people.plaza(), "post-1"), minor=Tri.NO).case
    client = people.console(settings, people.staff("mina", "lead", cleared))
    for path in ("/", "/?page=2", f"/cases/{case.pk}", "/yours"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).status_code == 200
        for query in asked.captured_queries:
            if query["sql"].startswith("SELECT"):
                assert not scanned(query["sql"]) & MANY, f"{path}: {query['sql']}"


NAMED = re.compile(r'"(\w+)" "?([UVWT]\d+)"?')  # "cases_case" "U0"
MANY = {"cases_case", "cases_report", "cases_subject", "cases_alert", "cases_decision", "platforms_item", "platforms_account",
        "platforms_check", "platforms_order", "banks_entry", "banks_match", "journal_entry", "people_exposed"}  # fmt: skip


def scanned(sql: str) -> set[str]:
    """The tables of which SQLite would read every row."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
        steps = [str(row[-1]).split() for row in cursor.fetchall()]
    named: dict[str, set[str]] = {}
    for table, short in NAMED.findall(sql):
        named.setdefault(short, set()).add(table)
    return {table for step in steps if step[0] == "SCAN" for table in named.get(step[1], {step[1]})}


def test_a_decided_case_waits_as_long_as_a_copy_is_held_and_a_wrong_hint_is_put_right() -> None:
    platform, mina = people.plaza(), people.staff("mina")
    case = people.reported(people.posted(platform, "post-1"), minor=Tri.NO).case
    copy = people.posted(platform, "post-2", jpeg(resized(photograph("coffee"))), "bob")
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), mina, people.NOW)
    bank_tasks.sweep(str(Entry.objects.get().pk))

    def waiting() -> int:
        assert len(seeing.urgent_first(seeing.hers(mina, people.NOW), timezone.now(), 0, 9)) == seeing.waiting(
            seeing.hers(mina, people.NOW), 9
        )
        return seeing.waiting(seeing.hers(mina, people.NOW), 9)

    assert waiting() == 1
    Match.objects.update(waits=False)
    assert waiting() == 0
    tasks.hint()
    assert waiting() == 1
    Item.objects.filter(pk=copy.pk).update(state=ItemState.REMOVED)
    assert waiting() == 0
    tasks.hint()
    assert not Match.objects.filter(waits=True).exists()


def test_the_queue_has_pages(settings: LazySettings) -> None:
    cases = [opened(timedelta(hours=2, minutes=each)) for each in range(60)]
    client = people.console(settings, people.staff("mina"))
    first, second = client.get("/").content.decode(), client.get("/?page=2").content.decode()
    assert cases[0].reference in first
    assert "Less urgent" in first
    assert cases[59].reference in second
    assert cases[0].reference not in second
    assert client.get("/?page=rubbish").status_code == 200


def test_a_case_is_claimed_taken_over_and_handed_over_on_its_page(settings: LazySettings) -> None:
    case = people.reported(people.posted(people.plaza(), "post-1")).case
    mina, tomas = people.staff("mina"), people.staff("tomas", "lead")
    hers, his = people.console(settings, mina), people.console(settings, tomas)
    address = f"/cases/{case.pk}"
    hers.post(f"{address}/claim", {"word": "claim"})
    assert "You work on this case" in hers.get(address).content.decode()
    page = his.get(address).content.decode()
    assert "works on this case" in page
    assert "Take it over" in page
    answer = his.post(f"{address}/claim", {"word": "claim"}, follow=True)
    assert "Somebody else is working on this case" in answer.content.decode()
    his.post(f"{address}/claim", {"word": "take"})
    assert "You work on this case" in his.get(address).content.decode()
    his.post(f"{address}/claim", {"word": "hand"})
    assert "Work on this case" in hers.get(address).content.decode()
    assert his.post(f"{address}/claim", {"word": "else"}).status_code == 404


def test_nobody_looks_at_the_picture_of_a_case_that_somebody_else_works_on(settings: LazySettings) -> None:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    claiming.claim(case, people.staff("mina"), timezone.now())
    answer = people.console(settings, people.staff("tomas", "lead")).post(
        f"/cases/{case.pk}/media/item/{item.pk}", {"grade": "blurred"}
    )
    assert answer.status_code == 409
    assert "nobody looks who does not have to" in answer.content.decode()


def test_pages_of_the_queue_follow_each_other_without_a_gap() -> None:
    hours = (-5, -1, 0.2, 0.7, 2, 4, 9, 20, 30, 90)
    cases = [opened(timedelta(hours=each)) for each in hours]
    now, everything = timezone.now(), Case.objects.all()
    pages = [seeing.urgent_first(everything, now, start, 3) for start in (0, 3, 6, 9)]
    assert [case for page in pages for case in page] == cases
    assert [len(page) for page in pages] == [3, 3, 3, 1]


def test_a_case_is_found_by_its_number_an_account_a_post_and_an_address(settings: LazySettings) -> None:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item, minor=Tri.NO).case
    other = people.reported(
        people.posted(item.platform, "post-2", jpeg(photograph("rocket")), "eve"), seed="two", harm=Harm.CSAM
    ).case
    mina, ola = (people.console(settings, people.staff(*who)) for who in (("mina",), ("ola", "moderator", False)))
    for text in (case.reference, "ana", "post-1", item.url):
        page = mina.get("/", {"text": text}).content.decode()
        assert (f"/cases/{case.pk}" in page, f"/cases/{other.pk}" in page) == (True, False), text
    assert f"/cases/{other.pk}" in mina.get("/", {"text": "eve"}).content.decode()
    assert f"/cases/{other.pk}" not in ola.get("/", {"text": "eve"}).content.decode()
    assert f"/cases/{case.pk}" not in mina.get("/", {"text": "post"}).content.decode()


def test_a_filter_narrows_by_harm_and_language_and_is_kept(settings: LazySettings) -> None:
    item = people.posted(people.plaza(), "post-1")
    case = people.reported(item).case
    mina = people.staff("mina")
    hers = people.console(settings, mina)
    for said, found in (
        ({"harm": "NCII"}, True), ({"harm": "CSAM"}, False), ({"harm": "rubbish"}, True), ({"language": "en"}, True),
        ({"language": "fr"}, False), ({"platform": "plaza"}, True), ({"platform": "else"}, False), ({"language": "mine"}, False),
    ):  # fmt: skip
        assert (f"/cases/{case.pk}" in hers.get("/", said).content.decode()) is found, said
    mina.languages = ["en"]
    mina.save()
    assert f"/cases/{case.pk}" in hers.get("/", {"language": "mine"}).content.decode()
    answer = hers.post("/filters", {"name": "ours", "harm": "NCII", "language": "en"})
    assert answer["Location"] == "/?harm=NCII&language=en"
    assert 'href="?harm=NCII&amp;language=en">ours' in hers.get("/").content.decode()
    hers.post("/filters", {"name": "ours"})
    assert "ours</a>" not in hers.get("/").content.decode()
