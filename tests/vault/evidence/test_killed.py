"""kill -9 of whoever seals: nothing half-written counts as sealed, and the original is sealed all the same."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from staydown.vault.evidence import checking, sealing, tasks
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState
from staydown.vault.evidence.store import store
from tests import people

from .conftest import Originals, Vault
from .light import posted

ORIGINAL = bytes(range(256)) * (3 * sealing.PART // 256)


def sealer(row: Evidence, vault: Vault) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests",
        "STAYDOWN_DATA": str(vault.folder.parent),
        "STAYDOWN_CUSTODIANS_FIRST": ",".join(vault.named.first),
        "STAYDOWN_CUSTODIANS_SECOND": ",".join(vault.named.second),
    }
    command = [sys.executable, "-m", "tests.vault.evidence.killed", str(row.pk), str(connection.settings_dict["NAME"])]
    return subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[3])


def parts(vault: Vault) -> int:
    """How many whole parts there are, whatever they belong to."""
    return sum(path.name.isdigit() for path in vault.folder.rglob("*") if path.is_file())


@pytest.mark.django_db(transaction=True)
def test_kill_9_at_moments_of_sealing_leaves_nothing_torn_and_loses_nothing(vault: Vault, originals: Originals):
    originals.media["post-1"] = ORIGINAL
    people.reported(posted(originals.platform(), "post-1"))
    row = Evidence.objects.get()
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
