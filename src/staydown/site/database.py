"""The database's settings, from one address."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


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
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: a promise that was acknowledged outlives a power cut, too (decision 8)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
