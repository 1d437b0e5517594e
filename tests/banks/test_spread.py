"""With STAYDOWN_CLUSTER the bank and the catalogue are searched by shards that follow the tables; none may be left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from staydown.banks import segments, spread, tasks
from staydown.banks.following import BankIndex
from staydown.banks.models import Entry, Segment
from staydown.banks.seeing import Seen, rows_of
from staydown.cases.actions import banking, deciding
from staydown.cases.rules import Ruling
from staydown.cluster import BadSpread, Spread
from staydown.matching import Incomplete
from staydown.platforms.models import Check, Platform
from staydown.platforms.rules import ItemState, Scope, Verdict
from staydown.site.doctor_rows import pictures
from staydown.site.findings import Level
from tests import people
from tests.banks import test_watching
from tests.cluster import doubles
from tests.cluster.doubles import Actor
from tests.pictures import jpeg, photograph, resized

pytestmark = pytest.mark.django_db
COPY = jpeg(resized(photograph("coffee")), 70)


@pytest.fixture(autouse=True)
def actors(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, tmp_path: Path) -> dict[str, list[Actor]]:
    settings.CLUSTER = Spread("nowhere", f"file://{tmp_path}/store", shards=3, replicas=1)
    spread._cluster.cache_clear()
    return doubles.install(monkeypatch)


def banked(platform: Platform) -> Entry:
    item = people.posted(platform, "first")
    case = people.reported(item).case
    deciding.decide(case, people.proposal(case, Ruling.REMOVE), people.staff("mina"), people.NOW)
    return Entry.objects.get()


@contextmanager
def one_shard_gone(actors: dict[str, list[Actor]], index: str) -> Iterator[None]:
    """Let nobody wait long for an answer that does not come."""
    with pytest.MonkeyPatch.context() as brief:
        brief.setattr(spread, "SWEEP_WAITS", 0.2)
        spread._cluster.cache_clear()
        actors[f"{index}-1-of-3"][0].gone = True
        yield
    spread._cluster.cache_clear()
    actors[f"{index}-1-of-3"][0].again()


def test_an_entry_matches_the_very_next_lookup_of_every_process_and_none_once_it_is_withdrawn():
    platform, others = people.plaza(), [BankIndex(), BankIndex()]
    seen = Seen.of(people.checked(platform, COPY).fingerprint)
    assert all(index.find(seen) == [] for index in others)
    entry = banked(platform)
    assert all([found.entry_id for found in index.find(seen)] == [entry.pk] for index in others)
    banking.withdraw_entry(entry, people.staff("tomas", "lead"), people.NOW)
    assert all(index.find(seen) == [] for index in others)


def test_a_process_that_is_behind_the_shards_is_told_of_nothing_that_it_does_not_know(monkeypatch: pytest.MonkeyPatch):
    platform, late = people.plaza(), BankIndex()
    seen = Seen.of(people.checked(platform, COPY).fingerprint)
    assert late.find(seen) == []
    banked(platform)
    assert len(BankIndex().find(seen)) == 1, "the shards have followed"
    monkeypatch.setattr(late, "_follow", lambda: None)
    assert late.find(seen) == []


def test_an_upload_that_not_every_shard_was_asked_about_is_not_answered_and_so_waits(actors: dict[str, list[Actor]]):
    platform = people.plaza()
    client = Client(headers={"Authorization": f"Bearer {people.key_of(platform, Scope.CHECK)}"})
    asked = {"fingerprints": [{"kind": "pdq", "value": "f8" * 32, "quality": 100}]}

    def check() -> HttpResponse:
        return client.post("/api/v1/uploads/check", asked, content_type="application/json")

    banked(platform)
    before = Check.objects.count()
    with one_shard_gone(actors, "bank"):
        unknown = check()
        assert unknown.status_code == 503
        assert "keep the upload" in unknown.json()["detail"]
        assert Check.objects.count() == before
    assert check().json()["verdict"] == Verdict.ALLOW


def test_a_sweep_finds_every_copy_and_stays_owed_while_a_shard_does_not_answer(actors: dict[str, list[Actor]]):
    platform = people.plaza()
    copy = people.posted(platform, "copy", COPY, account="bob")
    entry = banked(platform)
    assert tasks.catalogue.near(Seen.of(entry.fingerprint), tasks.everything_until())
    with one_shard_gone(actors, "catalogue"), pytest.raises(Incomplete):
        tasks.sweep(str(entry.pk))
    tasks.sweep(str(entry.pk))
    copy.refresh_from_db()
    assert copy.state == ItemState.HELD


def test_shards_that_begin_anew_begin_with_segments_that_the_database_vouches_for(
    actors: dict[str, list[Actor]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(segments, "SMALL", 0)
    entry = banked(people.plaza())
    tasks.keep_segments()
    kept = {row.name for row in Segment.objects.all()}
    assert kept == {f"{index}-{shard}-of-3" for index in ("bank", "catalogue") for shard in range(3)} == set(actors)
    for replicas in actors.values():
        replicas[0].again()
    assert [found.entry_id for found in BankIndex().find(Seen.of(entry.fingerprint))] == [entry.pk]
    assert all(replicas[0].real._opened for name, replicas in actors.items() if name.startswith("bank"))


def test_what_entered_the_bank_and_left_it_is_told_from_any_generation_to_any_other():
    entry = banked(people.plaza())
    came = spread.bank().generation
    banking.withdraw_entry(entry, people.staff("tomas", "lead"), people.NOW)
    left = spread.bank().generation

    def told(after: int, upto: int) -> list[tuple[int, int]]:
        return [(len(changes.added), len(changes.removed)) for changes, _ in spread.entered_between(after, upto)]

    assert told(0, came) == [(8, 0)]
    assert told(came, left) == [(0, 8)]
    assert told(0, left) == [(0, 0)]
    assert told(left, left) == []


def test_the_doctor_says_whether_every_shard_answers(actors: dict[str, list[Actor]]):
    banked(people.plaza())
    (said,) = pictures.cluster(people.NOW)
    assert said.level is Level.FINE
    assert "3 shards" in said.what
    with one_shard_gone(actors, "bank"):
        (said,) = pictures.cluster(people.NOW)
    assert said.level is Level.WRONG
    assert "uploads wait" in said.what


def test_a_cluster_that_is_not_there_keeps_uploads_waiting(settings: LazySettings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("staydown.cluster.actors.connect", doubles.CONNECT)
    settings.CLUSTER = Spread("127.0.0.1:1", "file:///nowhere")
    platform = people.plaza()
    with pytest.raises(Incomplete):
        people.checked(platform, COPY)
    (said,) = pictures.cluster(people.NOW)
    assert said.level is Level.WRONG


def test_without_the_setting_each_program_has_its_own_and_the_doctor_says_nothing_of_a_cluster(settings: LazySettings):
    settings.CLUSTER = None
    assert list(pictures.cluster(people.NOW)) == []
    assert Spread.read("") is None


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.5:6379",
        "address=a:1",
        "address=a:1,store=s3://b,shards=0",
        "address=a:1,store=,x=1",
        "address=a,store=s3://b",
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(text: str):
    with pytest.raises(BadSpread, match="address=HOST:PORT"):
        Spread.read(text)


def test_a_setting_names_the_head_the_store_and_how_many():
    assert Spread.read("address=a:1, store=s3://b/c, shards=4") == Spread("a:1", "s3://b/c", 4, 2)


def test_what_is_only_watched_for_is_in_no_shard_until_a_person_has_confirmed_it(actors: dict[str, list[Actor]]):
    platform, report = people.plaza(), test_watching.sent()
    entry = test_watching.watched(report)
    assert people.checked(platform, COPY).verdict == Verdict.HOLD
    with one_shard_gone(actors, "bank"), pytest.raises(Incomplete):
        people.checked(platform, COPY)
    assert len(spread.bank().search(rows_of(entry.fingerprint.kept().turned)).whole()) == 0
    banking.confirm_print(entry, people.staff("mina"), people.NOW)
    entry.refresh_from_db()
    assert len(spread.bank().search(rows_of(entry.fingerprint.kept().turned)).whole()) > 0
    seen = Seen.of(people.checked(platform, jpeg(resized(photograph("coffee"), 0.5)), "zoe").fingerprint)
    assert [found.entry_id for found in BankIndex().find(seen)] == [entry.pk]
