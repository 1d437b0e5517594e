"""The peers' processes, seen from the bench."""

import json
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

ROOM = Path(__file__).parents[1] / ".bench"
PLACES = {"immaculate": ROOM / "venv"}  # the others: Python 3.11
PEERS = ("threatexchange", "pdqhash", "perception PDQHash", "perception PHash", "imagehash phash", "immaculate")


class Peers:
    """Asks the peers about files, one at a time; each runs on one thread."""

    def __enter__(self) -> "Peers":
        self._running = {place: _start(place) for place in {ROOM / "peers", *PLACES.values()}}
        return self

    def asked(self, task: str, path: Path) -> dict[str, Any]:
        """The answer: `ms` and perhaps `found`, or `error`."""
        child = self._running[PLACES.get(task, ROOM / "peers")]
        if not child.stdin or not child.stdout:
            raise RuntimeError(task)
        child.stdin.write(json.dumps({"task": task, "path": str(path)}) + "\n")
        child.stdin.flush()
        answer: dict[str, Any] = json.loads(child.stdout.readline())
        return answer

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for child in self._running.values():
            child.communicate()


def _start(place: Path) -> subprocess.Popen[str]:
    threads = dict.fromkeys(
        ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OPENCV_FOR_THREADS_NUM", "RAYON_NUM_THREADS"), "1"
    )
    return subprocess.Popen(
        # -P: this folder is not looked in for modules, or our http.py would be taken for Python's own
        [place / "bin" / "python", "-P", Path(__file__).parent / "peers.py"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, env={**os.environ, **threads, "PYTHONPATH": ""},
    )  # fmt: skip
