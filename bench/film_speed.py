"""What fingerprints of films cost: seconds of 720p H.264 for each second of one processor, beside PyPI `vpdq`."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import film_stock as stock
from bench.films import encoded, frames, shots

PEER = Path(__file__).parent.parent / ".bench" / "vpdq" / "run"  # see bench/vpdq-room
SIZE = (1280, 720)
SECONDS, REPEATS = 30.0, 7
FILES = {"24 frames a second, crf 23": (24, 23), "30 frames a second, crf 18": (30, 18)}
OURS = """
import json, sys, time, av
from pathlib import Path
from staydown.decoding import film
from staydown.fingerprints.film import FILM_LIMITS
from staydown.fingerprints.filming import fingerprints
data, taken = Path(sys.argv[1]).read_bytes(), []
for look in (film.keys, film.keys, film.every):
    start = time.process_time()
    fingerprints(data, look, FILM_LIMITS)
    taken.append(time.process_time() - start)
start = time.process_time()
with av.open(sys.argv[1]) as film:
    film.streams.video[0].codec_context.thread_count = 1
    for _ in film.decode(video=0):
        pass
print(json.dumps([*taken[1:], time.process_time() - start]))
"""
ASKED = """
import json, sys, time, vpdq
start = time.process_time()
found = vpdq.computeHash(sys.argv[1], thread_count=1)
print(json.dumps(time.process_time() - start))
"""


@dataclass(frozen=True)
class Speeds:
    """Of one file: seconds of film for each second of processor; None where PyPI `vpdq` could not be compiled here.

    `decoded`: of every frame decoded whole by FFmpeg, and nothing made of it.
    """

    name: str
    megabits: float
    every: float
    keys: float
    decoded: float
    peer: float | None


def measured() -> list[Speeds]:
    """Each file read in all four ways, one after the other, seven times; the least processor time of each counts."""
    return [_measured(name, rate, crf) for name, (rate, crf) in FILES.items()]


def _measured(name: str, rate: int, crf: int) -> Speeds:
    path = stock.STOCK / f"speed-{rate}-{crf}.mp4"
    data = stock.kept(path, lambda: encoded(frames(shots(stock.pictures_of(0), 3, SECONDS), rate, SIZE), crf, rate))
    every: list[float] = []
    keys: list[float] = []
    decoded: list[float] = []
    peer: list[float | None] = []
    for _ in range(REPEATS):
        for taken, some in zip(_ours(path), (keys, every, decoded), strict=True):
            some.append(taken)
        peer.append(_peer(path))
    theirs = [each for each in peer if each]
    return Speeds(
        name, 8e-6 * len(data) / SECONDS, SECONDS / min(every), SECONDS / min(keys),
        SECONDS / min(decoded), SECONDS / min(theirs) if theirs else None,
    )  # fmt: skip


def _ours(path: Path) -> list[float]:
    """The processor seconds of the first look, of the full one, and of decoding alone, in a process that has one thread
    and has seen a film before, as a worker is; what the sandbox adds is a pipe.
    """
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "-c", OURS, path], capture_output=True, check=True, env=alone)
    taken: list[float] = json.loads(ended.stdout)
    return taken


def _peer(path: Path) -> float | None:
    """The processor seconds that `vpdq` takes for one fingerprint a second on one thread."""
    if not PEER.exists():
        return None
    ended = subprocess.run([PEER, "-c", ASKED, path], capture_output=True, check=True)
    taken: float = json.loads(ended.stdout.splitlines()[-1])
    return taken
