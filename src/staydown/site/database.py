"""The database's settings, from one address."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# What a page asks is small: not worth compiling or sharing out, and its rows lie in memory or on a disk without heads, where
# finding two thousand of them by an index is quicker than reading all that there are.
_SMALL_QUESTIONS = {"jit": "off", "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1"}


class UnknownDatabase(ValueError):
    """STAYDOWN_DATABASE is neither empty (SQLite) nor a postgresql:// address."""


def from_address(address: str, data: Path) -> dict[str, Any]:
    """Django's settings of the database at `address`; empty means SQLite in the folder `data`."""
    if not address:
        return _sqlite(data / "staydown.sqlite3")
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise UnknownDatabase(UnknownDatabase.__doc__)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": " ".join(f"-c {name}={value}" for name, value in _SMALL_QUESTIONS.items())},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: a promise that was acknowledged outlives a power cut, too (decision 8); secure_delete: what is
            # destroyed is zeroed in the file
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;",
        },
    }
