"""kill -9 of whoever seals: nothing half-written counts as sealed, and the original is sealed all the same."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from staydown.platforms.models import Platform
from staydown.vault.evidence import checking, sealing, tasks
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState
from staydown.vault.evidence.store import store
from tests import people
from tests.moments import Moments, says

from .conftest import Originals, Vault
from .light import posted

FEW = [pytest.param(4, id="a few"), pytest.param(100, id="often", marks=pytest.mark.soak)]
ORIGINAL = bytes(range(256)) * (3 * sealing.PART // 256)


def sealer(row: Evidence, vault: Vault) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests",
        "STAYDOWN_DATA": str(vault.folder.parent),
        "STAYDOWN_CUSTODIANS_FIRST": ",".join(vault.named.first),
        "STAYDOWN_CUSTODIANS_SECOND": ",".join(vault.named.second),
    }
    command = [sys.executable, "-m", "tests.vault.evidence.killed", str(row.pk), str(connection.settings_dict["NAME"])]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True)


def parts(vault: Vault) -> int:
    """How many whole parts there are, whatever they belong to."""
    return sum(path.name.isdigit() for path in vault.folder.rglob("*") if path.is_file())


@pytest.mark.django_db(transaction=True)
def test_kill_9_at_moments_of_sealing_leaves_nothing_torn_and_loses_nothing(vault: Vault, originals: Originals):
    originals.media["post-1"] = ORIGINAL
    people.reported(posted(originals.platform(), "post-1"))
    row = Evidence.objects.get(kind="item")
    originals.pause_at, originals.go_on = len(ORIGINAL) - 1000, threading.Event()
    for moment in (0, 1, 2):  # while it is asked for; after the first part; after the second
        before, asked = parts(vault), len(originals.asked)
        process = sealer(row, vault)
        latest = time.monotonic() + 600
        while len(originals.asked) == asked or parts(vault) - before < moment:
            assert process.poll() is None and time.monotonic() < latest
            time.sleep(0.05)
        process.kill()
        process.wait()
        row.refresh_from_db()
        assert row.state == EvidenceState.WANTED
    originals.go_on.set()
    tasks.seal(str(row.pk))
    row.refresh_from_db()
    assert row.state == EvidenceState.SEALED
    checked = checking.check(store())
    assert (checked.sealed, checked.wrong) == (1, [])
    assert checked.orphans >= 3
    assert CaseKey.objects.count() == 1
    assert ORIGINAL[:1000] not in vault.stored()


def wanted(originals: Originals, platform: Platform, number: int) -> Evidence:
    originals.media[f"post-{number}"] = ORIGINAL[: sealing.PART + 1000]
    item = posted(platform, f"post-{number}", account=f"account-{number}")
    people.reported(item, seed=f"seed {number}")
    return Evidence.objects.get(kind="item", item=item)


@pytest.mark.parametrize("times", FEW)
@pytest.mark.django_db(transaction=True)
def test_kill_9_at_any_moment_of_sealing(vault: Vault, originals: Originals, times: int):
    platform, moments = originals.platform(), Moments()
    seen: set[Path] = set()  # what is stored is written once
    first = sealer(wanted(originals, platform, 0), vault)
    moments.measure(first, says(first, "begun"))
    for number in range(1, times + 1):
        row = wanted(originals, platform, number)
        process = sealer(row, vault)
        moments.kill(process, says(process, "begun"))
        row.refresh_from_db()
        assert row.state in (EvidenceState.WANTED, EvidenceState.SEALED)
        tasks.seal(str(row.pk))
        written = {path for path in vault.folder.parent.rglob("*") if path.is_file()} - seen
        assert all(ORIGINAL[:1000] not in path.read_bytes() for path in written)
        seen |= written
    checked = checking.check(store())
    assert (checked.sealed, checked.wrong) == (times + 1, [])
    assert CaseKey.objects.count() == times + 1
