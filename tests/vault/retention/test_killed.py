"""kill -9 at random moments of a retention run: every case is whole or wholly gone, and the run goes on."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from staydown.cases.actions import deciding
from staydown.cases.models import Case, Report
from staydown.cases.rules import Ruling
from staydown.journal import tasks as journal
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.regimes.harms import Harm, Tri
from staydown.regimes.retention import Kept
from staydown.vault import opening
from staydown.vault.evidence import tasks as sealing
from staydown.vault.evidence.models import CaseKey, Evidence
from staydown.vault.evidence.rules import EvidenceState, Kind
from staydown.vault.evidence.store import store
from staydown.vault.retention import actions
from staydown.vault.retention.models import Destruction
from staydown.vault.retention.rules import DestructionState
from tests import people
from tests.moments import Moments
from tests.vault.evidence.conftest import Originals, Vault
from tests.vault.evidence.light import posted

from .conftest import BYTES, WORDS

LATE = people.later(days=2000)


def agreed(originals: Originals, cases: int) -> None:
    """So many decided cases with words and sealed evidence, whose files two people agreed to destroy."""
    platform = originals.platform()
    mina, lena, cleo = people.staff("mina"), people.staff("lena", "lead"), people.staff("cleo", "custodian")
    for number in range(cases):
        originals.media[f"post-{number}"] = BYTES
        item = posted(platform, f"post-{number}", account=f"account-{number}")
        report = people.reported(item, seed=f"seed {number}", harm=Harm.NCII, minor=Tri.NO, words=WORDS)
        sealing.seal(str(Evidence.objects.get(item=item, kind=Kind.ITEM).pk))
        deciding.decide(report.case, people.proposal(report.case, Ruling.ONCE), mina, people.NOW)
        report.case.refresh_from_db()
        row = actions.propose(report.case, Kept.FILE, "its time is over", lena, LATE)
        actions.agree(row, cleo, LATE)


def runner(vault: Vault) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests",
        "STAYDOWN_DATA": str(vault.folder.parent),
    }
    command = [sys.executable, "-m", "tests.vault.retention.killed", str(connection.settings_dict["NAME"])]
    process = subprocess.Popen(
        command, env=environment, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "begun\n"
    return process


def is_whole(case: Case) -> bool:
    """Whether everything of it is there; it fails where a part is."""
    report, key = Report.objects.get(case=case), CaseKey.objects.get(case=case)
    row = Destruction.objects.get(case=case)
    there = {
        "key": key.private_half is not None,
        "words": report.words_sealed is not None and opening.read(report.words_sealed) == WORDS,
        "sealed": Evidence.objects.get(case=case, kind=Kind.ITEM).state == EvidenceState.SEALED,
        "journal": Entry.objects.filter(about=f"cases.report:{report.pk}").exists(),
        "agreed": row.state == DestructionState.AGREED,
    }
    assert len(set(there.values())) == 1, there
    if there["key"]:
        assert len(store().names(str(case.pk))) == 2
    return there["key"]


def killed_at_random(vault: Vault, kills: int) -> None:
    """Kill runs, each within what three cases take; how long one takes is measured by the first."""
    moments, process = Moments(), runner(vault)
    start = time.monotonic()
    assert process.stdout and process.stdout.readline() == "done\n"
    moments.lasts = 3 * (time.monotonic() - start)
    process.kill()
    process.communicate()
    for _ in range(kills):
        moments.kill(runner(vault), lambda: True)
        for case in Case.objects.all():
            is_whole(case)
        journal.sign_head()
        assert verify() == []


def finish(vault: Vault, cases: int) -> None:
    done = runner(vault)
    done.communicate(timeout=600)
    assert done.returncode == 0
    assert Destruction.objects.filter(state=DestructionState.DONE).count() == cases
    assert not any(is_whole(case) for case in Case.objects.all())
    assert store().names() == []
    assert Entry.objects.filter(act="retention.destroyed").count() == cases
    journal.sign_head()
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_kill_9_of_a_retention_run_leaves_no_half_destroyed_case(vault: Vault, originals: Originals):
    agreed(originals, 6)
    killed_at_random(vault, kills=4)
    finish(vault, 6)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_kill_9_of_a_retention_run_a_hundred_times(vault: Vault, originals: Originals, settings: LazySettings):
    agreed(originals, 60)
    killed_at_random(vault, kills=100)
    finish(vault, 60)
