"""Database triggers that refuse to change or delete what the journal holds, for any program and any hand on a console.

They are a guard rail, not a lock: who owns the database can drop them. `journal.verify` finds what is done then, and
that they are missing. Erasing is the only change they let pass: salt, actor, about and facts become null together.
"""

from collections.abc import Sequence
from typing import Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

ERASURE_ONLY = """
    OLD.salt IS NOT NULL AND NEW.salt IS NULL AND NEW.actor IS NULL AND NEW.about IS NULL AND NEW.facts IS NULL
    AND NEW."index" = OLD."index" AND NEW.at = OLD.at AND NEW.act = OLD.act
    AND NEW.commitment = OLD.commitment AND NEW.leaf = OLD.leaf"""

NEVER_CHANGED = {
    "journal_head": "a signed tree head",
    "journal_checkpoint": "a checkpoint",
    "journal_vouching": "a proof",
}
TABLES = ("journal_entry", *NEVER_CHANGED)

SQLITE = {
    "journal_entry_only_erased": f"""
        CREATE TRIGGER journal_entry_only_erased BEFORE UPDATE ON journal_entry
        WHEN ({ERASURE_ONLY}) IS NOT TRUE BEGIN SELECT RAISE(ABORT, 'a journal entry does not change'); END""",
    "journal_entry_never_deleted": """
        CREATE TRIGGER journal_entry_never_deleted BEFORE DELETE ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'a journal entry is not deleted'); END""",
} | {
    f"{table}_never_{done}": f"""
        CREATE TRIGGER {table}_never_{done} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, '{named} is not {done}'); END"""
    for table, named in NEVER_CHANGED.items()
    for verb, done in (("UPDATE", "changed"), ("DELETE", "deleted"))
}

POSTGRESQL_FUNCTION = """
    CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation',
    MESSAGE = 'the journal does not change: ' || TG_OP || ' on ' || TG_TABLE_NAME; END $$"""
POSTGRESQL = {
    "journal_entry_only_erased": f"""
        CREATE TRIGGER journal_entry_only_erased BEFORE UPDATE ON journal_entry FOR EACH ROW
        WHEN (({ERASURE_ONLY}) IS NOT TRUE) EXECUTE FUNCTION journal_refuse()""",
    "journal_entry_never_deleted": """
        CREATE TRIGGER journal_entry_never_deleted BEFORE DELETE ON journal_entry FOR EACH ROW
        EXECUTE FUNCTION journal_refuse()""",
    "journal_entry_never_emptied": """
        CREATE TRIGGER journal_entry_never_emptied BEFORE TRUNCATE ON journal_entry
        EXECUTE FUNCTION journal_refuse()""",
} | {
    f"{table}_never_{done}": f"""
        CREATE TRIGGER {table}_never_{done} BEFORE {verb} ON {table} {each} EXECUTE FUNCTION journal_refuse()"""
    for table in NEVER_CHANGED
    for verb, done, each in (("UPDATE OR DELETE", "changed", "FOR EACH ROW"), ("TRUNCATE", "emptied", ""))
}


class UnguardedDatabase(RuntimeError):
    """The journal knows how to guard itself on SQLite and PostgreSQL only."""


class Editor(Protocol):
    """What runs a statement: a cursor, or a migration's schema editor."""

    def execute(self, sql: str) -> object: ...


def triggers(vendor: str) -> dict[str, str]:
    """The triggers on this kind of database, by name. Raises `UnguardedDatabase`."""
    match vendor:
        case "sqlite":
            return SQLITE
        case "postgresql":
            return POSTGRESQL
    raise UnguardedDatabase(UnguardedDatabase.__doc__)


def put(editor: Editor, vendor: str, tables: Sequence[str] = TABLES) -> None:
    """Create the triggers of these tables."""
    if vendor == "postgresql":
        editor.execute(POSTGRESQL_FUNCTION)
    for name, statement in triggers(vendor).items():
        if _table(name) in tables:
            editor.execute(statement)


def lift(editor: Editor, vendor: str, tables: Sequence[str] = TABLES) -> None:
    """Drop the triggers: for taking back the migration, and for tests that empty their database."""
    for name in triggers(vendor):
        if _table(name) in tables:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {_table(name)}" if vendor == "postgresql" else ""))


def _table(trigger: str) -> str:
    """The table that a trigger is named after."""
    return next(table for table in TABLES if trigger.startswith(table))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that are not there, or not as they should be enabled."""
    there = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
    }
    wanted = triggers(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(there[connection.vendor])
        return sorted(set(wanted) - {name for (name,) in cursor.fetchall()})
