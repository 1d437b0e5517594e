"""A PostgreSQL server of the tests' own, when its programs are on the machine."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

PLACES = [Path("/usr/local/bin"), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, or None."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent, *PLACES] if found else PLACES
    return next((place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()), None)


def _as_nobody() -> dict[str, object]:
    """PostgreSQL refuses to run as root: root lends it a lesser user."""
    if os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return {"user": "postgres" if "postgres" in names else "nobody", "group": "nogroup"}


@contextmanager
def server() -> Iterator[str]:
    """The postgresql:// address of a new, empty database; the server ends with the block."""
    place = programs()
    assert place is not None
    folder = Path(tempfile.mkdtemp(prefix="staydown-pg-"))
    lesser = _as_nobody()
    if lesser:
        shutil.chown(folder, str(lesser["user"]))
    port, data = free_port(), folder / "data"
    # A process that is killed loses nothing without fsync; only a machine that loses its power does.
    run = {"check": True, "capture_output": True, "cwd": folder, **lesser}
    subprocess.run([place / "initdb", "-D", data, "-U", "staydown", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
    options = f"-p {port} -k {folder} -h 127.0.0.1 -c max_connections=60 -c lc_messages=C -c fsync=off"
    start = [place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(start, **{**run, "capture_output": False, "stdout": subprocess.DEVNULL})
    try:
        subprocess.run([place / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "staydown", "staydown"], **run)
        yield f"postgresql://staydown@127.0.0.1:{port}/staydown"
    finally:
        subprocess.run([place / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **{**run, "check": False})
        shutil.rmtree(folder, ignore_errors=True)
