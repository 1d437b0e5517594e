"""What is verified by windows cannot be planted, outlived or probed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from staydown import fingerprints
from staydown.banks.actions import keeping
from staydown.banks.models import Entry, Match
from staydown.banks.rules import EntryState
from staydown.cases.actions import banking
from staydown.platforms.rules import Scope, Verdict
from tests import people
from tests.banks.test_verified import CAPTIONED, CROP, banked
from tests.pictures import jpeg, photograph, resized


def client(platform) -> Client:
    return Client(headers={"Authorization": f"Bearer {people.key_of(platform, Scope.CHECK, Scope.ITEMS)}"})


def claim(platform, media: bytes) -> Any:
    """A check by fingerprints that the platform says it computed."""
    made = fingerprints.of_image(media)
    said = [{"kind": "pdq", "value": form.hex(), "quality": 100} for form in made.turned]
    body = {"fingerprints": said, "account_id": "zoe"}
    return client(platform).post("/api/v1/uploads/check", body, content_type="application/json").json()


def upload(platform, media: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client(platform).post("/api/v1/uploads/check", {"media": SimpleUploadedFile("a.jpg", media)}).json()


@pytest.mark.django_db
def test_fingerprints_that_a_platform_claims_are_verified_by_nothing():
    platform = people.plaza()
    banked(platform)
    for media in (CROP, CAPTIONED):
        assert claim(platform, media)["verdict"] == Verdict.ALLOW
    assert not Match.objects.exists()


@pytest.mark.django_db
def test_an_entry_of_claimed_fingerprints_holds_nothing_by_windows():
    platform = people.plaza()
    check_id = claim(platform, jpeg(photograph("coffee")))["check_id"]
    body = {"url": "http://plaza.example/1", "posted_at": "2026-11-21T12:00:00Z", "check_id": check_id}
    client(platform).put("/api/v1/items/1", body, content_type="application/json")
    from staydown.platforms.models import Item

    case = people.reported(Item.objects.get()).case
    Entry.objects.create(
        fingerprint=Item.objects.get().fingerprint,
        case=case,
        state=EntryState.PROPOSED,
        harm=case.harm,
        banked_at=people.NOW,
        banked_by=people.staff("mina"),
        catalogue_seq=0,
    )
    from staydown.banks.models import BankChange

    BankChange.objects.create(generation=1, entry=Entry.objects.get(), state=EntryState.PROPOSED, at=people.NOW)
    assert upload(platform, CROP)["verdict"] == Verdict.ALLOW
    assert upload(platform, jpeg(photograph("coffee"), 80))["verdict"] == Verdict.HOLD  # the watch segment's own way


@pytest.mark.django_db
def test_the_answer_is_the_same_whichever_way_an_upload_was_recognised():
    platform = people.plaza()
    banked(platform)
    ways = [upload(platform, media) for media in (jpeg(resized(photograph("coffee")), 70), CROP, CAPTIONED)]
    assert [match.evidence is not None for match in Match.objects.all()] == [True] * 3  # the reviewer is told
    for answer in ways:
        del answer["check_id"]
    assert all(answer == ways[0] for answer in ways)
    assert "window" not in json.dumps(ways[0])


@contextmanager
def another_process(folder: Path) -> Iterator[Callable[[bytes], str]]:
    """A second process that answers upload checks from the same database."""
    command = [sys.executable, "-m", "tests.attacks.another", str(connection.settings_dict["NAME"])]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests"}
    pipe = subprocess.PIPE
    child = subprocess.Popen(
        command, env=environment, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[2]
    )
    assert child.stdin
    assert child.stdout
    asks, answers = child.stdin, child.stdout

    def ask(media: bytes) -> str:
        (folder / "upload.jpg").write_bytes(media)
        print(folder / "upload.jpg", file=asks, flush=True)
        return answers.readline().strip()

    try:
        yield ask
    finally:
        asks.close()
        child.wait(60)
        answers.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the second process is pointed at a file")
def test_frozen_and_withdrawn_entries_stop_at_once_in_another_process_for_every_way_of_matching(tmp_path: Path):
    platform, same, near = people.plaza(), jpeg(photograph("coffee")), jpeg(resized(photograph("coffee")), 70)
    tomas = people.staff("tomas", "lead")
    with another_process(tmp_path) as ask:
        assert [ask(media) for media in (same, near, CROP)] == ["allow"] * 3
        entry = banked(platform)
        assert [ask(media) for media in (same, near, CROP)] == ["block", "hold", "hold"]
        keeping.freeze(entry, "stay-down", people.NOW)
        assert [ask(media) for media in (same, near, CROP)] == ["hold", "allow", "allow"]
        keeping.thaw(entry, tomas, people.NOW)
        assert ask(CROP) == "hold"
        banking.withdraw_entry(entry, tomas, people.NOW)
        assert [ask(media) for media in (same, near, CROP)] == ["allow"] * 3
