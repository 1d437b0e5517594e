"""How fast the journal grows and how fast all of it is verified, on one core, SQLite with synchronous=FULL.

Acts are appended in batches of 100, one transaction each, as an action does that has many lines to write; each is one
salted commitment and one leaf of the tree. Writes bench/results/journal.md.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "journal.md"
BATCH = 100
ACTS = ("evidence.sealed", "order.confirmed", "case.decided", "entry.matched")
WANTED_A_SECOND, WANTED_SECONDS = 5000, 30


def set_up(folder: Path) -> None:
    """Django, with an empty deployment of its own in `folder`."""
    from staydown.site.keys import fresh_settings

    os.environ.update(fresh_settings(role="platform", country="FR", data=str(folder)))
    os.environ["STAYDOWN_LOG_LEVEL"] = "error"
    os.environ["DJANGO_SETTINGS_MODULE"] = "staydown.site.settings.worker"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


@dataclass(frozen=True)
class Took:
    """How long something took: on the clock, and of the processor (what a machine that does nothing else would show)."""

    clock: float
    processor: float


def timed(act: Callable[[], object], children: bool = False) -> Took:
    """Do something; with `children` the processor's time is that of the programs that it ran."""
    began, before = time.perf_counter(), _processor(children)
    act()
    return Took(time.perf_counter() - began, _processor(children) - before)


def _processor(children: bool) -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def append(acts: int) -> None:
    """Append so many acts, with a signed head for every 5,000 (twice a second at the speed wanted)."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import transaction

    from staydown.journal import actions, sending, tasks

    about, now = ContentType(pk=1), datetime.now(UTC)
    for first in range(0, acts, BATCH):
        facts = [{"case": f"0199-{n:012x}", "item": f"0198-{n:012x}", "nth": n} for n in range(first, first + BATCH)]
        with transaction.atomic():
            actions.record_all([actions.Line(ACTS[n % 4], about, "worker", now, said) for n, said in enumerate(facts)])
        if first % 5000 == 0:
            tasks.sign_head()
    sending.checkpoint()


def verify() -> None:
    """As `staydown verify` does."""
    from staydown.journal import verify

    findings = verify.verify()
    assert findings == [], findings[:3]


def export(path: Path) -> None:
    """As `staydown journal export` does."""
    from staydown.journal import exporting

    exporting.export(path, datetime.now(UTC))


def verify_export(path: Path) -> None:
    """As somebody does who has only the file and Python."""
    done = subprocess.run([sys.executable, "-I", "-S", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def measured(acts: int, folder: Path) -> list[tuple[str, str, str, bool]]:
    """What was done, how fast, what was wanted, and whether it was reached (by the processor's time)."""
    took = timed(lambda: append(acts))
    rows = [(
        f"{acts:,} acts appended, {BATCH} a transaction",
        f"{acts / took.clock:,.0f} a second", f"{acts / took.processor:,.0f} a second",
        f"{WANTED_A_SECOND:,} a second", acts / took.processor >= WANTED_A_SECOND,
    )]  # fmt: skip
    exported = folder / "journal.zip"
    for what, took in (
        ("verified in place (`staydown verify`)", timed(verify)),
        ("exported (`staydown journal export`)", timed(lambda: export(exported))),
        (
            "verified from the export alone (`python3 -I journal.zip`)",
            timed(lambda: verify_export(exported), children=True),
        ),
    ):
        clock, processor = (seconds * 1e6 / acts for seconds in (took.clock, took.processor))
        wanted = f"{WANTED_SECONDS} s" if "verified" in what else ""
        rows.append(
            (
                f"a million {what}",
                f"{clock:.1f} s",
                f"{processor:.1f} s",
                wanted,
                not wanted or processor < WANTED_SECONDS,
            )
        )
    return rows


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--acts", type=int, default=1_000_000)
    args = asked.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core for everything, the database's work too
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="staydown-bench-") as folder:
        set_up(Path(folder))
        rows = measured(args.acts, Path(folder))
    lines = [f"| {what} | {clock} | {processor} | {wanted} |" for what, clock, processor, wanted, _ in rows]
    RESULT.write_text(
        "# The journal\n\nSQLite (WAL, `synchronous=FULL`), one process held to one core of "
        f"{os.cpu_count()}, {platform.machine()}, Python {platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}. "
        f"Measured on {args.acts:,} acts; what is said of a million is that times {1e6 / args.acts:g}. When it began, "
        f"{before:.1f} programs on average wanted the machine's cores: the clock shows that, the processor's own time "
        "does not. Written by `make bench-journal`.\n\n"
        "| what | by the clock | processor | wanted |\n|---|---|---|---|\n" + "\n".join(lines) + "\n",
        encoding="utf-8",
    )
    print(RESULT.read_text(encoding="utf-8"))
    return 0 if all(reached for *_, reached in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
