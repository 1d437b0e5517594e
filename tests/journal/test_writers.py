"""Several programs append at the same time; a batch stays together, and the tree is that of all of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from staydown.journal import tasks
from staydown.journal.models import Entry
from staydown.journal.verify import verify

WRITERS, BATCHES = 4, 10


@pytest.mark.django_db(transaction=True)
def test_four_programs_append_at_the_same_time():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "staydown.site.settings.tests"}
    name = str(connection.settings_dict["NAME"])
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.journal.writer", name, str(number), str(BATCHES)],
            env=environment,
            cwd=Path(__file__).parents[2],
        )
        for number in range(1, WRITERS + 1)
    ]
    assert [process.wait(timeout=600) for process in running] == [0] * WRITERS
    entries = list(Entry.objects.order_by("index"))
    assert [entry.index for entry in entries] == list(range(WRITERS * BATCHES * 5))
    for start in range(0, len(entries), 5):
        batch = entries[start : start + 5]
        first = (batch[0].facts or {})["n"]
        assert len({entry.about for entry in batch}) == 1
        assert [(entry.facts or {})["n"] for entry in batch] == list(range(first, first + 5))
    tasks.sign_head()
    assert verify() == []
