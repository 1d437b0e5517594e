"""Long work says how far it is, and what a kill interrupts goes on without losing or doing anything twice."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as ours
from django.db import connection

from staydown import fingerprints
from staydown.banks import tasks, under_way
from staydown.banks.actions import importing, meeting
from staydown.banks.models import CatalogueImport, SweepRun
from staydown.banks.progress import Progress
from staydown.cases.models import Case
from staydown.cli import main
from staydown.platforms.models import Item, Order
from staydown.platforms.rules import Action, ItemState
from tests import people
from tests.banks.test_freshness import COPY, banked
from tests.banks.test_importing import OTHER, listing

POSTS, EVERY = 100, 4  # every fourth post is a copy; five posts are one transaction (`killed.py`)


def test_the_rate_and_the_expected_end_are_of_what_was_done_since_it_went_on():
    half = Progress(60, 100, people.NOW, people.later(seconds=10), before=40)
    assert (half.rate, half.percent) == (2.0, 60)
    assert half.expected == people.later(seconds=30)
    assert Progress(100, 100, people.NOW, people.later(seconds=10), people.later(seconds=10)).expected is None
    assert Progress(0, 100, people.NOW, people.NOW).rate is None
    assert Progress(40, 100, people.NOW, people.later(seconds=9), before=40).expected is None
    assert Progress(0, 0, people.NOW, people.NOW, people.NOW).percent == 100


def line(number: int, copy: fingerprints.ImageFingerprints, other: fingerprints.ImageFingerprints) -> str:
    made = copy if number % EVERY == 0 else other
    return f"{number},{made.pdq.hex()},{made.quality},http://plaza.example/{number},,zoe,2026-01-02T03:04:05Z\n"


def start(file: Path) -> subprocess.Popen[str]:
    wanted = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS", "CONN_MAX_AGE")
    database = {name: connection.settings_dict[name] for name in wanted} | {
        "NAME": str(connection.settings_dict["NAME"])
    }
    told = json.dumps({"database": database, "file": str(file)})
    environ = os.environ | {"STAYDOWN_FINGERPRINT_KEY": ours.FINGERPRINT_KEY.hex()}
    command = [sys.executable, str(Path(__file__).with_name("killed.py")), told]
    return subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_kill_9_of_an_import_loses_no_post_and_orders_nothing_twice(transactional_db: None, tmp_path: Path):
    if connection.vendor == "sqlite" and "mode=memory" in str(connection.settings_dict["NAME"]):
        pytest.skip("several processes need a database on disk")
    platform = people.plaza()
    banked(platform)
    before = Item.objects.count(), Order.objects.count()
    made = fingerprints.of_image(COPY), fingerprints.of_image(OTHER)
    file = listing(tmp_path, *(line(number, *made) for number in range(POSTS)))
    done = 0
    for steps in (3, 5):
        process = start(file.path)
        assert process.stdout
        assert process.stdin
        process.stdin.write("\n" * steps)
        process.stdin.flush()
        for _ in range(steps):
            done = int(process.stdout.readline())
        process.kill()  # while the next step is under way, or was just committed
        process.wait()
        process.stdout.close()
        process.stdin.close()
        assert done < POSTS
        assert CatalogueImport.objects.get().done >= done
        assert CatalogueImport.objects.get().done == Item.objects.count() - before[0]
    run = importing.begin(platform, file, people.NOW)
    assert run.resumed_from >= done
    list(importing.go_on(run, file))
    assert (run.done, run.stopped) == (POSTS, POSTS // EVERY)
    assert Item.objects.count() == before[0] + POSTS
    held = Item.objects.filter(state=ItemState.HELD).exclude(external_id="first")
    assert sorted(int(item.external_id) for item in held) == list(range(0, POSTS, EVERY))
    assert Order.objects.count() == before[1] + POSTS // EVERY
    assert set(held.values_list("orders__action", flat=True)) == {Action.HOLD}


@pytest.mark.django_db
def test_a_sweep_says_how_far_it_is_and_begins_anew_after_it_was_interrupted(monkeypatch: pytest.MonkeyPatch):
    platform = people.plaza()
    for number in range(3):
        people.posted(platform, f"copy-{number}", COPY, account=f"a{number}")
    entry = banked(platform)
    monkeypatch.setattr(tasks, "BATCH", 2)
    meet = meeting.meet_copies
    calls = []

    def interrupted(*args: object) -> int:
        calls.append(1)
        if len(calls) == 3:
            raise ConnectionError
        return meet(*args)

    monkeypatch.setattr(meeting, "meet_copies", interrupted)
    with pytest.raises(ConnectionError):
        tasks.sweep(str(entry.pk))
    run = SweepRun.objects.get()
    assert (run.done, run.total, run.ended_at) == (3, 4, None)  # with the reported post itself
    tasks.sweep(str(entry.pk))
    run.refresh_from_db()
    assert (run.done, run.total, run.ordered) == (4, 4, 1)
    assert run.ended_at is not None
    assert Item.objects.filter(state=ItemState.HELD).count() == 3


@pytest.mark.django_db
def test_people_see_how_far_it_is_in_the_console_and_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, settings: LazySettings
):
    platform = people.plaza()
    entry = banked(platform)
    tasks.sweep(str(entry.pk))
    file = listing(tmp_path, *(f"{number},{'ab' * 32},90,,,,\n" for number in range(4)))
    run = importing.begin(platform, file, people.NOW)
    CatalogueImport.objects.filter(pk=run.pk).update(done=2, moved_at=people.later(seconds=1))
    client = people.console(settings, people.staff("lou"))
    page = client.get("/bank/under-way").content.decode()
    assert "2 / 4 (50 %)" in page
    assert entry.case.reference in page
    uncleared = people.console(settings, people.staff("new", cleared=False))
    assert entry.case.reference not in uncleared.get("/bank/under-way").content.decode()
    monkeypatch.setattr("staydown.commands.catalogue.django", lambda *_: None)
    assert main(["catalogue", "status"]) == 0
    said = capsys.readouterr().out
    assert "import  Plaza: 2/4 (50 %), 2/s, expected to end 2026-11-21 12:00:02 UTC, 0 hidden" in said
    assert f"search  case {entry.case.reference}: 1/1 (100 %)" in said
    assert "0 posts wait for a look" in said
    (work,) = under_way.sweeps(Case.objects.all())
    assert work.progress.moved - work.progress.begun >= timedelta(0)
