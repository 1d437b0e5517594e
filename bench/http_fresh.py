"""Whether any of four busy processes ever answers by a bank of a moment ago."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.http_hashes import strangers
from bench.http_house import ROOT, App, House, environment
from bench.http_load import Load, Wire, load, post

PATH = "/api/v1/hashes/check"


@dataclass
class Fresh:
    """Checks that followed a commit, and how many of them were answered as before it; `others`: checks a second that
    the processes answered meanwhile.
    """

    processes: int
    after_banking: int = 0
    missed: int = 0
    after_withdrawal: int = 0
    outlived: int = 0
    others: float = 0


def asking(hashes: list[str], key: str) -> bytes:
    """One call about some hashes."""
    return post(PATH, json.dumps({"hashes": [{"pdq": text, "quality": 100} for text in hashes]}).encode(), key)


def measured(house: House, trials: int, processes: int = 4) -> Fresh:
    """Bank and withdraw so many pictures; after each commit, the very next check of every process is about it."""
    found = Fresh(processes)
    with house.apps(processes) as apps, _busy(apps, house.key) as loads, _banker(house) as banker:
        wires = [Wire(app.port) for app in apps]
        for text in strangers(trials, seed=5):
            _told(banker, f"bank {text}")
            verdicts = _verdicts(wires, asking([text], house.key))
            found.after_banking += len(verdicts)
            found.missed += verdicts.count("allow")
            _told(banker, "withdraw")
            verdicts = _verdicts(wires, asking([text], house.key))
            found.after_withdrawal += len(verdicts)
            found.outlived += len(verdicts) - verdicts.count("allow")
    found.others = processes * sum(len(each.times) for each in loads) / sum(each.seconds for each in loads)
    return found


def _verdicts(wires: list[Wire], request: bytes) -> list[str]:
    """What each process says, all asked at once."""
    said = [""] * len(wires)

    def ask(place: int) -> None:
        said[place] = json.loads(wires[place].ask(request))["answers"][0]["verdict"]

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(wires))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(said), said
    return said


@contextmanager
def _busy(apps: list[App], key: str) -> Iterator[list[Load]]:
    """Each process asked about strangers without a pause, for as long as the block takes."""
    stop, loads = threading.Event(), list[Load]()
    requests = [asking([text], key) for text in strangers(100, seed=6)]

    def ask(port: int) -> None:
        while not stop.is_set():
            loads.append(load(port, requests, 1.0, clients=1))

    threads = [threading.Thread(target=ask, args=(app.port,)) for app in apps]
    for each in threads:
        each.start()
    try:
        yield loads
    finally:
        stop.set()
        for each in threads:
            each.join()


@contextmanager
def _banker(house: House) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "bench.http_banker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    banker = subprocess.Popen(command, cwd=ROOT, env=environment(house.home, 0), **pipes)
    try:
        yield banker
    finally:
        banker.communicate()


def _told(banker: "subprocess.Popen[str]", line: str) -> None:
    """Say a line, and wait until what it asks for is committed."""
    assert banker.stdin
    assert banker.stdout
    banker.stdin.write(line + "\n")
    banker.stdin.flush()
    assert banker.stdout.readline() == "done\n"
