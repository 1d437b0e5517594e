"""Who may change the bank while who registers items: nobody slips between a sweep and a registration (decision 11).

A bank change takes the lock alone; registrations share it. So an item is either committed before the change, and the
sweep finds it, or registered after it, and meets the new entry itself. SQLite has one writer at a time anyway.
"""

from django.db import connection

LOCK = 0x57A7D03  # any number, the same everywhere


def _take(function: str) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a bank lock lasts until the end of a transaction: open one first")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [LOCK])


def alone() -> None:
    """Wait until no registration is under way, and keep new ones waiting until this transaction ends."""
    _take("pg_advisory_xact_lock")


def shared() -> None:
    """Wait until no bank change is under way, and keep new ones waiting until this transaction ends."""
    _take("pg_advisory_xact_lock_shared")
