"""A deployment on the disk, without running programs: tables made, a report and a decision in it, by its own keys."""

import json
import os
import subprocess
import sys
from pathlib import Path

from staydown.site import serving
from staydown.site.home import Home, create
from staydown.site.options.declaration import Program
from tests import tables

PATIENCE = 300  # seconds: other tests may have the machine

LIVED = """
import django, json, sys
django.setup()
from tests import people
from tests.pictures import jpeg, photograph
from staydown.cases.actions import deciding, intake
from staydown.cases.rules import Ruling
from staydown.regimes.harms import Harm
from staydown.journal.tasks import sign_head
item = people.posted(people.plaza(), "one")
notice = intake.Notice(harm=Harm.NCII, items=(item,), words="her words, seventeen violet umbrellas")
report = intake.receive(notice, people.receipt(), people.NOW)
deciding.decide(report.case, people.proposal(report.case, Ruling.REMOVE), people.staff("mina"), people.NOW)
"""
TOLD = """
import django, json
django.setup()
from tests import people
from staydown.cases.models import Report
from staydown.journal.models import Entry
from staydown.journal.verify import verify
from staydown.vault import opening
from tests.pictures import jpeg, photograph
from staydown.platforms.models import Platform
report = Report.objects.get()
check = people.checked(Platform.objects.get(), jpeg(photograph("coffee")), "zoe")
print(json.dumps({
    "words": opening.read(report.words_sealed), "receipt": people.receipt().read(report.words_sealed),
    "verdict": check.verdict, "wrong": len(verify()), "acts": list(Entry.objects.order_by("index").values_list("act", flat=True)),
}))
"""


def lived_in(folder: Path, database: str = "") -> Home:
    """A deployment in which somebody reported a picture, and a person decided."""
    home = made(folder, database)
    with_tables(home, database)
    run(home, "-c", LIVED)
    return home


def with_tables(home: Home, database: str = "") -> None:
    """Make its tables, or put those there that were made once for all tests."""
    if database:
        run(home, "-P", "-m", "staydown.site.program", "prepare")
    else:
        tables.copied_to(home)


def made(folder: Path, database: str = "", also: dict[str, str] | None = None) -> Home:
    """An empty place, with new keys."""
    home = Home(folder)
    create(home, "platform", "FR", also={"STAYDOWN_DATABASE": database, "STAYDOWN_UNDO": "0", **(also or {})})
    return home


def with_the_keys_of(home: Home, folder: Path, database: str = "") -> Home:
    """Another empty place, with a copy of the keys."""
    other = made(folder, database)
    for program in Program:
        text = home.file_of(program).read_text().replace(str(home.path), str(folder))
        lines = [line for line in text.splitlines() if not line.startswith("STAYDOWN_DATABASE=")]
        other.file_of(program).write_text("\n".join([*lines, f"STAYDOWN_DATABASE={database}"]) + "\n")
    return other


def told(home: Home) -> dict:
    """What a program with this deployment's keys reads in it; it asks about the decided picture once more."""
    return json.loads(run(home, "-c", TOLD).stdout)


def staydown(home: Home, *words: str | Path, check: bool = True, **also: str) -> subprocess.CompletedProcess[str]:
    """Run the command line on it."""
    command = [sys.executable, "-m", "staydown.cli", *map(str, words), "--home", str(home.path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, check=False, env={**clean(), **also}
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def clean() -> dict[str, str]:
    """This process's environment without anybody's settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("STAYDOWN_", "DJANGO_"))}


def run(home: Home, *words: str, program: Program = Program.APP) -> subprocess.CompletedProcess[str]:
    """Run Python as one of its programs."""
    environment = serving.environment(home, program, serving.Places().urls) | {
        "PYTHONPATH": str(Path(__file__).parents[2])
    }
    command = [sys.executable, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done
