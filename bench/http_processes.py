"""Processes as the bench counts them: who belongs to a server, what it took of the processors, how it is ended."""

import os
import signal
import subprocess
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def family(root: int) -> list[int]:
    """A process and all that it, or one of these, started and that still run."""
    parents = {
        int(stat.parent.name): int(fields[1]) for stat in Path("/proc").glob("[0-9]*/stat") if (fields := _of(stat))
    }
    found = [root]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each]
    return found


def seconds(processes: list[int]) -> float:
    """What some processes took of the processors so far, those among their children included that have ended."""
    return sum(sum(map(int, fields[11:15])) for pid in processes if (fields := _of(Path(f"/proc/{pid}/stat")))) / TICK


def resident(processes: list[int]) -> int:
    """Bytes of memory of some processes; what they share counts for each."""
    pages = [Path(f"/proc/{pid}/statm").read_text().split()[1] for pid in processes if Path(f"/proc/{pid}").exists()]
    return sum(map(int, pages)) * os.sysconf("SC_PAGE_SIZE")


def _of(stat: Path) -> list[str]:
    """The fields of a process from its state on; none when it has ended."""
    try:
        return stat.read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def ended(server: subprocess.Popen[bytes]) -> None:
    """Ask a server of ours to stop, and wait for it."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
