"""A SQLite database with all tables and nothing in them, made once for all tests and copied: to make them takes seconds, and
every house needs them. The story that the README shows, `staydown init` and every PostgreSQL make theirs themselves.
"""

import fcntl
import hashlib
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from staydown.site import serving
from staydown.site.home import Home, create

SOURCES = Path(__file__).parents[1]


def copied_to(home: Home) -> None:
    """Put the tables into a place that has none."""
    home.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(_made(), home.data / "staydown.sqlite3")


def _made() -> Path:
    """The database for these very migrations and packages, beside the packages."""
    digest = hashlib.sha256((SOURCES / "requirements.lock").read_bytes())
    for path in sorted(SOURCES.glob("src/staydown/**/migrations/*.py")):
        digest.update(path.read_bytes())
    made = Path(sys.prefix) / f"tables-{digest.hexdigest()[:16]}.sqlite3"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several test processes one makes it
        if not made.exists():
            _make(made)
    return made


def _make(into: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        create(home, "platform", "FR")
        serving.prepare(home, serving.Places())
        source, half = home.data / "staydown.sqlite3", into.with_suffix(".half")
        with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(half)) as copy:
            whole.backup(copy)
        half.chmod(source.stat().st_mode)
        half.replace(into)
