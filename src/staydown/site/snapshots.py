"""The whole database as of one moment, as a stream, while programs write; and back into an empty place.

SQLite: its backup API copies into a file that has lost its name before a byte is in it, so that a kill leaves nothing.
PostgreSQL: pg_dump of an exported snapshot (custom format), read from and written to pipes.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from staydown.site.trouble import Trouble

TREE = "SELECT size, root FROM journal_tree WHERE id = 1"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as of one moment: its content, and the journal's size and root in it."""

    content: IO[bytes]
    size: int
    root: bytes


@contextmanager
def taken() -> Iterator[Snapshot]:
    """A snapshot of the database of the settings. Raises `Trouble` and sqlite3.Error."""
    taking = _from_postgresql if connection.vendor == "postgresql" else _from_sqlite
    with taking() as snapshot:
        yield snapshot


@contextmanager
def _from_sqlite() -> Iterator[Snapshot]:
    path = Path(connection.settings_dict["NAME"])
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".backup-")
    with os.fdopen(handle, "rb") as content:
        with closing(sqlite3.connect(name)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA user_version").fetchone()  # opens the file
            Path(name).unlink()
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20, isolation_level=None)) as source:
                source.execute("BEGIN")
                tree = source.execute(TREE).fetchone()  # of the very moment that is copied
                source.backup(copy)
        yield _snapshot(content, tree)


@contextmanager
def _from_postgresql() -> Iterator[Snapshot]:
    dump = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchall()[0]
        cursor.execute(TREE)
        tree = cursor.fetchone()
        command = [dump, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
        with _running(command, stdout=subprocess.PIPE) as dumped:
            yield _snapshot(dumped, tree)


def _snapshot(content: IO[bytes], tree: tuple[Any, ...] | None) -> Snapshot:
    return Snapshot(content, *((tree[0], bytes(tree[1])) if tree else (0, b"")))


@contextmanager
def filling_postgresql() -> Iterator[IO[bytes]]:
    """Where a dump of `taken` is written to, into the empty database of the settings: all of it or nothing."""
    with connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            raise Trouble("The database of STAYDOWN_DATABASE is not empty. Make a new one for what is restored.")
    name = connection.settings_dict["NAME"]
    connection.close()
    command = [_program("pg_restore"), "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    with _running([*command, f"--dbname={name}"], stdin=subprocess.PIPE) as into, suppress(BrokenPipeError):
        yield into
        into.close()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Trouble(
            f"{name} is not on this machine. Install PostgreSQL's client programs, of the server's version or newer "
            "(Debian: postgresql-client), and run this again."
        )
    return found


@contextmanager
def _running(command: list[str], stdin: int | None = None, stdout: int | None = None) -> Iterator[IO[bytes]]:
    """The pipe to or from a program of PostgreSQL's. Raises `Trouble` with what it said, when it fails.

    It is told in its environment where the database is: the password stands in no list of processes.
    """
    given = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    places = {variable: str(given[name]) for variable, name in named.items() if given[name]}
    with tempfile.TemporaryFile() as said:
        environment = {**os.environ, **places, "LC_ALL": "C"}
        process = subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=said)
        pipe = process.stdin or process.stdout
        try:
            with process:
                if pipe:
                    yield pipe
        except BaseException:
            process.kill()
            process.wait()
            raise
        if process.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines() or ["it said nothing"]
            raise Trouble(f"{Path(command[0]).name} failed: {_first_error(lines)}")


def _first_error(lines: list[str]) -> str:
    return re.sub(r"^\w+: error: ", "", next((line for line in lines if "error" in line), lines[-1]))
