"""How long the console takes to open with very many open cases: the queue, and a case. Writes bench/results/console.md.

Each page is asked for through Django as the program serves it, signed in, on SQLite and, where its programs are installed, on
PostgreSQL. What is timed is the whole request: sessions, queries, sealed words opened, the page made. Beside the clock on the
wall stands the time that processors worked for a request, the database's own process included: on a machine that is busy with
something else the first says how long a person would wait there, the second what a request costs.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "console.md"
AT_ONCE = 1000  # rows written together
SPREAD = timedelta(days=10)  # over which deadlines lie
LATE = 0.05  # of the open cases
DECIDED_OF = 50  # for so many open cases one was decided whose entry met ten copies, of which one is still held
WANTED = {"queue": 100.0, "case": 150.0}  # milliseconds, 95 of 100 times


def set_up(folder: Path, database: str) -> None:
    """Django, with an empty deployment of its own."""
    from staydown.site.keys import fresh_settings

    os.environ.update(fresh_settings(role="platform", country="FR", data=str(folder)))
    os.environ |= {"STAYDOWN_LOG_LEVEL": "error", "STAYDOWN_DATABASE": database, "STAYDOWN_DEMO": "1"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "staydown.site.settings.app"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def fill(cases: int, now: datetime) -> list[str]:
    """So many open cases, and decided ones whose copies wait; answer the ids of some open ones."""
    from django.conf import settings

    from staydown.people.models import Staff
    from staydown.platforms.models import Platform
    from staydown.vault import words

    rng = random.Random(1)  # noqa: S311  the same cases at every run
    sealed = words.seal("it was posted without my consent", settings.WORKING_PUBLIC)
    place = Platform.objects.create(name="Plaza", slug="plaza", added_at=now)
    mina = Staff.objects.create(username="mina", role="lead", cleared=True, joined_at=now)
    Staff.objects.create(username="ola", role="moderator", cleared=False, joined_at=now)
    ids = []
    for first in range(0, cases, AT_ONCE):
        ids.append(_open(range(first, min(first + AT_ONCE, cases)), place, sealed, rng, now))
    _decided(cases // DECIDED_OF, place, mina, now)
    return ids


def _open(some: range, place: object, sealed: bytes, rng: random.Random, now: datetime) -> str:
    """Open cases, each with an account, two hidden posts, a report, its alerts and an act; the id of the first."""
    from django.conf import settings

    from staydown.cases.models import Alert, Case, Report, Subject
    from staydown.cases.rules import ALERTED, alert_at
    from staydown.cases.severity import SEVERITY
    from staydown.journal.models import Entry as Act
    from staydown.platforms.models import Account, Item

    rows = [
        Case(
            harm=rng.choice(SEVERITY), minor=rng.choice(["yes", "no", "unknown"]), clock="intimate_image",
            opened_at=now - timedelta(days=2), due_at=now + SPREAD * (rng.random() - LATE),
        )
        for _ in some
    ]  # fmt: skip
    accounts = [Account(platform=place, external_id=f"a{n}", seen_at=now) for n in some]
    items = [
        Item(platform=place, external_id=f"p{n}-{k}", url=f"https://plaza.example/{n}/{k}", account=account,
             posted_at=now, registered_at=now, state="held")
        for n, account in zip(some, accounts, strict=True)
        for k in (0, 1)
    ]  # fmt: skip
    subjects = [Subject(case=rows[at // 2], item=item, added_at=now) for at, item in enumerate(items)]
    reports = [
        Report(case=row, lookup=os.urandom(32), public_key=settings.WORKING_PUBLIC, words_sealed=sealed,
               harm=row.harm, minor=row.minor, received_at=now, door="portal")
        for row in rows
    ]  # fmt: skip
    alerts = [
        Alert(case=row, due_at=row.due_at, percent=each, fires_at=at, fired_at=at if at < now else None)
        for row in rows
        for each in ALERTED
        if (at := alert_at(min(row.opened_at, row.due_at), row.due_at, each))
    ]
    acts = [
        Act(index=n, at=now, act="report.received", actor="reporter", about=f"cases.report:{report.pk}", facts={},
            salt=bytes(32), commitment=bytes(32), leaf=bytes(32))
        for n, report in zip(some, reports, strict=True)
    ]  # fmt: skip
    _write(rows, accounts, items, subjects, reports, alerts, acts)
    through = Report.subjects.through
    _write([through(report=reports[at // 2], subject=subject) for at, subject in enumerate(subjects)])
    return str(rows[0].pk)


def _decided(cases: int, place: object, by: object, now: datetime) -> None:
    """Decided cases, each with an entry of the bank that ten posts resemble: one of them is still held."""
    from staydown.banks.models import Entry, Fingerprint, Match
    from staydown.cases.models import Case
    from staydown.platforms.models import Item

    for first in range(0, cases, AT_ONCE):
        some = range(first, min(first + AT_ONCE, cases))
        then = now - timedelta(days=30)
        rows = [
            Case(harm="NCII", minor="no", clock="intimate_image", opened_at=then, due_at=then + timedelta(days=2),
                 state="decided", decided_at=then)
            for _ in some
        ]  # fmt: skip
        prints = [Fingerprint(kept_sealed=b"", quality=100, made_at=then) for _ in some]
        _write(rows, prints)
        entries = [
            Entry(
                fingerprint=print_,
                case=row,
                harm="NCII",
                state="holding",
                banked_by=by,
                banked_at=then,
                catalogue_seq=0,
            )
            for row, print_ in zip(rows, prints, strict=True)
        ]
        copies = [
            Item(platform=place, external_id=f"c{n}-{k}", url=f"https://plaza.example/c/{n}/{k}", posted_at=then,
                 registered_at=then, state="removed" if k else "held")
            for n in some
            for k in range(10)
        ]  # fmt: skip
        matches = [
            Match(
                entry=entries[at // 10],
                item=item,
                distance=20,
                exact=False,
                found_by="sweep",
                found_at=then,
                waits=item.state == "held",
            )
            for at, item in enumerate(copies)
        ]
        _write(entries, copies, matches)


def _write(*some: list) -> None:  # type: ignore[type-arg]  # of rows of one kind
    for rows in some:
        type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of requests: on the wall, the quickest first, and of processors, on average."""

    wall: list[float]
    cpu: float

    def within(self, share: float) -> float:
        return self.wall[int(share * (len(self.wall) - 1))]


