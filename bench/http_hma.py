"""Meta's Hasher-Matcher-Actioner as its documents say to deploy it, from a checkout, over a PostgreSQL of its own.

Tuned in its favour: two workers, one thread for the index in each, its indexer not running beside them, its
production settings, the index loaded before anything is counted.
"""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.ports import free_port

from bench.http_processes import ended, family, seconds

ROOM = Path(__file__).parents[1] / ".bench" / "hma"
RESTING = 0.5  # seconds of a processor in two seconds and twenty answers
SETTINGS = """
DATABASE_URI = {database!r}
PRODUCTION = True
ROLE_HASHER = True
ROLE_MATCHER = True
TASK_INDEX_CACHE = True
INDEX_CACHE_MAX_STALE_SEC = 0
"""
COPY = """
import sys, psycopg2, io
sys.path.insert(0, sys.argv[3])
from bench.http_hashes import known
rows = [row.tobytes().hex() for row in known(int(sys.argv[2]))]
with psycopg2.connect(sys.argv[1]) as connection, connection.cursor() as cursor:
    cursor.execute("INSERT INTO bank (id, name, enabled_ratio) VALUES (1, 'BENCH', 1.0)")
    contents = "".join(f"{n}\\t1\\t1\\n" for n in range(1, len(rows) + 1))
    cursor.copy_expert("COPY bank_content (id, bank_id, disable_until_ts) FROM STDIN", io.StringIO(contents))
    signals = "".join(f"{n}\\tpdq\\t{text}\\n" for n, text in enumerate(rows, 1))
    cursor.copy_expert("COPY content_signal (content_id, signal_type, signal_val) FROM STDIN", io.StringIO(signals))
"""


@dataclass(frozen=True)
class Hma:
    """`build` and `ready` in seconds: its index made of its tables, and loaded by its workers."""

    port: int
    server: int
    build: float
    ready: float

    @property
    def processes(self) -> list[int]:
        """The master and its workers; the database's are not counted, in its favour."""
        return family(self.server)


@contextmanager
def running(checkout: Path, folder: Path, number: int, workers: int = 2) -> Iterator[Hma]:
    """The service, with so many hashes in one bank."""
    source = checkout / "hasher-matcher-actioner" / "src"
    with postgres.server() as database:
        told = folder / "hma_config.py"
        told.write_text(SETTINGS.format(database=database.replace("postgresql://", "postgresql+psycopg2://")))
        paths = f"{source}{os.pathsep}{checkout / 'python-threatexchange'}"
        env = {"PATH": os.environ["PATH"], "OMM_CONFIG": str(told), "OMP_NUM_THREADS": "1", "PYTHONPATH": paths}
        flask = [ROOM / "bin" / "flask", "--app", "OpenMediaMatch.app"]
        _run(
            [*flask, "db", "upgrade", "--directory", "OpenMediaMatch/migrations"],
            source,
            {**env, "MIGRATION_COMMAND": "1"},
        )
        _run([ROOM / "bin" / "python", "-c", COPY, database, str(number), str(Path(__file__).parents[1])], source, env)
        began = time.monotonic()
        _run([*flask, "build_indices"], source, env)
        build, port, began = time.monotonic() - began, free_port(), time.monotonic()
        serve = [
            ROOM / "bin" / "gunicorn",
            "-w",
            str(workers),
            "-b",
            f"127.0.0.1:{port}",
            "OpenMediaMatch.app:create_app()",
        ]
        with (folder / "hma.log").open("w") as log:
            server = subprocess.Popen(serve, cwd=source, env=env, stdout=log, stderr=log)
        try:
            _wait(port, server)
            yield Hma(port, server.pid, build, time.monotonic() - began)
        finally:
            ended(server)


def _run(command: list[Path | str], place: Path, env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command[:4]))}: {done.stderr[-2000:]}")


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until its index is loaded: twenty answers say so, and all its workers, of which each loads its own, then rest."""
    ready, before = 0, seconds(family(server.pid))
    while ready < 20 or seconds(family(server.pid)) - before > RESTING:
        if server.poll() is not None:
            sys.exit("HMA did not start; its last words are in hma.log")
        if ready == 20:
            ready, before = 0, seconds(family(server.pid))
            time.sleep(2)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=60) as answer:
                ready = ready + 1 if answer.status == 200 else 0
        except OSError:
            ready = 0
            time.sleep(1)
