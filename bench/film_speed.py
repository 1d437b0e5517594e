"""What fingerprints of films cost: seconds of 720p H.264 for each second of one processor, beside PyPI `vpdq`."""

import json
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.films import Film, encoded
from staydown.decoding import film as decoding
from staydown.decoding.frames import Look
from staydown.fingerprints.film import FILM_LIMITS
from staydown.fingerprints.filming import fingerprints
from staydown.fingerprints.passages import passages

PEER = Path(__file__).parent.parent / ".bench" / "vpdq" / "run"  # see bench/vpdq-room
SECONDS = 60.0
REPEATS = 3
ASKED = """
import json, sys, time, vpdq
best = 1e9
for _ in range(3):
    start = time.process_time()
    found = vpdq.computeHash(sys.argv[1], thread_count=1)
    best = min(best, time.process_time() - start)
print(json.dumps([best, [[each.hex, each.quality, each.timestamp] for each in found]]))
"""


@dataclass(frozen=True)
class Speeds:
    """Seconds of film for each second of processor; None where PyPI `vpdq` could not be compiled here."""

    every: float
    keys: float
    peer: float | None
    apart: list[int]
    megabits: float
    matching: float


def measured(film: Film) -> Speeds:
    """The best of three for each, one after the other on the same file: 720p, 24 frames a second, crf 23."""
    data = encoded(film.frames(0, SECONDS), (1280, 720), rate=24)
    seconds = SECONDS / 2  # frames were drawn for twelve a second
    found = fingerprints(data, decoding.every, FILM_LIMITS)
    start = time.process_time()
    passages(found, found)
    matching = time.process_time() - start
    every, keys = (seconds / _least(data, look) for look in (decoding.every, decoding.keys))
    peer = _peer(data)
    return Speeds(every, keys, seconds / peer if peer else None, [], 8e-6 * len(data) / seconds, matching)


def _least(data: bytes, look: Look) -> float:
    """The processor seconds of the quickest of some repeats, in this process: what the sandbox adds is in the pipe."""
    taken = []
    for _ in range(REPEATS):
        start = time.process_time()
        fingerprints(data, look, FILM_LIMITS)
        taken.append(time.process_time() - start)
    return min(taken)


def _peer(data: bytes) -> float | None:
    """The processor seconds that `vpdq` takes for one fingerprint a second on one thread."""
    if not PEER.exists():
        return None
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(data)
        file.flush()
        ended = subprocess.run([PEER, "-c", ASKED, file.name], capture_output=True, check=True, env=dict(os.environ))
    taken: float = json.loads(ended.stdout.splitlines()[-1])[0]
    return taken


def table(speeds: Speeds) -> str:
    """The speeds as Markdown."""
    peer = (
        f"{speeds.peer:.0f} x" if speeds.peer else "not measured: needs FFmpeg's development files, see bench/vpdq-room"
    )
    return (
        f"\n720p H.264, 24 frames a second, {speeds.megabits:.1f} Mbit/s, one thread, in processor time:\n\n"
        "| | times as quick as the film plays |\n|---|---|\n"
        f"| full fingerprints, four a second with crops | **{speeds.every:.0f} x** |\n"
        f"| first look, key frames | **{speeds.keys:.0f} x** |\n"
        f"| PyPI `vpdq`, one a second | {peer} |\n"
    )
