"""The whole database as of one moment, as a stream, while programs write; and back into an empty place.

SQLite: its backup API copies into a file that has lost its name before a byte is in it, so that a kill leaves nothing.
PostgreSQL: pg_dump of an exported snapshot (custom format), read from and written to pipes.
What reviewers look at is left out of both: a backup outlives the decision with which such copies end (decision 5).
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

from staydown.regimes.harms import CHILD_HARMS
from staydown.site.trouble import Trouble

REVIEWED = "evidence_reviewcopy"  # the table whose rows no backup holds
FILE_FORMAT, CHANGES, CHANGES_AGAIN = 18, 24, 92  # places in a SQLite file's header: sqlite.org/fileformat2.html, 1.3
TREE = "SELECT size, root FROM journal_tree WHERE id = 1"
CHILD = ", ".join(f"'{harm.value}'" for harm in sorted(CHILD_HARMS))
EVIDENCE = f"""
WITH RECURSIVE belongs(first, id) AS (
  SELECT id, id FROM cases_case
  UNION ALL SELECT belongs.first, c.joined_into_id FROM belongs JOIN cases_case c ON c.id = belongs.id
  WHERE c.joined_into_id IS NOT NULL)
SELECT e.folder, e.parts, e.sha256, e.record_sha256, MAX(
  CASE WHEN e.kind IN ('item', 'check', 'screenshot') AND (c.minor <> 'no' OR c.harm IN ({CHILD})) THEN 1 ELSE 0 END)
FROM evidence_evidence e JOIN belongs ON belongs.first = e.case_id JOIN cases_case c ON c.id = belongs.id
WHERE e.state = 'sealed' GROUP BY e.id ORDER BY e.id
"""  # noqa: S608  of our own words


@dataclass(frozen=True, slots=True)
class Piece:
    """Where one piece of sealed evidence lies, and what its row says of it. `of_a_child`: media of a child, or maybe."""

    folder: str
    parts: int
    sha256: bytes
    record_sha256: bytes
    of_a_child: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database as of one moment: its content, the journal's size and root in it, and the evidence it names."""

    content: IO[bytes]
    size: int
    root: bytes
    evidence: tuple[Piece, ...]


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
    with os.fdopen(handle, "r+b") as content:
        with closing(sqlite3.connect(name, isolation_level=None)) as copy:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA user_version").fetchone()  # opens the file
            Path(name).unlink()
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20, isolation_level=None)) as source:
                source.execute("BEGIN")
                tree = source.execute(TREE).fetchone()  # of the very moment that is copied
                evidence = source.execute(EVIDENCE).fetchall()
                source.backup(copy)
            _leave_out_what_is_reviewed(copy, content)
        yield _snapshot(content, tree, evidence)


def _leave_out_what_is_reviewed(copy: sqlite3.Connection, content: IO[bytes]) -> None:
    """Delete it, and overwrite where it was. A file without a name can have no write-ahead log beside it: the header is made
    to say that there is none, and that the file changed, so that SQLite reads the header again.
    """
    file = content.fileno()
    changes = int.from_bytes(os.pread(file, 4, CHANGES)) + 1 & 0xFFFFFFFF
    for place, said in (
        (FILE_FORMAT, b"\x01\x01"),
        (CHANGES, changes.to_bytes(4)),
        (CHANGES_AGAIN, changes.to_bytes(4)),
    ):
        os.pwrite(file, said, place)
    if copy.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (REVIEWED,)).fetchone():
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute(f"DELETE FROM {REVIEWED}")  # noqa: S608  our own name


@contextmanager
def _from_postgresql() -> Iterator[Snapshot]:
    dump = _program("pg_dump")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (name,) = cursor.fetchall()[0]
        cursor.execute(TREE)
        tree = cursor.fetchone()
        cursor.execute(EVIDENCE)
        evidence = cursor.fetchall()
        command = [dump, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"]
        command.append(f"--exclude-table-data={REVIEWED}")
        with _running(command, stdout=subprocess.PIPE) as dumped:
            yield _snapshot(dumped, tree, evidence)


def _snapshot(content: IO[bytes], tree: tuple[Any, ...] | None, evidence: list[tuple[Any, ...]]) -> Snapshot:
    size, root = (tree[0], bytes(tree[1])) if tree else (0, b"")
    pieces = (Piece(row[0], row[1], bytes(row[2]), bytes(row[3]), bool(row[4])) for row in evidence)
    return Snapshot(content, size, root, tuple(pieces))


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