def times(who: str, paths: list[str], times_each: int) -> Took:
    """What requests took; the first of each path warms up and is left out."""
    from django.test import Client

    from staydown.people.models import Staff

    client = Client()
    client.force_login(Staff.objects.get(username=who), backend="allauth.account.auth_backends.AuthenticationBackend")
    took, cpu, worked = [], 0.0, _worked()
    for path in paths:
        for turn in range(times_each + 1):
            began, had = time.perf_counter(), worked()
            answer = client.get(path, headers={"Host": "127.0.0.1"})
            spent = 1000 * (time.perf_counter() - began)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
            if turn:
                took.append(spent)
                cpu += 1000 * (worked() - had)
    return Took(sorted(took), cpu / len(took))


def _worked() -> Callable[[], float]:
    """How many seconds processors have worked for this process, and for the database's that serves it."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    tick = os.sysconf("SC_CLK_TCK")

    def both() -> float:
        server = stat.read_text().rsplit(")", 1)[1].split()
        return time.process_time() + (int(server[11]) + int(server[12])) / tick

    return both


def measured(cases: int, requests: int, database: str, folder: Path) -> list[str]:
    """The lines of the table for one database. Runs in a process of its own: settings are read once."""
    set_up(folder, database)
    ids = fill(cases, datetime.now(UTC))
    from django.db import connection

    if connection.vendor == "postgresql":  # as it does by itself; nobody does it for SQLite
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    some = [f"/cases/{each}" for each in ids[:10]]
    rows = []
    for name, who, paths in (
        ("queue", "mina", ["/"]), ("queue", "ola", ["/"]), ("queue", "mina", ["/?page=20"]), ("case", "mina", some)
    ):  # fmt: skip
        took = times(who, paths, max(1, requests // len(paths)))
        kept = "yes" if took.within(0.95) < WANTED[name] else "no"
        said = {"ola": ", not cleared"}.get(who, "") + (", page 20" if "page" in paths[0] else "")
        rows.append(
            f"| {connection.vendor} | {name}{said} | {took.wall[0]:.0f} ms | {took.within(0.5):.0f} ms | "
            f"{took.within(0.95):.0f} ms | {WANTED[name]:.0f} ms | {kept} | {took.cpu:.0f} ms |"
        )
    return rows


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--requests", type=int, default=100)
    asked.add_argument("--database", help=argparse.SUPPRESS)  # of the process that measures
    args = asked.parse_args()
    if args.database is not None:
        with tempfile.TemporaryDirectory(prefix="staydown-bench-") as folder:
            print("\n".join(measured(args.cases, args.requests, args.database, Path(folder))))
        return 0
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests import postgres

    before = os.getloadavg()[0]
    rows = _asked("", args)
    if postgres.programs():
        with postgres.server() as address:
            rows += _asked(address, args)
    after = os.getloadavg()[0]
    RESULT.write_text(
        f"# The console\n\n{args.cases:,} open cases, of which {LATE:.0%} are late, {args.cases // DECIDED_OF:,} decided ones of "
        f"which a copy waits, and {args.requests} requests of each page, one at a time, on one machine ({os.cpu_count()} "
        f"processors, Python {platform.python_version()}, load {before:.1f} when it began and {after:.1f} at its end: what is "
        f"beyond {os.cpu_count()} waited for a processor). The whole request, session and page included; the last column is the "
        "time that processors worked for one, on average, the database's included. Made by `make bench-console`.\n\n"
        "| database | page | quickest | median | 95 of 100 within | wanted | reached | processors |\n"
        "|---|---|---|---|---|---|---|---|\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
    print(RESULT.read_text(encoding="utf-8"))
    return 0


def _asked(database: str, args: argparse.Namespace) -> list[str]:
    command = [sys.executable, "-m", "bench.console", "--database", database]
    command += ["--cases", str(args.cases), "--requests", str(args.requests)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()


if __name__ == "__main__":
    raise SystemExit(main())
